# SPDX-License-Identifier: Apache-2.0
"""Lends rules of this process to a deltaw that it runs: python/bridge/bridge.h has the messages."""
from __future__ import annotations

import array
import contextlib
import json
import mmap
import os
import pathlib
import platform
import shutil
import socket
import struct
import tempfile
import threading
import traceback
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from deltaw.installed import library_of
from deltaw.rules import SIGNALS, Rule, Signals
from deltaw.types import Array

HELLO, PREPARE, MEMORY, UPDATE = 1, 2, 3, 4
OK, INVALID, INTERNAL = 0, 1, 6
DTYPES: dict[int, np.dtype[Any]] = {1: np.dtype("f4"), 2: np.dtype("f8"), 3: np.dtype("u4"), 4: np.dtype("u1")}
RESULT = 0xFFFFFFFF
NAMES = {number: name for name, number in SIGNALS.items()}
HEAD, SIZE, BLOCK, VIEW = (struct.Struct(f"={fields}") for fields in ("II", "Q", "QQQdII", "IIQQQ"))
LIBRARY = "python_bridge.so"
MOST_TEXT = 480  # bytes of an error


class _Instance(threading.Thread):
    """The other end of one instance of a rule."""

    def __init__(self, connection: socket.socket, rules: dict[str, Rule]):
        super().__init__(daemon=True)
        self._socket, self._rules = connection, rules
        self._memory: mmap.mmap | None = None
        self._rule: Rule | None = None
        self._parameters: dict[str, Any] = {}
        self._connection = ""

    def run(self) -> None:
        with self._socket, contextlib.suppress(ConnectionError, EOFError):
            while True:
                self._take()

    def _bytes(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self._socket.recv(size - len(parts))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def _take(self) -> None:
        # The descriptor of a memory comes with the first byte of its message.
        first, ancillary, *_ = self._socket.recvmsg(HEAD.size, socket.CMSG_SPACE(4))
        if not first:
            raise EOFError
        kind, size = HEAD.unpack(first + self._bytes(HEAD.size - len(first)))
        payload = self._bytes(size)
        if kind == MEMORY:
            descriptors = array.array("i")
            for _, _, data in ancillary:
                descriptors.frombytes(data)
            self._memory = mmap.mmap(descriptors[0], SIZE.unpack(payload)[0])
            os.close(descriptors[0])
            return
        try:
            {HELLO: self._hello, PREPARE: self._prepare, UPDATE: self._update}[kind](payload)
            status, text = OK, b""
        except Exception as error:
            status = INVALID if kind == HELLO else INTERNAL
            frame = traceback.extract_tb(error.__traceback__)[-1]
            where = f" ({pathlib.Path(frame.filename).name} line {frame.lineno})"
            text = f"{type(error).__name__}: {error}{where}".encode()[:MOST_TEXT]
        self._socket.sendall(HEAD.pack(status, len(text)) + text)

    def _hello(self, payload: bytes) -> None:
        name, *lines = payload.decode().splitlines()
        self._rule = self._rules[name]
        for line in lines:
            key, _, value = line.split("\t", 2)
            self._parameters[key] = _value(self._rule.parameters[key], value)

    def _prepare(self, payload: bytes) -> None:
        self._connection = payload.decode()

    def _update(self, payload: bytes) -> None:
        _, step, columns, dt, count, _ = BLOCK.unpack_from(payload)
        views: dict[int, Array] = {}
        for k in range(count):
            signal, dtype, rows, cols, offset = VIEW.unpack_from(payload, BLOCK.size + k * VIEW.size)
            views[signal] = np.ndarray((rows, cols), DTYPES[dtype], self._memory, offset, order="F")
        result = views.pop(RESULT)
        for view in views.values():
            view.flags.writeable = False
        shown = Signals(columns=columns, step=step, dt=dt, connection=self._connection,
                        **{NAMES[signal]: view for signal, view in views.items()})
        assert self._rule is not None
        result[...] = self._rule.change(shown, self._parameters, (result.shape[0], result.shape[1]))


def _value(default: Any, text: str) -> Any:
    return text == "1" if isinstance(default, bool) else type(default)(text)


def _accept(listener: socket.socket, rules: dict[str, Rule]) -> None:
    with contextlib.suppress(OSError):  # closed: the comparison has ended
        while True:
            _Instance(listener.accept()[0], rules).start()


@contextlib.contextmanager
def lent(rules: Sequence[Rule], program: str) -> Iterator[list[str]]:
    """The manifest with which `program` finds the rules while the block runs; none without rules."""
    if not rules:
        yield []
        return
    by_id = {rule.id: rule for rule in rules}
    if len(by_id) < len(rules):
        raise ValueError("two rules have one name: " + ", ".join(rule.id for rule in rules))
    with tempfile.TemporaryDirectory(prefix="deltaw-") as name:
        folder = pathlib.Path(name)
        shutil.copy(library_of(program, LIBRARY, "can run no rules of Python"), folder / LIBRARY)
        (folder / "rules.txt").write_text("".join(rule.line() for rule in rules))
        manifest = folder / "python.rule.json"
        manifest.write_text(json.dumps({"schema": 1, "abi": "1.0", "library": LIBRARY,
                                        "build": {"language": f"Python {platform.python_version()}",
                                                  "numpy": np.__version__},
                                        "rules": [rule.manifest() for rule in rules]}))
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.fspath(folder / "socket"))
            listener.listen(64)
            threading.Thread(target=_accept, args=(listener, by_id), daemon=True).start()
            try:
                yield [os.fspath(manifest)]
            finally:
                with contextlib.suppress(OSError):
                    listener.shutdown(socket.SHUT_RDWR)  # accept() ends

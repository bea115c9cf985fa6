# SPDX-License-Identifier: Apache-2.0
"""Where the program is, and what came with it for Python."""
from __future__ import annotations

import os
import pathlib
import shutil

from deltaw.types import Path

def find_program(given: Path | None) -> str:
    """The program given, $DELTAW, or the one on the PATH. Raises FileNotFoundError without any."""
    if given is not None:
        return os.fspath(given)
    found = os.environ.get("DELTAW") or shutil.which("deltaw")
    if found is None:
        raise FileNotFoundError("no program deltaw: put it on the PATH, name it in $DELTAW, or give "
                                "program=")
    return found


def file_of(program: str) -> pathlib.Path:
    return pathlib.Path(shutil.which(program) or program).resolve()


def library_of(program: str, name: str, lacks: str) -> pathlib.Path:
    """A library that comes with a program. Raises FileNotFoundError that says what the program `lacks`
    without it."""
    found = file_of(program).parent.parent / "lib/deltaw" / name
    if not found.is_file():
        raise FileNotFoundError(f"{found}: this deltaw was built or installed without it, and {lacks}")
    return found

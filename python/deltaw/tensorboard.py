# SPDX-License-Identifier: Apache-2.0
"""Learning curves as TensorBoard reads them: files of records, each a message Event in the format of
protocol buffers, framed by lengths and checksums. Neither TensorFlow nor TensorBoard is needed."""
from __future__ import annotations

import functools
import pathlib
import struct
from collections.abc import Iterable, Mapping

Scalars = Mapping[str, float]

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5  # wire types
CRC32C = 0x82F63B78  # Castagnoli's polynomial, its bits reversed


def write_events(file: pathlib.Path, rows: Iterable[tuple[float, int, Scalars]]) -> None:
    """Writes each row (time in seconds since 1970, step, scalars by tag) as one event."""
    with file.open("wb") as out:
        out.write(_record(_field(3, BYTES, b"brain.Event:2")))
        for time, step, scalars in rows:
            values = b"".join(_field(1, BYTES, _field(1, BYTES, tag.encode()) +
                                     _field(2, FIXED32, struct.pack("<f", value)))
                              for tag, value in scalars.items())
            out.write(_record(_field(1, FIXED64, struct.pack("<d", time)) +
                              _field(2, VARINT, _varint(step)) + _field(5, BYTES, values)))


def _varint(number: int) -> bytes:
    parts = bytearray()
    while number > 0x7F:
        parts.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(parts + bytes([number]))


def _field(number: int, wire: int, payload: bytes) -> bytes:
    return _varint(number << 3 | wire) + (_varint(len(payload)) if wire == BYTES else b"") + payload


def _record(message: bytes) -> bytes:
    length = struct.pack("<Q", len(message))
    return length + _checksum(length) + message + _checksum(message)


def _checksum(data: bytes) -> bytes:
    """CRC-32C, rotated and shifted as the format asks, as data may hold checksums themselves."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ _table()[(crc ^ byte) & 0xFF]
    crc ^= 0xFFFFFFFF
    return struct.pack("<I", ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF)


@functools.cache
def _table() -> list[int]:
    table = []
    for entry in range(256):
        for _ in range(8):
            entry = entry >> 1 ^ (CRC32C if entry & 1 else 0)
        table.append(entry)
    return table

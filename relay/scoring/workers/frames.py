"""Messages between a parent and its worker: bytes with a length and a checksum before them.

What a worker sends is read only when both fit, so a worker that lost its mind can't send a pickle that nobody made.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO
from zlib import crc32

__all__ = ["FrameReader", "Garbage", "pack", "read"]

_HEADER = struct.Struct(">4sQI")
_MARK = b"rly1"
LONGEST = 1 << 32
"""Bytes of one message."""


class Garbage(Exception):  # a state of the other side, not an error here
    """What came is no message."""


def pack(payload: bytes) -> bytes:
    """A message with this inside."""
    return _HEADER.pack(_MARK, len(payload), crc32(payload)) + payload


class FrameReader:
    """Cuts what comes in pieces into messages."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that are whole now, in order. Raises `Garbage` where one is none, after those before it."""
        self._held += data
        while len(self._held) >= _HEADER.size:
            length, check = _header(bytes(self._held[: _HEADER.size]))
            end = _HEADER.size + length
            if len(self._held) < end:
                break
            message = _checked(bytes(self._held[_HEADER.size : end]), check)
            del self._held[:end]
            yield message


def read(file: BinaryIO) -> bytes | None:
    """The next message of a file that blocks; None at its end. Raises `Garbage`."""
    head = file.read(_HEADER.size)
    if len(head) < _HEADER.size:
        return None
    length, check = _header(head)
    payload = file.read(length)
    return None if len(payload) < length else _checked(payload, check)


def _header(head: bytes) -> tuple[int, int]:
    mark, length, check = _HEADER.unpack(head)
    if mark != _MARK or length > LONGEST:
        raise Garbage
    return length, check


def _checked(payload: bytes, check: int) -> bytes:
    if crc32(payload) != check:
        raise Garbage
    return payload

"""Messages between a parent and its worker: bytes preceded by their length and a checksum.

A message is unpickled only if both fit, so a worker whose memory is damaged can't send an arbitrary pickle.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO
from zlib import crc32

__all__ = ["FrameReader", "Garbage", "pack", "read"]

_HEADER = struct.Struct(">4sQI")
_MARK = b"rly1"
"""Start of every message, with the version of the format."""
LONGEST = 1 << 32
"""Maximal number of bytes in one message."""


class Garbage(Exception):  # a state of the other side, not an error here
    """The received bytes are no message."""


def pack(payload: bytes) -> bytes:
    """A message with `payload` inside."""
    return _HEADER.pack(_MARK, len(payload), crc32(payload)) + payload


class FrameReader:
    """Cuts a stream that arrives in pieces into messages."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that are complete now, in order. Raises `Garbage` at the first invalid one, after those before
        it."""
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
    """The next message of a blocking file; None at its end. Raises `Garbage` if it is invalid."""
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

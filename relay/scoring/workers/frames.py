"""Messages between a parent and its worker: bytes preceded by their length and a checksum.

A message is unpickled only if its length and checksum fit, so a worker whose memory is damaged can't send an arbitrary
pickle.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO
from zlib import crc32

__all__ = ["FrameReader", "Garbage", "pack", "read"]

_HEADER = struct.Struct(">4sQI")
_MARK = b"rly1"
"""The first bytes of every message; the last one is the version of the format."""
LONGEST = 1 << 32
"""Largest number of bytes in one message."""


class Garbage(Exception):  # a state of the other side, not an error here
    """The received bytes are no message."""


def pack(payload: bytes) -> bytes:
    """The message that contains `payload`, ready to be sent."""
    return _HEADER.pack(_MARK, len(payload), crc32(payload)) + payload


class FrameReader:
    """Cuts a stream into messages. The stream arrives in pieces, which need not end where a message ends."""

    def __init__(self) -> None:
        self._held = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Add `data` to the stream, and yield the contents of the messages that are complete now, in order.

        If a message is invalid, the messages before it are yielded and then `Garbage` is raised.
        """
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
    """The content of the next message in `file`, which blocks until it has arrived; None at the end of the file.

    Raises `Garbage` if the message is invalid.
    """
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

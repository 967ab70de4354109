"""The chain of a log: every line ends with a digest of itself and of the line before.

A line `{..., "chain": "0123456789abcdef"}` holds the first 16 hexadecimal digits of the SHA-256 of the previous line's
digest followed by the line's own JSON without the digest. So a line that was changed, removed, moved or doubled breaks
the chain at its place. A digest is no signature: whoever computes all later digests again can't be found out.
"""

from __future__ import annotations

import hashlib

__all__ = ["seal", "tenure_chain", "unseal"]

_MARK, _END = b',"chain":"', b'"}\n'
_DIGITS = 16
_TAIL = len(_MARK) + _DIGITS + len(_END)


def seal(before: str, body: bytes) -> tuple[bytes, str]:
    """The line for `body`, a JSON object, and its digest. `before` is the digest of the previous line."""
    chain = _digest(before, body)
    return b"".join((body[:-1], _MARK, chain.encode(), _END)), chain


def unseal(before: str, line: bytes) -> tuple[bytes, str] | None:
    """The JSON object in a line, and the line's digest; None if the line does not follow the one with the digest
    `before`."""
    body = line[:-_TAIL] + b"}"
    chain = _digest(before, body)
    return (body, chain) if line.endswith(f',"chain":"{chain}"}}\n'.encode()) else None


def tenure_chain(block: str, generation: int, tenure: int) -> str:
    """The digest before the first line of a running tenure's file. `block` is the digest of the last block of the log
    on which the tenure stands, so that the file fits no other place."""
    return f"{block} g{generation}-t{tenure}"


def _digest(before: str, body: bytes) -> str:
    return hashlib.sha256(before.encode() + body).hexdigest()[:_DIGITS]

"""Where every random number comes from: no other module makes a generator, and there is no global random state.

What is drawn during a trial is drawn by seed: SHA-256 of the canonical JSON of `[trial seed, purpose, generation,
tenure, turn]`, fed to NumPy's PCG64. The condition is not in it, so trials paired by seed share theories and draws.
What must be the same in every trial (the values that a claim is tried at, the points of the bench) is drawn by content:
SHA-256 of texts takes the place of that list.
"""

from __future__ import annotations

import hashlib
import json
import random

import numpy as np

__all__ = ["content_generator", "entropy", "generator", "integer_generator", "plain_generator"]

SEPARATOR = "\x1f"
"""Stands between the texts that are hashed together; ASCII's unit separator, which no source has."""


def entropy(seed: int, purpose: str, generation: int = 0, tenure: int = 0, turn: int = 0) -> int:
    """A 256-bit integer: the same for the same arguments, on any machine."""
    canonical = json.dumps([seed, purpose, generation, tenure, turn], separators=(",", ":"), ensure_ascii=True)
    return int.from_bytes(hashlib.sha256(canonical.encode()).digest(), "big")


def generator(seed: int, purpose: str, generation: int = 0, tenure: int = 0, turn: int = 0) -> np.random.Generator:
    """A fresh generator for one purpose; drawing from it disturbs no other."""
    return integer_generator(entropy(seed, purpose, generation, tenure, turn))


def content_generator(*parts: object, digest_bytes: int = 16) -> np.random.Generator:
    """A generator that depends on `parts` alone, so it is the same in every trial and on every machine. It starts from
    the first `digest_bytes` bytes of their hash, which has 32. Another `digest_bytes` gives other random numbers, so a
    caller that changes it changes results."""
    text = SEPARATOR.join(str(part) for part in parts)
    return integer_generator(int.from_bytes(hashlib.sha256(text.encode()).digest()[:digest_bytes], "big"))


def integer_generator(number: int) -> np.random.Generator:
    """A generator that starts from `number`. The caller draws `number` for this use alone; if it only needs the same
    random numbers every time, any constant will do."""
    return np.random.Generator(np.random.PCG64(number))


def plain_generator(number: int) -> random.Random:
    """A generator of Python's own kind that starts from `number`. It is for code that works without arrays."""
    return random.Random(number)

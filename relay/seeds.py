"""Where every random draw of a trial comes from.

A generator is SHA-256 of the canonical JSON of `[trial seed, purpose, generation, tenure, turn]`, fed to NumPy's PCG64.
The condition is not in it, so trials paired by seed share theories and draws. There is no global random state.
"""

from __future__ import annotations

import hashlib
import json

import numpy as np

__all__ = ["entropy", "generator"]


def entropy(seed: int, purpose: str, generation: int = 0, tenure: int = 0, turn: int = 0) -> int:
    """A 256-bit integer: the same for the same arguments, on any machine."""
    canonical = json.dumps([seed, purpose, generation, tenure, turn], separators=(",", ":"), ensure_ascii=True)
    return int.from_bytes(hashlib.sha256(canonical.encode()).digest(), "big")


def generator(seed: int, purpose: str, generation: int = 0, tenure: int = 0, turn: int = 0) -> np.random.Generator:
    """A fresh generator for one purpose; drawing from it disturbs no other."""
    return np.random.Generator(np.random.PCG64(entropy(seed, purpose, generation, tenure, turn)))

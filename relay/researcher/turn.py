"""What a researcher has at hand while it answers: the bench, a generator of its own, and its allowance of tokens.

Agents import this for a type's name, so it imports nothing that computes: not the bench, nor numpy.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

    from relay.notation.decoding.callees import Callee
    from relay.researcher.bench import Bench

__all__ = ["TurnContext"]


@dataclass(frozen=True)
class TurnContext:
    """Given to an agent for one answer."""

    bench: Bench
    rng: np.random.Generator
    """From the trial's seed and this turn's place in it; nobody else draws from it."""
    max_tokens: int
    """Tokens that the answer may have; a longer one is a lost turn."""
    callees: Callable[[], tuple[Callee, ...]] = tuple
    """What its statements may call, worked out when it is asked for."""

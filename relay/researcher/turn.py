"""What a researcher can use while it answers: the bench, a generator of its own, and its allowance of tokens.

Agents import this module for the name of a type. Therefore it imports nothing that computes: neither the bench nor
numpy.
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
    """The means that an agent gets for one answer."""

    bench: Bench
    rng: np.random.Generator
    """The turn's own generator, derived from the trial's seed, the tenure and the turn. Nothing else draws from it."""
    max_tokens: int
    """Most tokens of the answer; a longer one is a lost turn."""
    callees: Callable[[], tuple[Callee, ...]] = tuple
    """Computes the definitions that statements may call. Most agents don't need them."""

"""Paths: what has to be decided about generic entries before a term has a value, and every way to decide it.

A reading that asks whether polynomials vanish takes an answer from its path: the generic one (they don't) first. All
paths are found by reading again and again, each time with the last generic answer turned round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from relay.checker.referee.arithmetic import Inexpressible

MOST_PATHS = 64

Polynomial = Any
"""A `sympy.polys.rings.PolyElement` over the integers."""


@dataclass(frozen=True, slots=True)
class VanishingFact:
    """All of these polynomials vanish, or not all of them do. None is zero, and there is at least one."""

    polynomials: tuple[Polynomial, ...]
    vanish: bool


@dataclass(slots=True)
class Path:
    """One way through a reading; `script` holds the answers to give first."""

    script: list[bool] = field(default_factory=list)
    facts: list[VanishingFact] = field(default_factory=list)
    truths: dict[str, bool] = field(default_factory=dict)
    """Open truth values that were decided, by name."""
    taken: int = 0

    def vanish(self, polynomials: Sequence[Polynomial]) -> bool:
        """Whether all of these vanish, on this path."""
        asked = {positive(p): None for p in polynomials if p}
        if not asked:
            return True
        if any(p == 1 for p in asked):
            return False
        wanted = tuple(asked)
        zero: set[Polynomial] = set()
        for fact in self.facts:
            if fact.vanish:
                zero.update(fact.polynomials)
            elif set(fact.polynomials) <= set(wanted):
                return False
        if zero.issuperset(wanted):
            return True
        answer = self._answer()
        self.facts.append(VanishingFact(wanted, answer))
        return answer

    def truth(self, name: str) -> bool:
        """The truth value of that name, on this path."""
        if name not in self.truths:
            self.truths[name] = self._answer()
        return self.truths[name]

    def _answer(self) -> bool:
        if self.taken == len(self.script):
            self.script.append(False)
        self.taken += 1
        return self.script[self.taken - 1]


def positive(polynomial: Polynomial) -> Polynomial:
    """It or its negative, whichever has a positive leading coefficient."""
    return -polynomial if polynomial.LC < 0 else polynomial


def every_path(read: Callable[[Path], Any]) -> Iterator[tuple[Path, Any]]:
    """Each path with what `read` gives on it. Raises `Inexpressible` where there are too many."""
    script: list[bool] = []
    for _ in range(MOST_PATHS):
        path = Path(script)
        yield path, read(path)
        script = path.script[: path.taken]
        while script and script[-1]:
            script.pop()
        if not script:
            return
        script[-1] = True
    raise Inexpressible("too many cases to tell apart")

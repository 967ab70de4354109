"""Paths: the decisions about generic entries that one evaluation of a term needs, and all ways to make them.

If an evaluation has to know whether some polynomials vanish, its path gives the answer. The generic answer is tried
first: not all of them vanish. `every_path` finds all paths by evaluating repeatedly. Each time, the last generic answer
is reversed, and everything after it is decided anew (depth-first search).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from relay.checker.referee.arithmetic import Inexpressible

MOST_PATHS = 64
"""Largest number of paths of one term."""

Polynomial = Any
"""A `sympy.polys.rings.PolyElement` over the integers."""


@dataclass(frozen=True, slots=True)
class VanishingFact:
    """A decision: either all of `polynomials` vanish, or not all of them do.

    There is at least one polynomial, and none of them is the zero polynomial.
    """

    polynomials: tuple[Polynomial, ...]
    vanish: bool


@dataclass(slots=True)
class Path:
    """The decisions of one evaluation."""

    script: list[bool] = field(default_factory=list)
    """All answers, in order. The evaluation first gets those that stand here at the start; new ones are appended."""
    facts: list[VanishingFact] = field(default_factory=list)
    """The decisions about polynomials, in order."""
    truths: dict[str, bool] = field(default_factory=dict)
    """Name of an open truth value -> the decision about it."""
    taken: int = 0
    """The number of answers given so far."""

    def vanish(self, polynomials: Sequence[Polynomial]) -> bool:
        """Return whether all of these polynomials vanish on this path.

        Adds a decision only if the earlier ones leave the answer open.
        """
        # A dict keeps the order, so that paths are the same in every run; `p` and `-p` are one question.
        asked = {positive(p): None for p in polynomials if p}
        if not asked:
            return True
        if any(p == 1 for p in asked):
            return False  # other numbers stay open: they vanish in some characteristics
        wanted = tuple(asked)
        zero: set[Polynomial] = set()
        for fact in self.facts:
            if fact.vanish:
                zero.update(fact.polynomials)
            elif set(fact.polynomials) <= set(wanted):
                return False  # one of them is already known not to vanish
        if zero.issuperset(wanted):
            return True
        answer = self._answer()
        self.facts.append(VanishingFact(wanted, answer))
        return answer

    def truth(self, name: str) -> bool:
        """Return the open truth value `name` on this path."""
        if name not in self.truths:
            self.truths[name] = self._answer()
        return self.truths[name]

    def _answer(self) -> bool:
        if self.taken == len(self.script):
            self.script.append(False)
        self.taken += 1
        return self.script[self.taken - 1]


def positive(polynomial: Polynomial) -> Polynomial:
    """Return the polynomial or its negative, so that the leading coefficient is positive."""
    return -polynomial if polynomial.LC < 0 else polynomial


def every_path(read: Callable[[Path], Any]) -> Iterator[tuple[Path, Any]]:
    """Yield each path with the result of `read` on it. Raises `Inexpressible` if there are more than `MOST_PATHS`."""
    script: list[bool] = []
    for _ in range(MOST_PATHS):
        path = Path(script)
        yield path, read(path)
        # Backtrack: drop the answers that were reversed already, then reverse the last generic one.
        script = path.script[: path.taken]
        while script and script[-1]:
            script.pop()
        if not script:
            return
        script[-1] = True
    raise Inexpressible("too many paths")

"""The characteristics that a statement's own constants ask for, and what it compares with zero."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from relay.checker.cutoffs.compared_constants import Meetings
from relay.checker.fields import divisors
from relay.checker.generic.elimination import Eliminated, roots_in, roots_in_square
from relay.notation.dependencies import terms_within
from relay.notation.syntax import Apply, Claim, Definition

MOST_PRIMES = 24
"""Characteristics that one statement is tried in because it asks for them."""
MOST_MET = 8
"""Further ones that it is tried in because polynomials that it compares meet there."""
MOST_EXTENDED = 4
"""Those of them, smallest and largest first, that extensions are tried of."""
ALWAYS_EXTENDED = (2, 3)
LARGEST_UNASKED = 127
"""The largest characteristic that is tried without being asked for."""


@dataclass(frozen=True, slots=True)
class Characteristics:
    """Primes, increasing, as many of them as are tried."""

    dividing: tuple[int, ...]
    """They divide a constant of the claim, or a coefficient of a polynomial that it compares with zero."""
    meeting: tuple[int, ...]
    """Others, in which such polynomials vanish together."""
    named: tuple[int, ...]
    """They divide a constant that is a scalar. All of them."""
    extended: tuple[int, ...]
    """Those of `named` that extensions are tried of."""
    factors: tuple[tuple[int, ...], ...]
    """Polynomials whose roots are values at which something turns, as in `Eliminated`."""
    untried: str
    """What is not tried, in words, or nothing."""

    def roots(self) -> list[tuple[int, tuple[int, ...]]]:
        """The roots of `factors` in each prime field of characteristic 5 to 2^31. A random value in a larger one of
        these fields is hardly ever where anything turns."""
        return [(p, roots_in(p, self.factors)) for p in self._larger if p < 2**31]

    def roots_in_squares(self) -> list[tuple[int, tuple[tuple[int, int], ...]]]:
        """Their further roots in the squares of these fields, up to characteristic 2^30."""
        return [(p, roots_in_square(p, self.factors)) for p in self._larger if p < 2**30]

    @property
    def _larger(self) -> list[int]:
        return [p for p in sorted({*self.dividing, *self.meeting}) if p > 3]


def characteristics(read: Meetings, solved: Eliminated) -> Characteristics:
    """What a statement asks for in which these constants were read, and whose polynomials say so much."""
    found, named = divisors(read.numbers | solved.coefficients), divisors(read.scalars)
    dividing = ends(found.primes, MOST_PRIMES)
    meeting = ends([p for p in divisors(solved.resultants).primes if p not in dividing], MOST_MET)
    untried = ""
    if found.missing:
        untried = "a constant in it could not be factored"
    elif len(found.primes) > MOST_PRIMES or len(named.primes) > MOST_EXTENDED * 3:
        untried = "more characteristics divide its constants than are tried"
    return Characteristics(dividing, meeting, named.primes, ends(named.primes, MOST_EXTENDED), solved.factors, untried)


def extended_characteristics(asked: Characteristics, met: Collection[int]) -> list[int]:
    """Characteristics that extensions are tried of: those that are named; those in which a hypothesis was met, `met`,
    where it was met in no large one, for it may force one without naming it, as `x != 0 and x == -x` does; and 2 and
    3, which conditions inside of a claim force without naming them most often."""
    known = sorted(met)
    forced = known[:MOST_EXTENDED] if known and known[0] > 0 and known[-1] <= LARGEST_UNASKED else []
    return sorted({*ALWAYS_EXTENDED, *forced, *asked.extended})


def conjugates(claim: Claim, definitions: Mapping[str, Definition]) -> bool:
    """Whether the involution occurs in what is said."""
    terms = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
    return any(isinstance(term, Apply) and term.op == "conj" for term in terms_within(terms, definitions))


def ends(primes: Sequence[int], most: int) -> tuple[int, ...]:
    """The smallest and the largest of them, `most` altogether."""
    return tuple(primes) if len(primes) <= most else (*primes[: most // 2], *primes[-(most // 2) :])

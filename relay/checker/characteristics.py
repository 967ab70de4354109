"""The characteristics in which a statement is tried because of its constants, or because of polynomials that it
compares with zero."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from relay.checker.cutoffs.compared_constants import Meetings
from relay.checker.fields import divisors
from relay.checker.generic.elimination import Eliminated, roots_in, roots_in_square
from relay.notation.dependencies import terms_within
from relay.notation.syntax import Apply, Claim, Definition

MOST_PRIMES = 24
"""At most so many prime divisors of a statement's constants are tried as characteristics."""
MOST_MET = 8
"""At most so many further characteristics are tried: those in which polynomials that the statement compares with zero
vanish together."""
MOST_EXTENDED = 4
"""Extension fields are tried for at most so many named characteristics: the smallest and the largest ones."""
ALWAYS_EXTENDED = (2, 3)
LARGEST_UNASKED = 127
"""The largest characteristic that is tried although nothing in the statement points to it."""


@dataclass(frozen=True, slots=True)
class Characteristics:
    """The characteristics to try for one statement.

    Every tuple of primes is in increasing order. Unless its docstring says otherwise, it holds the primes that are
    tried, not all that exist."""

    dividing: tuple[int, ...]
    """Primes that divide a constant of the claim, or a coefficient of a polynomial that it compares with zero."""
    meeting: tuple[int, ...]
    """Other primes: in these characteristics, polynomials that the claim compares with zero vanish together."""
    named: tuple[int, ...]
    """All primes that divide a scalar constant of the claim, whether they are tried or not."""
    extended: tuple[int, ...]
    """The members of `named` for which extension fields are tried."""
    factors: tuple[tuple[int, ...], ...]
    """Polynomials at whose roots a comparison may change (`Eliminated.factors`)."""
    untried: str
    """Why some characteristics that should be tried are not tried, in words. Empty if there are none."""

    def roots(self) -> list[tuple[int, tuple[int, ...]]]:
        """Returns pairs of a characteristic p and the roots of `factors` in GF(p), for each p from 5 to 2^31 in
        `dividing` or `meeting`.

        Stages draw these roots on purpose, because in a large field a random value is hardly ever a root."""
        return [(p, roots_in(p, self.factors)) for p in self._larger if p < 2**31]

    def roots_in_squares(self) -> list[tuple[int, tuple[tuple[int, int], ...]]]:
        """Returns pairs of a characteristic p and those roots of `factors` that lie in GF(p^2) but not in GF(p), for
        each p from 5 to 2^30 in `dividing` or `meeting`."""
        return [(p, roots_in_square(p, self.factors)) for p in self._larger if p < 2**30]

    @property
    def _larger(self) -> list[int]:
        # GF(2), GF(3) and their extensions are exhausted or have stages of their own
        return [p for p in sorted({*self.dividing, *self.meeting}) if p > 3]


def characteristics(read: Meetings, solved: Eliminated) -> Characteristics:
    """Returns the characteristics to try for a statement. `read` holds the constants of the statement, and `solved` the
    numbers and polynomials that eliminating unknowns led to."""
    found, named = divisors(read.numbers | solved.coefficients), divisors(read.scalars)
    dividing = ends(found.primes, MOST_PRIMES)
    # primes that are tried already must not use up the places of others
    meeting = ends([p for p in divisors(solved.resultants).primes if p not in dividing], MOST_MET)
    untried = ""
    if found.missing:
        untried = "a constant in it could not be factored"
    elif len(found.primes) > MOST_PRIMES or len(named.primes) > MOST_EXTENDED * 3:
        # up to three times `MOST_EXTENDED` named primes may go without all their extensions; the prime fields are tried
        untried = "more characteristics divide its constants than are tried"
    return Characteristics(dividing, meeting, named.primes, ends(named.primes, MOST_EXTENDED), solved.factors, untried)


def extended_characteristics(asked: Characteristics, met: Collection[int]) -> list[int]:
    """Returns the characteristics whose extension fields are tried: `asked.extended`, 2 and 3, and possibly some of
    `met`.

    `met` holds the characteristics in which the hypothesis was satisfied. If all of them are small and none is 0, the
    hypothesis may force a characteristic without naming it, as `x != 0 and x == -x` does. In that case, the smallest
    ones of `met` are added."""
    known = sorted(met)
    # characteristic 0 in `met` means that the hypothesis forces none
    forced = known[:MOST_EXTENDED] if known and known[0] > 0 and known[-1] <= LARGEST_UNASKED else []
    return sorted({*ALWAYS_EXTENDED, *forced, *asked.extended})


def conjugates(claim: Claim, definitions: Mapping[str, Definition]) -> bool:
    """Whether `conj` occurs in the claim or in a definition that it rests on."""
    terms = [claim.body] if claim.hypothesis is None else [claim.hypothesis, claim.body]
    return any(isinstance(term, Apply) and term.op == "conj" for term in terms_within(terms, definitions))


def ends(primes: Sequence[int], most: int) -> tuple[int, ...]:
    """Returns all `primes` if there are at most `most`. Otherwise returns the first and the last of them, `most // 2`
    each."""
    return tuple(primes) if len(primes) <= most else (*primes[: most // 2], *primes[-(most // 2) :])

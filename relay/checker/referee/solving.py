"""Decides whether some field has values at which some polynomials vanish and others don't.

1. Polynomials over the integers stand for all fields at once.
2. An equation with several irreducible factors is split: one of the factors vanishes.
3. An equation that is linear in an indeterminate is solved for it.
4. A number vanishes exactly in the fields whose characteristic divides it.
5. If one irreducible equation is left, it has a generic point, which decides the rest. If more are left, the answer is
   unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

from sympy import GF, QQ, ZZ, factorint
from sympy.polys.polyerrors import PolynomialError

from relay.checker.referee.paths import Polynomial, VanishingFact
from relay.checker.referee.symbolic import conjugated

MOST_DEPTH = 24
"""Largest number of steps from the first system to one that follows from it."""
MOST_STEPS = 250
"""Largest number of systems for one call of `satisfiable`."""
MOST_TERMS = 800
"""Largest number of terms that all polynomials factored in one call of `satisfiable` have together."""
MOST_FACTORED = 30
"""Largest number of terms, and largest total degree, of a polynomial that is factored."""
MOST_BITS = 64
"""Largest number of bits of a number that is factored."""
MOST_LENGTH = 2_000
"""Largest number of terms of a polynomial after a substitution."""


class Solvability(Enum):
    """Whether some field has values that solve a system."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Solution:
    """How a system was solved."""

    solved: tuple[tuple[int, Polynomial, Polynomial], ...] = ()
    """The solved indeterminates: index, numerator and denominator, which are polynomials in the others. The last one
    solved comes first."""
    characteristic: int = 0
    """The characteristic of the field; 0 if the solution needs none in particular."""
    rational: bool = True
    """Whether the free indeterminates may take any rational values at which the denominators and the polynomials that
    must not vanish are nonzero. False if a generic point was used."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer. If it is yes, `solution` says how the system was solved."""

    answer: Solvability
    solution: Solution = Solution()


_NO, _UNKNOWN = Found(Solvability.NO), Found(Solvability.UNKNOWN)


@dataclass(slots=True)
class _Budget:
    """The work that one call of `satisfiable` may still take. All its systems share it."""

    steps: int = MOST_STEPS
    """Number of systems that may still be decided."""
    terms: int = MOST_TERMS
    """Number of terms, of all polynomials together, that may still be factored."""


@dataclass(frozen=True, slots=True)
class _System:
    """Polynomials that must vanish, and groups of polynomials that must not vanish all at once."""

    equations: tuple[Polynomial, ...]
    """All of these must vanish."""
    others: tuple[tuple[Polynomial, ...], ...]
    """In each group, at least one polynomial must not vanish."""
    budget: _Budget
    solution: Solution = Solution()
    depth: int = 0

    @property
    def domain(self) -> Any:
        polynomials = [*self.equations, *(p for group in self.others for p in group)]
        return polynomials[0].ring.domain if polynomials else QQ


def satisfiable(facts: Sequence[VanishingFact], paired: bool) -> Found:
    """Return whether all facts hold together in some field with some involution.

    If `paired`, the indeterminate after that of an entry is the entry's conjugate. The answer is no only if all
    facts hold together in no field with any involution. It is yes only if they do with the trivial involution, or if
    none of them says that polynomials vanish.
    """
    equations = tuple(p for fact in facts if fact.vanish for p in fact.polynomials)
    others = tuple(fact.polynomials for fact in facts if not fact.vanish)
    if not equations:
        # No polynomial is zero, so that none vanishes at the indeterminates of the field of rational functions.
        return Found(Solvability.YES)
    budget = _Budget()
    own = _System(equations, others, budget)
    if paired:
        plain = _System(tuple(map(_unpaired, equations)), tuple(tuple(map(_unpaired, g)) for g in others), budget)
        own = replace(own, equations=(*equations, *map(conjugated, equations)))
    else:
        plain = own
    # Over the rationals first: only such a solution can become a printed counterexample.
    rational = _solve(_over(plain, QQ))
    if rational.answer is Solvability.YES:
        return rational
    found = _solve(plain)
    if found.answer is Solvability.YES:
        return found
    # With conjugates as independent indeterminates, a solution need not respect an involution: only a no counts.
    if paired:
        found = _solve(own)
    return found if found.answer is Solvability.NO else _UNKNOWN


def _unpaired(polynomial: Polynomial) -> Polynomial:
    """Return the polynomial with every conjugate replaced by the entry itself (the trivial involution)."""
    ring = polynomial.ring
    terms: dict[tuple[int, ...], Any] = {}
    for powers, coefficient in polynomial.iterterms():
        key = tuple(e for k in range(0, len(powers), 2) for e in (powers[k] + powers[k + 1], 0))
        terms[key] = terms.get(key, 0) + coefficient
    return ring.from_dict({key: c for key, c in terms.items() if c})


def _over(system: _System, domain: Any) -> _System:
    """Return the system with coefficients in another domain."""

    def change(polynomial: Polynomial) -> Polynomial:
        return polynomial.set_ring(polynomial.ring.clone(domain=domain))

    return replace(
        system,
        equations=tuple(map(change, system.equations)),
        others=tuple(tuple(map(change, group)) for group in system.others),
    )


def _solve(system: _System) -> Found:
    """Decide a system, by recursion over simpler ones."""
    system.budget.steps -= 1  # the budget is shared, although the systems themselves are frozen
    if system.depth > MOST_DEPTH or system.budget.steps < 0:
        return _UNKNOWN
    domain = system.domain
    equations = tuple(dict.fromkeys(p for p in system.equations if p))
    others = []
    for group in system.others:
        kept = tuple(p for p in group if p)
        if not kept:
            return _NO  # all polynomials of the group became zero
        if not any(_unit(p, domain) for p in kept):
            others.append(kept)
    system = replace(system, equations=equations, others=tuple(others), depth=system.depth + 1)
    if any(_unit(p, domain) for p in equations):
        return _NO
    if not equations:
        return Found(Solvability.YES, system.solution)
    constants = [p for p in equations if p.is_ground]
    if constants:  # only over the integers: a number that is no unit vanishes if the characteristic divides it
        return _in_characteristics(system, int(constants[0].LC))
    return _split(system) or _eliminated(system) or _left(system)


def _unit(polynomial: Polynomial, domain: Any) -> bool:
    """Return whether a polynomial is a number that vanishes in no field."""
    return bool(polynomial.is_ground) and (domain != ZZ or abs(int(polynomial.LC)) == 1)


def _in_characteristics(system: _System, number: int) -> Found:
    """Decide whether a system has a solution in some characteristic that divides `number`."""
    if abs(number).bit_length() > MOST_BITS:
        return _UNKNOWN
    primes = sorted(int(p) for p in factorint(abs(number)))
    solution = system.solution
    return _any(
        _solve(replace(_over(system, GF(p, symmetric=False)), solution=replace(solution, characteristic=p)))
        for p in primes
    )


def _any(branches: Iterable[Found]) -> Found:
    """Return the first branch that is a yes; no if all are a no; otherwise unknown."""
    unknown = False
    for found in branches:
        if found.answer is Solvability.YES:
            return found
        unknown = unknown or found.answer is Solvability.UNKNOWN
    return _UNKNOWN if unknown else _NO


def _split(system: _System) -> Found | None:
    """Decide a system with a reducible equation. For each factor, there is a branch in which this factor vanishes.

    Returns None if all equations are irreducible.
    """
    # Factors that are known not to vanish need no branch.
    known = {p for group in system.others if len(group) == 1 for p in _factors(group[0], system.budget)}
    for k, equation in enumerate(system.equations):
        factors = _factors(equation, system.budget)
        if factors != [equation] or equation in known:
            rest = system.equations[:k] + system.equations[k + 1 :]
            return _any(_solve(replace(system, equations=(*rest, f))) for f in factors if f not in known)
    return None


def _factors(polynomial: Polynomial, budget: _Budget) -> list[Polynomial]:
    """Return the distinct irreducible factors; the last one may be a number that is no unit.

    If the polynomial is too long, or has several indeterminates over a finite field, it is returned unfactored.
    """
    ring = polynomial.ring
    modular = ring.domain not in (QQ, ZZ)
    if polynomial.is_ground or (modular and ring.ngens > 1):
        return [polynomial]
    if len(polynomial) > min(MOST_FACTORED, budget.terms) or _degree(polynomial) > MOST_FACTORED:
        return [polynomial]
    budget.terms -= len(polynomial)
    try:
        content, factors = polynomial.factor_list()
    except (PolynomialError, NotImplementedError):
        return [polynomial]
    numbers = [ring.ground_new(abs(int(content)))] if ring.domain == ZZ and abs(int(content)) > 1 else []
    return [factor for factor, _ in factors] + numbers


def _degree(polynomial: Polynomial) -> int:
    """Return the total degree."""
    return max(int(sum(powers)) for powers in polynomial.itermonoms())


def _eliminated(system: _System) -> Found | None:
    """Decide a system by solving an equation `c x + r == 0` that is linear in an indeterminate x.

    There are two branches: c does not vanish and `x == -r / c`, or c and r both vanish. The cheapest equation is taken:
    one whose c is a unit, else one with a short c. Returns None if no equation is linear in an indeterminate.
    """
    domain = system.domain
    best: tuple[int, int, int, Polynomial, Polynomial] | None = None
    for k, equation in enumerate(system.equations):
        for x in range(equation.ring.ngens):
            parts = _linear(equation, x)
            if parts is None:
                continue
            cost = 0 if _unit(parts[0], domain) else len(parts[0])
            if best is None or (cost, len(equation)) < (best[0], len(system.equations[best[1]])):
                best = (cost, k, x, *parts)
    if best is None:
        return None
    _, k, x, slope, rest = best
    left = system.equations[:k] + system.equations[k + 1 :]
    put = [_put(p, x, slope, rest) for p in left]
    groups = [tuple(_put(p, x, slope, rest) for p in group) for group in system.others]
    if any(p is None for p in put) or any(p is None for group in groups for p in group):
        return _UNKNOWN
    solution = replace(system.solution, solved=((x, -rest, slope), *system.solution.solved))
    solved = replace(system, equations=tuple(put), others=(*groups, (slope,)), solution=solution)
    if _unit(slope, domain):
        return _solve(solved)
    return _any(_solve(s) for s in (solved, replace(system, equations=(*left, slope, rest))))


def _linear(polynomial: Polynomial, x: int) -> tuple[Polynomial, Polynomial] | None:
    """Return `(c, r)` for a polynomial `c x + r`, where x is indeterminate number `x`; None if it has no such form."""
    slope: dict[tuple[int, ...], Any] = {}
    rest: dict[tuple[int, ...], Any] = {}
    for powers, coefficient in polynomial.iterterms():
        if powers[x] > 1:
            return None
        if powers[x]:
            slope[(*powers[:x], 0, *powers[x + 1 :])] = coefficient
        else:
            rest[powers] = coefficient
    ring = polynomial.ring
    return (ring.from_dict(slope), ring.from_dict(rest)) if slope else None


def _put(polynomial: Polynomial, x: int, slope: Polynomial, rest: Polynomial) -> Polynomial | None:
    """Return the polynomial at `x = -rest / slope`, times the power of `slope` that clears denominators.

    Returns None if the result is too long.
    """
    ring = polynomial.ring
    by_power: dict[int, dict[tuple[int, ...], Any]] = {}
    for powers, coefficient in polynomial.iterterms():
        by_power.setdefault(powers[x], {})[(*powers[:x], 0, *powers[x + 1 :])] = coefficient
    top = max(by_power, default=0)
    # Bound the length of the products before they are computed.
    if top > 12 or len(slope) ** top * len(polynomial) > MOST_LENGTH or len(rest) ** top > MOST_LENGTH:
        return None
    total = ring.zero
    for power, terms in by_power.items():
        product = ring.from_dict(terms)
        for factor in (-rest,) * power + (slope,) * (top - power):
            product *= factor
        total += product
    return total if len(total) <= MOST_LENGTH else None


def _left(system: _System) -> Found:
    """Decide a system of irreducible equations that are linear in no indeterminate."""
    if len(system.equations) > 1:
        return _UNKNOWN
    (equation,) = system.equations
    yes = Found(Solvability.YES, replace(system.solution, rational=False))
    if not system.others:
        return yes  # the equation is no number, so it has a zero over an algebraically closed field
    if system.domain not in (QQ, ZZ) or _factors(equation, system.budget) != [equation]:
        return _UNKNOWN
    # At the generic point of an irreducible equation, exactly its multiples vanish. Over the integers, too: an
    # irreducible equation that is no number generates a prime ideal that contains no number except 0 (Gauss).
    if len(equation) > min(MOST_FACTORED, system.budget.terms):
        return _UNKNOWN  # it was not factored
    (equation,) = (system := _over(system, QQ)).equations
    return _NO if any(all(not p.rem([equation]) for p in group) for group in system.others) else yes

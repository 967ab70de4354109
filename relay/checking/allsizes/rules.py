"""Equations that are given, used from left to right on sums: where one of their monomials stands in a monomial, the
others take its place, as long as that makes it smaller."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from relay.checking.allsizes.letters import letter
from relay.checking.allsizes.monomials import Factor, Flip, GiveUp, Key, Monomial, inside
from relay.checking.allsizes.sizes import ONE, ZERO, Size
from relay.checking.allsizes.sums import Algebra, Sum
from relay.checking.allsizes.values import Zero

MOST_RULES = 48
MOST_STEPS = 400
MOST_PATTERN = 8
"""Factors that a monomial which is looked for may have, repetitions counted."""

Copies = list[Factor]


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` may be replaced by `rest`, for all values of the indices in `free`."""

    pattern: Monomial
    copies: tuple[Factor, ...]
    """The factors of the pattern, each as often as it occurs."""
    rest: tuple[tuple[int, Monomial], ...]
    free: tuple[int, ...]
    level: tuple[int, int]
    """Bound indices and degree of the pattern."""


class Rules:
    """What is given, ready to be used."""

    def __init__(self, algebra: Algebra) -> None:
        self._algebra = algebra
        self._rules: list[Rule] = []

    def learn(self, equations: Sequence[Zero]) -> None:
        """Take some equations as given. Exchanges of indices come first, since they change every normal form."""
        left = [e for e in equations if not self._flip(e)]
        for equation in left:
            again = Zero(self._algebra.add(equation.sum), equation.free)
            for derived in self._derived(again):
                self._add(derived)

    def extend(self, other: Rules) -> None:
        """Take over what is given there."""
        self._rules += other._rules

    def _flip(self, equation: Zero) -> bool:
        """Whether the equation says what exchanging the indices of a matrix does; it is noted then."""
        algebra = self._algebra
        if len(equation.sum) != 2 or len(equation.free) != 2:
            return False
        (c, one), (d, two) = equation.sum.values()
        if abs(c) != 1 or abs(d) != 1 or one.bound or two.bound or len(one.powers) != 1 or len(two.powers) != 1:
            return False
        (f, e), (g, h) = one.powers[0], two.powers[0]
        if (e, h) != (ONE, ONE) or f.kind != "entry" or g.kind != "entry" or f.head != g.head or len(f.indices) != 2:
            return False
        if f.indices != g.indices[::-1] or set(f.indices) != set(equation.free) or f.head in algebra.flips:
            return False
        if len({algebra.domains[i] for i in equation.free}) != 1:
            return False
        algebra.flips[f.head] = Flip(-c * d, f.conj != g.conj)
        return True

    def _add(self, equation: Zero) -> None:
        monomials = list(equation.sum.values())
        for k, (c, monomial) in enumerate(monomials):
            copies = _copies(monomial)
            if abs(c) != 1 or copies is None or not copies or len(copies) > MOST_PATTERN:
                continue
            level = (len(monomial.bound), monomial.degree)
            others = [(-c * d, m) for n, (d, m) in enumerate(monomials) if n != k]
            if any((len(m.bound), m.degree) > level for _, m in others):
                continue
            told = {index for f in copies for index in f.indices}
            asked = {index for _, m in others for f, _ in m.powers for index in f.indices}
            if (asked & set(equation.free)) - told:
                continue
            if len(self._rules) < MOST_RULES:
                self._rules.append(Rule(monomial, tuple(copies), tuple(others), equation.free, level))

    # --- what follows ------------------------------------------------------------------------------------------------

    def _derived(self, equation: Zero) -> Iterator[Zero]:
        """The equation, its conjugate, and what follows from it for square matrices: `X Y == 1` gives `Y X == 1`, and
        equal words have equal determinants."""
        algebra = self._algebra
        yield equation
        conjugate = algebra.conj(equation.sum)
        if conjugate.keys() != equation.sum.keys():
            yield Zero(conjugate, equation.free)
        words = self._words(equation)
        if words is None:
            return
        (one, sign), (two, _) = words
        size = algebra.domains[equation.free[0]]
        for word, other in ((one, two), (two, one)):
            if not other and len(word) > 1:
                for turn in range(1, len(word)):
                    turned = self._product(word[turn:] + word[:turn], equation.free)
                    unit = algebra.factor(Factor("equal", "", False, (equation.free[0], equation.free[1])))
                    both = algebra.add(turned, algebra.times(sign, unit))
                    yield Zero(both, equation.free)
                    yield Zero(algebra.conj(both), equation.free)
        least = size.least(algebra.floors)
        if least is not None and least >= 1:
            left, right = (self._determinants(word) for word in (one, two))
            signs = algebra.pow(algebra.number(-sign), size)
            both = algebra.sub(left, algebra.mul(signs, right))
            if both:
                yield Zero(both)
                yield Zero(algebra.conj(both))

    def _words(self, equation: Zero) -> tuple[tuple[list[Factor], int], tuple[list[Factor], int]] | None:
        """The two words of matrices that an equation says are equal up to a sign, as `one + sign * two == 0`."""
        algebra = self._algebra
        if len(equation.sum) != 2 or len(equation.free) != 2:
            return None
        (c, one), (d, two) = equation.sum.values()
        if abs(c) != 1 or abs(d) != 1:
            return None
        i, j = equation.free
        if algebra.domains[i] != algebra.domains[j]:
            return None
        words = [_word(m, i, j, algebra) for m in (one, two)]
        if words[0] is None or words[1] is None:
            return None
        return (words[0], c * d), (words[1], c * d)

    def _product(self, word: list[Factor], free: tuple[int, ...]) -> Sum:
        algebra, (i, j) = self._algebra, free
        size = algebra.domains[i]
        between = [algebra.indices.fresh(size) for _ in word[1:]]
        ends = [i, *between, j]
        powers = []
        for factor, a, b in zip(word, ends[:-1], ends[1:], strict=True):
            powers.append((factor._replace(indices=(a, b) if factor.indices == (0, 1) else (b, a)), ONE))
        return algebra.collect([(1, between, powers)])

    def _determinants(self, word: list[Factor]) -> Sum:
        algebra = self._algebra
        result = algebra.number(1)
        for factor in word:
            result = algebra.mul(result, algebra.factor(letter(factor, algebra)))
        return result

    # --- use ---------------------------------------------------------------------------------------------------------

    def reduced(self, s: Sum) -> Sum:
        """The sum with rules used until none makes it smaller."""
        algebra = self._algebra
        s = algebra.add(s)
        for _ in range(MOST_STEPS):
            changed = self._step(s)
            if changed is None:
                return s
            s = changed
        raise GiveUp

    def _step(self, s: Sum) -> Sum | None:
        algebra = self._algebra
        for key, (coefficient, monomial) in s.items():
            for replacement in self._replacements(key, monomial):
                left = algebra.collect((c, m.bound, m.powers) for k, (c, m) in s.items() if k != key)
                return algebra.add(left, algebra.times(coefficient, replacement))
        return None

    def _replacements(self, key: Key, monomial: Monomial) -> Iterator[Sum]:
        algebra = self._algebra
        for one in self._turned(monomial):
            for rule in self._rules:
                for names, used in _matches(rule, one, algebra):
                    found = self._put(rule, one, names, used)
                    if all(other < key for other in found):
                        yield found

    def _turned(self, monomial: Monomial) -> Iterator[Monomial]:
        """The monomial, and with the indices of single factors exchanged where that changes no sign."""
        yield monomial
        flips = self._algebra.flips
        for k, (factor, exponent) in enumerate(monomial.powers):
            flip = flips.get(factor.head)
            if flip is not None and factor.kind == "entry" and flip.sign == 1:
                powers = list(monomial.powers)
                powers[k] = (factor._replace(indices=factor.indices[::-1], conj=factor.conj != flip.conj), exponent)
                yield Monomial(monomial.bound, tuple(powers))

    def _put(self, rule: Rule, monomial: Monomial, names: Mapping[int, int], used: Sequence[Factor]) -> Sum:
        algebra = self._algebra
        left: dict[Factor, Size] = dict(monomial.powers)
        for factor in used:
            left[factor] = left[factor] - ONE
        gone = {names[b] for b in rule.pattern.bound}
        bound = tuple(b for b in monomial.bound if b not in gone)
        terms = []
        for coefficient, other in rule.rest:
            fresh = {b: algebra.indices.fresh(algebra.domains[b]) for b in other.bound}
            moved = algebra.renamed(other, {**names, **fresh})
            terms.append((coefficient, (*bound, *moved.bound), (*left.items(), *moved.powers)))
        return algebra.collect(terms)


def _copies(monomial: Monomial) -> list[Factor] | None:
    """The factors of a monomial, each as often as it occurs; None where an exponent is not known."""
    copies: list[Factor] = []
    for factor, exponent in monomial.powers:
        number = exponent.number
        if number is None or not 0 < number <= MOST_PATTERN:
            return None
        copies += [factor] * number
    return copies


def _word(monomial: Monomial, i: int, j: int, algebra: Algebra) -> list[Factor] | None:
    """The matrices on the way from i to j; indices (0, 1) where a matrix stands as it is, (1, 0) where transposed."""
    if not monomial.bound and len(monomial.powers) == 1 and monomial.powers[0][0].kind == "equal":
        return [] if set(monomial.powers[0][0].indices) == {i, j} else None
    size = algebra.domains[i]
    if any(f.kind != "entry" or len(f.indices) != 2 or e != ONE for f, e in monomial.powers):
        return None
    if any(algebra.domains[b] != size for b in monomial.bound):
        return None
    left, at, word = [f for f, _ in monomial.powers], i, []
    while left:
        here = [f for f in left if at in f.indices]
        if len(here) != 1 or here[0].indices[0] == here[0].indices[1]:
            return None
        factor = here[0]
        left.remove(factor)
        straight = factor.indices[0] == at
        at = factor.indices[1 if straight else 0]
        word.append(factor._replace(indices=(0, 1) if straight else (1, 0)))
        if at != j and at not in monomial.bound:
            return None
        if at == j:
            break
    return word if at == j and not left else None


def _matches(rule: Rule, monomial: Monomial, algebra: Algebra) -> Iterator[tuple[dict[int, int], list[Factor]]]:
    """Ways to find a pattern in a monomial: what its indices are there, and which factors it takes."""
    stock = {f: (e.number if e.number is not None else 0) for f, e in monomial.powers}
    free = set(rule.free)
    bound = set(rule.pattern.bound)

    def search(k: int, names: dict[int, int], used: list[Factor]) -> Iterator[tuple[dict[int, int], list[Factor]]]:
        if k == len(rule.copies):
            if _apart(rule, monomial, names, used):
                yield names, used
            return
        wanted = rule.copies[k]
        for factor in stock:
            if stock[factor] - used.count(factor) < 1:
                continue
            if (factor.kind, factor.head, factor.conj) != (wanted.kind, wanted.head, wanted.conj):
                continue
            orders = [factor.indices] if factor.kind != "equal" else [factor.indices, factor.indices[::-1]]
            for indices in orders:
                found = unify(wanted.indices, indices, names)
                if found is not None:
                    yield from search(k + 1, found, [*used, factor])

    def unify(wanted: Sequence[int], indices: Sequence[int], names: dict[int, int]) -> dict[int, int] | None:
        found = dict(names)
        for name, index in zip(wanted, indices, strict=True):
            if name in found:
                if found[name] != index:
                    return None
                continue
            if name in free:
                if not inside(index, algebra.domains[name], algebra.domains, algebra.floors):
                    return None
            elif name in bound:
                if index not in monomial.bound or algebra.domains[index] != algebra.domains[name]:
                    return None
            elif name != index:
                return None
            found[name] = index
        return found

    yield from search(0, {}, [])


def _apart(rule: Rule, monomial: Monomial, names: Mapping[int, int], used: Sequence[Factor]) -> bool:
    """Whether what the pattern sums over is summed over there, and occurs nowhere else."""
    images = [names[b] for b in rule.pattern.bound if b in names]
    if len(images) != len(rule.pattern.bound) or len(set(images)) != len(images):
        return False
    if any(names.get(f) in images for f in rule.free):
        return False
    taken = {f: used.count(f) for f in used}
    for factor, exponent in monomial.powers:
        if any(index in images for index in factor.indices) and exponent - Size.constant(taken.get(factor, 0)) != ZERO:
            return False
    return True

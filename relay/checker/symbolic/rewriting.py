"""Rewriting of sums by given equations.

A rule comes from an equation and replaces one of its monomials, the pattern, by the other ones. It is used only if all
new monomials have smaller keys than the one that they replace, so that rewriting ends. The rules are not completed (no
critical pairs): a proof may be missed, but whatever reduces to zero is zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from relay.checker.symbolic.determinants import of_letter, text_of, word_of, word_sum
from relay.checker.symbolic.monomials import Factor, Flip, Key, Monomial, inside
from relay.checker.symbolic.sizes import ONE, ZERO, GiveUp, Size
from relay.checker.symbolic.sums import Sum, SumAlgebra, prime_powers
from relay.checker.symbolic.values import NotZero, Zero

MOST_RULES = 48
"""Largest number of rules. Equations that would add more are ignored."""
MOST_STEPS = 400
"""Largest number of replacements in one reduction."""
MOST_PATTERN = 8
"""Largest number of factors of a pattern, with repetitions."""


@dataclass(frozen=True, slots=True)
class Rule:
    """The equation `pattern == rest`, which is true for all values of the indices in `free`."""

    pattern: Monomial
    copies: tuple[Factor, ...]
    """The factors of `pattern`, each as often as its exponent says."""
    rest: tuple[tuple[int, Monomial], ...]
    free: tuple[int, ...]
    level: tuple[int, int]
    """The number of bound indices of `pattern`, and its weight."""


class RewriteRules:
    """The given equations and inequations of one proof, as rules for an algebra."""

    def __init__(self, algebra: SumAlgebra) -> None:
        self._algebra = algebra
        self._rules: list[Rule] = []
        self._unequal: set[str] = set()

    def learn(self, equations: Sequence[Zero]) -> None:
        """Add rules for `equations`, which are taken as true.

        Equations such as `A[i, j] == A[j, i]` are learned first, since they change the normal form of every sum.
        """
        left = [e for e in equations if not self._flip(e)]
        for equation in left:
            # Adding nothing brings the sum to the normal form under the new exchanges.
            again = Zero(self._algebra.add(equation.sum), equation.free)
            for derived in self._derived(again):
                self._add(derived)

    def extend(self, other: RewriteRules) -> None:
        """Add the rules and inequations of `other`."""
        self._rules += other._rules
        self._unequal |= other._unequal

    # --- inequations: sums that are not zero -------------------------------------------------------------------------

    def learn_nonzero(self, fact: NotZero) -> None:
        """Take the inequation `fact` as true.

        If its sum is a product without bound indices, none of the factors is zero. For any other sum, a symbol is made
        that is not zero and replaces the sum from now on. If `fact` has free indices, it speaks of arrays; it is only
        noted as text.
        """
        algebra = self._algebra
        s = self.reduced(fact.sum)
        if fact.free:
            self._unequal.add(self._numbered(s, fact.free))
            return
        if len(s) == 1:
            coefficient, monomial = next(iter(s.values()))
            bound = set(monomial.bound)
            alone = [(f, e) for f, e in monomial.powers if not bound & set(f.indices)]
            for factor, exponent in (*prime_powers(coefficient, ONE), *alone):
                if algebra.positive(exponent):
                    algebra.nonzero.add(factor)
            s = algebra.collect([(1, monomial.bound, [p for p in monomial.powers if p not in alone])])
            if not bound:
                return
        # From here on, the sum is replaced by the symbol, and its conjugate by the symbol's conjugate.
        symbol = Factor("entry", f"value of {text_of(s, ())}", False, ())
        algebra.nonzero.add(symbol)
        self._add(Zero(algebra.sub(s, algebra.factor(symbol))))
        turned = algebra.conj(s)
        other = symbol if turned.keys() == s.keys() and not algebra.sub(turned, s) else symbol._replace(conj=True)
        if other == symbol:
            conjugate = algebra.collect([(1, (), [(symbol._replace(conj=True), ONE)])])
            self._add(Zero(algebra.sub(conjugate, algebra.factor(symbol))))
        else:
            self._add(Zero(algebra.sub(turned, algebra.factor(other))))

    def is_nonzero(self, goal: NotZero) -> bool:
        """Return whether the inequation `goal` is known to be true.

        `goal` says that its sum is not zero. If the sum has free indices, it says so for some of their values.
        """
        algebra = self._algebra
        s = self.reduced(goal.sum)
        if goal.free:
            return self._numbered(s, goal.free) in self._unequal
        if len(s) != 1:
            return False
        coefficient, monomial = next(iter(s.values()))
        known = all(algebra.is_nonzero(f) for f, _ in (*prime_powers(coefficient, ONE), *monomial.powers))
        return not monomial.bound and known

    def _numbered(self, s: Sum, free: Sequence[int]) -> str:
        """Return `s` as text. The text depends neither on the names of the indices in `free` nor on the sign of `s`."""
        algebra = self._algebra
        places = {index: algebra.place(k, algebra.domains[index]) for k, index in enumerate(free)}
        moved = algebra.put(s, places)
        if not moved:
            return ""
        sign = -1 if next(iter(moved.values()))[0] < 0 else 1
        return text_of(algebra.times(sign, moved), tuple(places.values()))

    # --- equations: sums that are zero -------------------------------------------------------------------------------

    def _flip(self, equation: Zero) -> bool:
        """Return whether `equation` has the form `A[i, j] == A[j, i]`, where a side may be negated or conjugated.

        If it has, note in the algebra how the indices of `A` may be exchanged.
        """
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
        if not all(algebra.square(f.head, algebra.domains[index]) for index in equation.free):
            return False  # the equation holds for a block of the matrix only
        algebra.flips[f.head] = Flip(-c * d, f.conj != g.conj)
        return True

    def _add(self, equation: Zero) -> None:
        """Add a rule for each monomial of `equation` that may be a pattern.

        A pattern must have the coefficient 1 or -1, and no other monomial of the equation may be longer.
        """
        monomials = list(equation.sum.values())
        for k, (c, monomial) in enumerate(monomials):
            copies = _copies(monomial)
            if abs(c) != 1 or copies is None or not copies or len(copies) > MOST_PATTERN:
                continue
            level = (len(monomial.bound), monomial.weight)
            others = [(-c * d, m) for n, (d, m) in enumerate(monomials) if n != k]
            if any((len(m.bound), m.weight) > level for _, m in others):
                continue
            # Matching must determine every free index that the rest needs.
            told = {index for f in copies for index in f.indices}
            asked = {index for _, m in others for f, _ in m.powers for index in f.indices}
            if (asked & set(equation.free)) - told:
                continue
            if not all(self._algebra.positive(self._algebra.domains[i]) for i in set(equation.free) - told):
                continue  # if the range of an unmatched free index is empty, the equation says nothing
            if len(self._rules) < MOST_RULES:
                self._rules.append(Rule(monomial, tuple(copies), tuple(others), equation.free, level))

    # --- what follows ------------------------------------------------------------------------------------------------

    def _derived(self, equation: Zero) -> Iterator[Zero]:
        """Yield `equation`, its conjugate, and what follows from them for square matrices.

        `X Y == 1` implies `Y X == 1`, and equal words have equal determinants.
        """
        algebra = self._algebra
        yield equation
        conjugate = algebra.conj(equation.sum)
        if conjugate.keys() != equation.sum.keys():
            yield Zero(conjugate, equation.free)
        words = _words(equation, algebra)
        if words is None:
            return
        (one, sign), (two, _) = words
        size = algebra.domains[equation.free[0]]
        for word, other in ((one, two), (two, one)):
            if not other and len(word) > 1:
                for turn in range(1, len(word)):
                    turned = word_sum(word[turn:] + word[:turn], (equation.free[0], equation.free[1]), algebra)
                    unit = algebra.factor(Factor("equal", "", False, (equation.free[0], equation.free[1])))
                    both = algebra.add(turned, algebra.times(sign, unit))
                    yield Zero(both, equation.free)
                    yield Zero(algebra.conj(both), equation.free)
        least = size.least(algebra.floors)
        if least is not None and least >= 1:
            left, right = (_determinants(word, size, algebra) for word in (one, two))
            if not one or not two:  # a word equals 1 or -1, so that its determinants are units
                algebra.nonzero.update(
                    f for s in (left, right) for _, m in s.values() for f, e in m.powers if algebra.positive(e)
                )
            signs = algebra.pow(algebra.number(-sign), size)
            both = algebra.sub(left, algebra.mul(signs, right))
            if both:
                yield Zero(both)
                yield Zero(algebra.conj(both))

    # --- use ---------------------------------------------------------------------------------------------------------

    def reduced(self, s: Sum) -> Sum:
        """Return `s` rewritten until no rule applies.

        Raises `GiveUp` if that takes more than `MOST_STEPS` replacements.
        """
        algebra = self._algebra
        s = algebra.add(s)
        for _ in range(MOST_STEPS):
            changed = self._step(s)
            if changed is None:
                return s
            s = changed
        raise GiveUp

    def _step(self, s: Sum) -> Sum | None:
        """Return `s` after one replacement, the first that is possible; None if none is."""
        algebra = self._algebra
        for key, (coefficient, monomial) in s.items():
            for replacement in self._replacements(key, monomial):
                left = algebra.collect((c, m.bound, m.powers) for k, (c, m) in s.items() if k != key)
                return algebra.add(left, algebra.times(coefficient, replacement))
        return None

    def _replacements(self, key: Key, monomial: Monomial) -> Iterator[Sum]:
        """Yield sums that equal `monomial`, and whose monomials all have smaller keys.

        `key` is the key of `monomial`.
        """
        algebra = self._algebra
        for one in self._turned(monomial):
            for rule in self._rules:
                algebra.spend()
                for names, used in _matches(rule, one, algebra):
                    found = self._put(rule, one, names, used)
                    if all(other < key for other in found):
                        yield found

    def _turned(self, monomial: Monomial) -> Iterator[Monomial]:
        """Yield `monomial`, and each equal monomial that arises if the indices of one factor are exchanged."""
        yield monomial
        flips = self._algebra.flips
        for k, (factor, exponent) in enumerate(monomial.powers):
            flip = flips.get(factor.head)
            if flip is not None and factor.kind == "entry" and flip.sign == 1:
                turned = factor._replace(indices=factor.indices[::-1], conj=factor.conj != flip.conj)
                powers = dict(p for at, p in enumerate(monomial.powers) if at != k)
                powers[turned] = powers.get(turned, ZERO) + exponent  # the turned factor may occur already
                yield Monomial(monomial.bound, tuple(powers.items()))

    def _put(self, rule: Rule, monomial: Monomial, names: Mapping[int, int], used: Sequence[Factor]) -> Sum:
        """Return `monomial` with the factors `used` replaced by the rest of `rule`.

        `names` is the match: it maps the indices of the pattern to indices of `monomial`.
        """
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


def _words(equation: Zero, algebra: SumAlgebra) -> tuple[tuple[list[Factor], int], tuple[list[Factor], int]] | None:
    """Return `(one, sign)` and `(two, sign)` if `equation` says that `one + sign * two == 0` for two words.

    Returns None otherwise.
    """
    if len(equation.sum) != 2 or len(equation.free) != 2:
        return None
    (c, one), (d, two) = equation.sum.values()
    if abs(c) != 1 or abs(d) != 1:
        return None
    i, j = equation.free
    if algebra.domains[i] != algebra.domains[j]:
        return None
    words = [word_of(m, i, j, algebra) for m in (one, two)]
    if words[0] is None or words[1] is None:
        return None
    return (words[0], c * d), (words[1], c * d)


def _determinants(word: list[Factor], size: Size, algebra: SumAlgebra) -> Sum:
    """Return the product of the determinants of the letters of `word`."""
    result = algebra.number(1)
    for factor in word:
        result = algebra.mul(result, of_letter(factor, size, algebra))
    return result


def _copies(monomial: Monomial) -> list[Factor] | None:
    """Return the factors of a monomial, each as often as its exponent says.

    Returns None if an exponent is unknown, negative or too large.
    """
    copies: list[Factor] = []
    for factor, exponent in monomial.powers:
        number = exponent.number
        if number is None or not 0 < number <= MOST_PATTERN:
            return None
        copies += [factor] * number
    return copies


def _matches(rule: Rule, monomial: Monomial, algebra: SumAlgebra) -> Iterator[tuple[dict[int, int], list[Factor]]]:
    """Yield the matches of the pattern of `rule` in `monomial`.

    A match consists of a map from the indices of the pattern to those of `monomial`, and the factors of `monomial` that
    the pattern covers.
    """
    stock = {f: (e.number if e.number is not None else 0) for f, e in monomial.powers}
    free = set(rule.free)
    bound = set(rule.pattern.bound)

    def search(k: int, names: dict[int, int], used: list[Factor]) -> Iterator[tuple[dict[int, int], list[Factor]]]:
        if k == len(rule.copies):
            if _apart(rule, monomial, names, used):
                yield names, used
            return
        algebra.spend(len(stock))
        wanted = rule.copies[k]
        for factor in stock:
            if stock[factor] - used.count(factor) < 1:
                continue
            if (factor.kind, factor.head, factor.conj) != (wanted.kind, wanted.head, wanted.conj):
                continue
            # `equal` is symmetric. Entries with exchangeable indices are handled by `_turned`.
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
    """Return whether the sums over the pattern's bound indices can be replaced in `monomial`.

    The indices that `names` gives to the pattern's bound indices must be different ones, and they must occur in no
    factor of `monomial` besides those in `used`.
    """
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

"""Sums of monomials with integer coefficients, in normal form."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from relay.checker.symbolic.monomials import (
    IDEMPOTENT,
    REAL,
    Factor,
    Flip,
    Indices,
    Key,
    Monomial,
    canonical,
    simplified,
)
from relay.checker.symbolic.sizes import ONE, ZERO, GiveUp, Size

MOST_TERMS = 300
"""Largest number of monomials of one sum."""
MOST_FACTORS = 24
"""Largest number of factors of one monomial."""
WORK = 100_000
"""Steps that all attempts to prove one claim may take together: terms read, factors of monomials brought to normal
form, and factors compared with a pattern."""
LONGEST_TEXT = 4_000
"""Largest number of characters in the text that names a symbol."""
LARGEST_COEFFICIENT = 2**1024
LARGEST_EXPONENT = 64
"""Largest exponent to which integers are raised."""
LARGEST_POWER = 12
"""Largest exponent to which sums of several monomials are raised."""

Sum = Mapping[Key, tuple[int, Monomial]]
"""Maps the key of each monomial to its coefficient, which is not zero, and the monomial.

Equal sums have the same keys with the same coefficients. The monomials may differ in the names of bound indices.
"""


@dataclass(slots=True)
class Work:
    """A count of the steps that all attempts to prove one claim have taken."""

    spent: int = 0

    def spend(self, steps: int) -> None:
        """Count some steps. Raises `GiveUp` after `WORK` steps."""
        self.spent += steps
        if self.spent > WORK:
            raise GiveUp


@dataclass(slots=True)
class SumAlgebra:
    """Arithmetic of sums, and the known facts about their symbols. Every method returns sums in normal form."""

    floors: dict[str, int] = field(default_factory=dict)
    """Lower bound of each name in a size."""
    flips: dict[str, Flip] = field(default_factory=dict)
    """Symbol -> the effect of exchanging its two indices. A symbol is missing if the effect is not known."""
    real: bool = False
    """Whether conjugation is the identity."""
    indices: Indices = field(default_factory=Indices)
    shapes: dict[str, tuple[Size, ...]] = field(default_factory=dict)
    """The domains of each symbol's indices."""
    nonzero: set[Factor] = field(default_factory=set)
    """Factors that are known to be nonzero at all values."""
    simpler: Callable[[Sum], Sum] = lambda s: s
    """Reduces a sum by the given equations; set by the prover, see `relay.checker.symbolic.rewriting`."""
    work: Work = field(default_factory=Work)
    _places: dict[tuple[int, Size], int] = field(default_factory=dict)

    def spend(self, steps: int = 1) -> None:
        self.work.spend(steps)

    @property
    def domains(self) -> dict[int, Size]:
        return self.indices.domains

    def declare(self, head: str, shape: tuple[Size, ...]) -> None:
        """Note the shape of a symbol. Raises `GiveUp` if it was declared with another shape."""
        if self.shapes.setdefault(head, shape) != shape:
            raise GiveUp

    def square(self, head: str, size: Size) -> bool:
        """Return whether the symbol `head` is a matrix with exactly `size` rows and `size` columns."""
        return self.shapes.get(head) == (size, size)

    def positive(self, size: Size) -> bool:
        """Return whether `size` is certain to be 1 or more."""
        least = size.least(self.floors)
        return least is not None and least >= 1

    def place(self, number: int, domain: Size) -> int:
        """Return the free index that stands for axis `number` of an array, where the axis has the length `domain`.

        The same call returns the same index, so that texts of equal arrays are equal.
        """
        if (number, domain) not in self._places:
            self._places[number, domain] = self.indices.fresh(domain)
        return self._places[number, domain]

    def collect(self, terms: Iterable[tuple[int, Iterable[int], Iterable[tuple[Factor, Size]]]]) -> Sum:
        """Return the sum of terms `(coefficient, bound indices, powers)` in normal form. Raises `GiveUp`."""
        total: dict[Key, tuple[int, Monomial]] = {}
        twice: set[Key] = set()
        waiting = [(c, tuple(bound), tuple(powers)) for c, bound, powers in terms]
        while waiting:
            coefficient, bound, powers = waiting.pop()
            self.spend(2 + len(powers))
            if len(powers) > MOST_FACTORS or abs(coefficient) > LARGEST_COEFFICIENT:
                raise GiveUp
            if self.flips:
                powers = tuple((self._plain(f), e) for f, e in powers)
            found = simplified(bound, powers, self.domains, self.floors)
            if found is None or coefficient == 0:
                continue
            monomial, counted = found
            if counted:
                waiting += [
                    (coefficient * c, monomial.bound, (*monomial.powers, *factors)) for c, factors in _expanded(counted)
                ]
                continue
            coefficient, monomial = self.numbers(coefficient, monomial)
            key, monomial, sign, torsion = canonical(monomial, self.domains, self.flips, self.spend)
            if torsion:  # 2 m == 0, so that only the parity of the coefficient counts
                twice.add(key)
            before = total[key][0] if key in total else 0
            total[key] = (before + sign * coefficient, monomial)
            if len(total) > MOST_TERMS:
                raise GiveUp
        return {
            key: (c % 2 if key in twice else c, monomial)
            for key, (c, monomial) in sorted(total.items(), key=lambda item: item[0])
            if (c % 2 if key in twice else c)
        }

    def _plain(self, factor: Factor) -> Factor:
        """Return `factor`, without conjugation if it is the determinant of a Hermitian matrix.

        Such a determinant is real.
        """
        flip = self.flips.get(factor.head) if factor.kind == "det" and factor.conj else None
        return factor._replace(conj=False) if flip is not None and flip.conj and flip.sign == 1 else factor

    def number(self, value: int) -> Sum:
        return self.collect([(value, (), ())])

    def factor(self, factor: Factor, exponent: Size = ONE) -> Sum:
        if self.real and factor.conj:
            factor = factor._replace(conj=False)
        return self.collect([(1, (), ((factor, exponent),))])

    def size(self, size: Size) -> Sum:
        """Return the scalar whose value is `size`."""
        return self.collect((c, (), factors) for c, factors in _expanded([size]))

    def add(self, *sums: Sum) -> Sum:
        return self.collect((c, m.bound, m.powers) for s in sums for c, m in s.values())

    def times(self, number: int, s: Sum) -> Sum:
        return self.collect((number * c, m.bound, m.powers) for c, m in s.values())

    def sub(self, a: Sum, b: Sum) -> Sum:
        return self.add(a, self.times(-1, b))

    def mul(self, a: Sum, b: Sum) -> Sum:
        if len(a) * len(b) > MOST_TERMS:
            raise GiveUp  # before any work is done
        return self.collect(
            (c * d, (*m.bound, *other.bound), (*m.powers, *other.powers))
            for c, m in a.values()
            for d, n in b.values()
            for other in (self.apart(n),)
        )

    def apart(self, monomial: Monomial) -> Monomial:
        """Return `monomial` with fresh bound indices, so that it can be multiplied by another monomial."""
        if not monomial.bound:
            return monomial
        names = {index: self.indices.fresh(self.domains[index]) for index in monomial.bound}
        return self.renamed(monomial, names)

    def renamed(self, monomial: Monomial, names: Mapping[int, int]) -> Monomial:
        return Monomial(
            tuple(names.get(i, i) for i in monomial.bound), tuple((f.renamed(names), e) for f, e in monomial.powers)
        )

    def put(self, s: Sum, names: Mapping[int, int]) -> Sum:
        """Return `s` with each free index replaced by the one that `names` maps it to."""
        return self.collect(
            (c, moved.bound, moved.powers) for c, m in s.values() for moved in (self.renamed(self.apart(m), names),)
        )

    def over(self, s: Sum, index: int) -> Sum:
        """Return the sum of `s` over all values of `index`, which is free in `s`."""
        return self.collect((c, (*m.bound, index), m.powers) for c, m in s.values())

    def conj(self, s: Sum) -> Sum:
        if self.real:
            return s
        return self.collect(
            (c, m.bound, tuple((f if f.kind in REAL else f._replace(conj=not f.conj), e) for f, e in m.powers))
            for c, m in s.values()
        )

    def pow(self, s: Sum, exponent: Size) -> Sum:
        """Return `s` to the power `exponent`. Raises `GiveUp`.

        If `s` is one monomial without bound indices, `exponent` may be unknown. A power of any other sum is multiplied
        out, so its exponent must be known.
        """
        number = exponent.number
        if number is not None and (len(s) != 1 or any(m.bound for _, m in s.values())):
            if not 0 <= number <= LARGEST_POWER:
                raise GiveUp
            result = self.number(1)
            for _ in range(number):
                result = self.mul(result, s)
            return result
        if not s and number is not None and number > 0:
            return s
        coefficient, monomial = self.single(s)
        least = exponent.least(self.floors)
        if least is None or least < 0:
            raise GiveUp
        if least == 0 and number != 0 and any(f.kind in IDEMPOTENT for f, _ in monomial.powers):
            raise GiveUp  # powers of indicators are dropped, but 0 ** 0 is 1
        return self.collect(
            [(1, (), (*prime_powers(coefficient, exponent), *((f, e * exponent) for f, e in monomial.powers)))]
        )

    def single(self, s: Sum) -> tuple[int, Monomial]:
        """Return the coefficient and the monomial of `s` if `s` has only one monomial and no bound indices.

        Raises `GiveUp` otherwise.
        """
        if len(s) != 1:
            raise GiveUp
        coefficient, monomial = next(iter(s.values()))
        if monomial.bound:
            raise GiveUp
        return coefficient, monomial

    def inverse(self, s: Sum) -> Sum:
        """Return 1 / `s`. Raises `GiveUp` unless `s` is one product and all its factors are known to be nonzero."""
        coefficient, monomial = self.single(self.simpler(s))
        powers = (*prime_powers(coefficient, ONE), *monomial.powers)
        if not all(self.is_nonzero(f) for f, _ in powers):
            raise GiveUp
        return self.collect([(1, (), tuple((f, ZERO - e) for f, e in powers))])

    def is_nonzero(self, factor: Factor) -> bool:
        """Return whether `factor` is known to be nonzero; its conjugate is nonzero exactly if it is."""
        return factor.kind == "minus" or factor in self.nonzero or factor._replace(conj=not factor.conj) in self.nonzero

    def numbers(self, coefficient: int, monomial: Monomial) -> tuple[int, Monomial]:
        """Return the same product with the powers of integers moved from `monomial` into `coefficient`, where known.

        An exponent such as `n + 2` is split: the constant part goes into the coefficient, the rest stays.
        """
        if not any(f.kind in ("number", "minus") for f, _ in monomial.powers):
            return coefficient, monomial
        kept: list[tuple[Factor, Size]] = []
        for factor, exponent in monomial.powers:
            if factor.kind == "minus":
                parity = exponent.parity  # (-1) ** e depends on the parity of e only
                coefficient *= (-1) ** parity.head
                exponent = parity.rest
            elif factor.kind == "number":
                prime, head = int(factor.head), exponent.head
                if head > LARGEST_EXPONENT or (head < 0 and not self.is_nonzero(factor)):
                    raise GiveUp  # too large, or a prime that may be zero in the model
                # A negative power of a nonzero prime cancels against the coefficient as far as that divides.
                while head < 0 and coefficient % prime == 0:
                    coefficient, head = coefficient // prime, head + 1
                if head > 0:
                    coefficient, head = coefficient * prime**head, 0
                exponent = exponent.rest + Size.constant(head)
            if exponent.terms:
                kept.append((factor, exponent))
        return coefficient, Monomial(monomial.bound, tuple(kept))


MINUS = Factor("minus", "", False, ())


def _expanded(sizes: Iterable[Size]) -> list[tuple[int, tuple[tuple[Factor, Size], ...]]]:
    """Return the product of `sizes`, multiplied out.

    The result is a list of terms. Each consists of a coefficient and of factors with exponents.
    """
    product = ONE
    for size in sizes:
        product = product * size
    return [(c, tuple((Factor("size", name, False, ()), ONE) for name in names)) for names, c in product.terms]


def prime_powers(number: int, exponent: Size) -> list[tuple[Factor, Size]]:
    """Return `number ** exponent` as powers of primes, and of -1 if `number` is negative.

    Raises `GiveUp` if `number` is 0 or has a prime factor that is too large.
    """
    if number == 0:
        raise GiveUp
    found = [(MINUS, exponent)] if number < 0 else []
    left, prime = abs(number), 2
    while left > 1:
        if prime > 1_000:
            raise GiveUp  # trial division stops here
        while left % prime == 0:
            found.append((Factor("number", str(prime), False, ()), exponent))
            left //= prime
        prime += 1
    return found

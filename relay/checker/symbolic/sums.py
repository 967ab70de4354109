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
MOST_FACTORS = 24
"""Factors of one monomial."""
WORK = 100_000
"""Steps that the proofs tried for one claim may take together: terms read, factors of monomials brought to normal form,
and factors compared with a pattern."""
LONGEST_TEXT = 4_000
"""Characters of the text that names a symbol."""
LARGEST_COEFFICIENT = 2**1024
LARGEST_EXPONENT = 64
"""Numbers are raised up to this power."""
LARGEST_POWER = 12
"""Sums are multiplied out up to this power."""

Sum = Mapping[Key, tuple[int, Monomial]]
"""From keys to coefficients that are not zero and a monomial with that key."""


@dataclass(slots=True)
class Work:
    """What the proofs tried for one claim have cost."""

    spent: int = 0

    def spend(self, steps: int) -> None:
        """Count some steps. Raises `GiveUp` when there have been too many."""
        self.spent += steps
        if self.spent > WORK:
            raise GiveUp


@dataclass(slots=True)
class SumAlgebra:
    """Arithmetic of sums, and what is known about the symbols in them."""

    floors: dict[str, int] = field(default_factory=dict)
    """What each name in a size is never below."""
    flips: dict[str, Flip] = field(default_factory=dict)
    real: bool = False
    """Whether conjugation is the identity."""
    indices: Indices = field(default_factory=Indices)
    shapes: dict[str, tuple[Size, ...]] = field(default_factory=dict)
    """How far the indices of each symbol go."""
    nonzero: set[Factor] = field(default_factory=set)
    """Factors that are zero nowhere."""
    simpler: Callable[[Sum], Sum] = lambda s: s
    """What is given, used on a sum; see `relay.checker.symbolic.rewriting`."""
    work: Work = field(default_factory=Work)
    _places: dict[tuple[int, Size], int] = field(default_factory=dict)

    def spend(self, steps: int = 1) -> None:
        self.work.spend(steps)

    @property
    def domains(self) -> dict[int, Size]:
        return self.indices.domains

    def declare(self, head: str, shape: tuple[Size, ...]) -> None:
        """Note the shape of a symbol. Raises `GiveUp` where it has another."""
        if self.shapes.setdefault(head, shape) != shape:
            raise GiveUp

    def square(self, head: str, size: Size) -> bool:
        """Whether a symbol is a matrix of `size` rows and columns, no more and no less: a block is no letter."""
        return self.shapes.get(head) == (size, size)

    def positive(self, size: Size) -> bool:
        """Whether a number is certain to be 1 at least."""
        least = size.least(self.floors)
        return least is not None and least >= 1

    def place(self, number: int, domain: Size) -> int:
        """The free index that stands for place number so and so of something of this size."""
        if (number, domain) not in self._places:
            self._places[number, domain] = self.indices.fresh(domain)
        return self._places[number, domain]

    def collect(self, terms: Iterable[tuple[int, Iterable[int], Iterable[tuple[Factor, Size]]]]) -> Sum:
        """The sum of coefficients times products, each summed over its bound indices."""
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
            if torsion:
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
        """The determinant of a matrix that is its own adjoint is its own conjugate."""
        flip = self.flips.get(factor.head) if factor.kind == "det" and factor.conj else None
        return factor._replace(conj=False) if flip is not None and flip.conj and flip.sign == 1 else factor

    def number(self, value: int) -> Sum:
        return self.collect([(value, (), ())])

    def factor(self, factor: Factor, exponent: Size = ONE) -> Sum:
        if self.real and factor.conj:
            factor = factor._replace(conj=False)
        return self.collect([(1, (), ((factor, exponent),))])

    def size(self, size: Size) -> Sum:
        """A size as a scalar."""
        return self.collect((c, (), factors) for c, factors in _expanded([size]))

    def add(self, *sums: Sum) -> Sum:
        return self.collect((c, m.bound, m.powers) for s in sums for c, m in s.values())

    def times(self, number: int, s: Sum) -> Sum:
        return self.collect((number * c, m.bound, m.powers) for c, m in s.values())

    def sub(self, a: Sum, b: Sum) -> Sum:
        return self.add(a, self.times(-1, b))

    def mul(self, a: Sum, b: Sum) -> Sum:
        if len(a) * len(b) > MOST_TERMS:
            raise GiveUp
        return self.collect(
            (c * d, (*m.bound, *other.bound), (*m.powers, *other.powers))
            for c, m in a.values()
            for d, n in b.values()
            for other in (self.apart(n),)
        )

    def apart(self, monomial: Monomial) -> Monomial:
        """The monomial with bound indices of its own."""
        if not monomial.bound:
            return monomial
        names = {index: self.indices.fresh(self.domains[index]) for index in monomial.bound}
        return self.renamed(monomial, names)

    def renamed(self, monomial: Monomial, names: Mapping[int, int]) -> Monomial:
        return Monomial(
            tuple(names.get(i, i) for i in monomial.bound), tuple((f.renamed(names), e) for f, e in monomial.powers)
        )

    def put(self, s: Sum, names: Mapping[int, int]) -> Sum:
        """The sum with other free indices."""
        return self.collect(
            (c, moved.bound, moved.powers) for c, m in s.values() for moved in (self.renamed(self.apart(m), names),)
        )

    def over(self, s: Sum, index: int) -> Sum:
        """The sum over all values of an index that is free in it."""
        return self.collect((c, (*m.bound, index), m.powers) for c, m in s.values())

    def conj(self, s: Sum) -> Sum:
        if self.real:
            return s
        return self.collect(
            (c, m.bound, tuple((f if f.kind in REAL else f._replace(conj=not f.conj), e) for f, e in m.powers))
            for c, m in s.values()
        )

    def pow(self, s: Sum, exponent: Size) -> Sum:
        """A power; of unknown exponent where the sum is one product without indices that it is summed over."""
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
            raise GiveUp  # 0 ** 0 is 1
        return self.collect(
            [(1, (), (*prime_powers(coefficient, exponent), *((f, e * exponent) for f, e in monomial.powers)))]
        )

    def single(self, s: Sum) -> tuple[int, Monomial]:
        """The one product that a sum is, nothing summed over. Raises `GiveUp`."""
        if len(s) != 1:
            raise GiveUp
        coefficient, monomial = next(iter(s.values()))
        if monomial.bound:
            raise GiveUp
        return coefficient, monomial

    def inverse(self, s: Sum) -> Sum:
        """One over a product that is known not to be zero."""
        coefficient, monomial = self.single(self.simpler(s))
        powers = (*prime_powers(coefficient, ONE), *monomial.powers)
        if not all(self.is_nonzero(f) for f, _ in powers):
            raise GiveUp
        return self.collect([(1, (), tuple((f, ZERO - e) for f, e in powers))])

    def is_nonzero(self, factor: Factor) -> bool:
        """Whether a factor is known to be zero nowhere."""
        return factor.kind == "minus" or factor in self.nonzero or factor._replace(conj=not factor.conj) in self.nonzero

    def numbers(self, coefficient: int, monomial: Monomial) -> tuple[int, Monomial]:
        """Powers of numbers taken into the coefficient as far as their exponents are known."""
        if not any(f.kind in ("number", "minus") for f, _ in monomial.powers):
            return coefficient, monomial
        kept: list[tuple[Factor, Size]] = []
        for factor, exponent in monomial.powers:
            if factor.kind == "minus":
                parity = exponent.parity
                coefficient *= (-1) ** parity.head
                exponent = parity.rest
            elif factor.kind == "number":
                prime, head = int(factor.head), exponent.head
                if head > LARGEST_EXPONENT or (head < 0 and not self.is_nonzero(factor)):
                    raise GiveUp  # the number may be zero
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
    """The product of sizes as scalars: coefficients and factors."""
    product = ONE
    for size in sizes:
        product = product * size
    return [(c, tuple((Factor("size", name, False, ()), ONE) for name in names)) for names, c in product.terms]


def prime_powers(number: int, exponent: Size) -> list[tuple[Factor, Size]]:
    """A power of an integer as powers of primes. Raises `GiveUp` for 0 and for large primes."""
    if number == 0:
        raise GiveUp
    found = [(MINUS, exponent)] if number < 0 else []
    left, prime = abs(number), 2
    while left > 1:
        if prime > 1_000:
            raise GiveUp
        while left % prime == 0:
            found.append((Factor("number", str(prime), False, ()), exponent))
            left //= prime
        prime += 1
    return found

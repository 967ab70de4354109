"""Every model satisfies the axioms of the field that it represents."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import flint
import numpy as np
import pytest

from relay.evaluation.algebra import (
    Algebra,
    GaloisField,
    Polynomials,
    PrimeField,
    QuadraticExtension,
    Rationals,
    Structure,
    TooLarge,
    Undecidable,
)
from relay.records.task import Given, Operation, Sort

SMALL = [
    *(PrimeField(p) for p in (2, 3, 5, 7, 11, 13)),
    *(GaloisField(p, 1) for p in (2, 3, 5, 7)),
    *(GaloisField(p, k) for p, k in ((2, 2), (2, 3), (3, 2), (2, 4), (5, 2))),
]


def triples(model: Algebra) -> tuple[Any, Any, Any]:
    """All triples of elements, as three arrays of one length."""
    assert model.order is not None
    every = np.array(list(product(range(model.order), repeat=3)), dtype=np.int64)
    return every[:, 0], every[:, 1], every[:, 2]


@pytest.mark.parametrize("model", SMALL, ids=lambda m: f"{type(m).__name__} {m.name}")
def test_field_axioms_by_exhaustion(model: Algebra) -> None:
    a, b, c = triples(model)
    add, mul = model.add, model.mul
    zero, one = model.from_int(np.zeros(1, dtype=np.int64)), model.from_int(np.ones(1, dtype=np.int64))
    assert zero[0] != one[0]
    assert (add(a, b) == add(b, a)).all() and (mul(a, b) == mul(b, a)).all()
    assert (add(add(a, b), c) == add(a, add(b, c))).all()
    assert (mul(mul(a, b), c) == mul(a, mul(b, c))).all()
    assert (mul(a, add(b, c)) == add(mul(a, b), mul(a, c))).all()
    assert (add(a, zero) == a).all() and (mul(a, one) == a).all()
    assert (add(a, model.neg(a)) == zero).all() and (model.sub(a, b) == add(a, model.neg(b))).all()
    units = a[a != 0]
    assert (mul(units, model.inverse(units)) == one).all()
    assert (add(a, b) < model.order).all() and (mul(a, b) < model.order).all()
    assert (model.is_zero(a) == (a == 0)).all() and (model.equal(a, b) == (a == b)).all()


@pytest.mark.parametrize("model", SMALL, ids=lambda m: f"{type(m).__name__} {m.name}")
def test_integers_sums_powers_and_conjugates(model: Algebra) -> None:
    p = model.characteristic
    one = model.from_int(np.ones(1, dtype=np.int64))
    assert model.from_int(np.array([p]))[0] == 0 and all(model.from_int(np.array([k]))[0] != 0 for k in range(1, p))
    assert (model.from_int(np.array([-1])) == model.neg(one)).all()
    a, b, c = triples(model)
    stacked = np.stack([a, b, c], axis=-1)
    assert (model.sum(stacked) == model.add(model.add(a, b), c)).all()
    assert (model.prod(stacked) == model.mul(model.mul(a, b), c)).all()
    assert model.sum(stacked[:, :0])[0] == 0 and model.prod(stacked[:, :0])[0] == one[0]
    element = np.arange(model.order)
    power = np.broadcast_to(one, element.shape)
    for k in range(model.order + 2):  # type: ignore[operator]
        assert (model.pow(element, np.array([k])) == power).all()
        power = model.mul(power, element)
    assert (model.pow(element, np.array([model.order])) == element).all()
    bar = model.conj
    assert (bar(bar(a)) == a).all()
    assert (bar(model.add(a, b)) == model.add(bar(a), bar(b))).all()
    assert (bar(model.mul(a, b)) == model.mul(bar(a), bar(b))).all()
    squares = {4, 9, 16, 25}
    fixed = int((bar(element) == element).sum())
    assert fixed == (round(model.order**0.5) if model.order in squares else model.order)  # type: ignore[operator]
    assert len({model.show(code) for code in element}) == model.order


def test_random_values_of_small_fields_cover_them() -> None:
    rng = np.random.default_rng(1)
    for model in SMALL:
        assert set(np.unique(model.sample(rng, (50, 40)))) == set(range(model.order or 0))


@pytest.mark.parametrize("p", [65537, 1000003, 2**31 - 1])
def test_large_prime_fields(p: int) -> None:
    model, rng = PrimeField(p), np.random.default_rng(p)
    a, b = model.sample(rng, (200,)), model.sample(rng, (200,))
    a[:2], b[:2] = p - 1, (p - 1, 1)
    x, y = [int(v) for v in a], [int(v) for v in b]
    assert [int(v) for v in model.mul(a, b)] == [u * v % p for u, v in zip(x, y, strict=True)]
    assert [int(v) for v in model.add(a, b)] == [(u + v) % p for u, v in zip(x, y, strict=True)]
    assert [int(v) for v in model.sub(a, b)] == [(u - v) % p for u, v in zip(x, y, strict=True)]
    exponents = rng.integers(0, 2**50, 200)
    expected = [pow(u, int(e), p) for u, e in zip(x, exponents, strict=True)]
    assert [int(v) for v in model.pow(a, exponents)] == expected
    assert (model.mul(a[a != 0], model.inverse(a[a != 0])) == 1).all()
    assert int(model.sum(np.full((1, 30000), p - 1))[0]) == 30000 * (p - 1) % p
    assert int(model.from_int(np.array([2**53 - 1]))[0]) == (2**53 - 1) % p


@pytest.mark.parametrize("p", [3, 7, 10007, 2**30 - 35])
def test_quadratic_extensions(p: int) -> None:
    model, rng = QuadraticExtension(p), np.random.default_rng(p)
    residue = next(d for d in range(2, p) if pow(d, (p - 1) // 2, p) == p - 1)
    a, b = model.sample(rng, (300,)), model.sample(rng, (300,))
    a[0] = b[0] = (p - 1) | ((p - 1) << 31)

    def pairs(codes: Any) -> list[tuple[int, int]]:
        return [(int(c) & (2**31 - 1), int(c) >> 31) for c in codes]

    expected = [
        ((x * u + y * v * residue) % p, (x * v + y * u) % p) for (x, y), (u, v) in zip(pairs(a), pairs(b), strict=True)
    ]
    assert pairs(model.mul(a, b)) == expected
    expected = [((x + u) % p, (y + v) % p) for (x, y), (u, v) in zip(pairs(a), pairs(b), strict=True)]
    assert pairs(model.add(a, b)) == expected
    assert (model.add(a, model.neg(a)) == 0).all()
    assert (model.conj(model.conj(a)) == a).all()
    assert (model.conj(a) == model.pow(a, np.array([p]))).all(), "conj is Frobenius"
    assert (model.conj(model.mul(a, b)) == model.mul(model.conj(a), model.conj(b))).all()
    units = a[a != 0]
    assert (model.mul(units, model.inverse(units)) == 1).all()
    assert (model.sum(np.stack([a, b, a], axis=-1)) == model.add(model.add(a, b), a)).all()
    assert pairs(model.sum(np.full((1, 30000), a[0]))) == [(30000 * (p - 1) % p,) * 2]


def test_rationals() -> None:
    model, rng = Rationals(), np.random.default_rng(5)
    numbers = [Fraction(int(n), int(d)) for n, d in zip(rng.integers(-9, 10, 80), rng.integers(1, 9, 80), strict=True)]
    other = numbers[1:] + numbers[:1]
    a, b = (np.array([flint.fmpq(x.numerator, x.denominator) for x in xs], dtype=object) for xs in (numbers, other))

    def plain(codes: Any) -> list[Fraction]:
        return [Fraction(int(c.p), int(c.q)) for c in codes]

    pairs = list(zip(numbers, other, strict=True))
    assert plain(model.add(a, b)) == [x + y for x, y in pairs]
    assert plain(model.sub(a, b)) == [x - y for x, y in pairs]
    assert plain(model.mul(a, b)) == [x * y for x, y in pairs]
    assert list(model.less(a, b)) == [x < y for x, y in pairs]
    assert list(model.equal(a, b)) == [x == y for x, y in pairs]
    assert plain(model.inverse(a[~model.is_zero(a)])) == [1 / x for x in numbers if x]
    exponents = np.arange(80) % 7
    assert plain(model.pow(a, exponents)) == [x ** int(e) for x, e in zip(numbers, exponents, strict=True)]
    assert plain(model.sum(a.reshape(8, 10))) == [sum(numbers[i : i + 10], Fraction(0)) for i in range(0, 80, 10)]
    assert model.ordered and model.order is None and model.characteristic == 0
    assert (model.conj(a) == a).all()
    assert set(plain(model.sample(rng, (400,)))) == {Fraction(k) for k in range(-3, 4)}


def test_rationals_that_grow_end_the_computation() -> None:
    model = Rationals()
    three = model.from_int(np.array([3]))
    with pytest.raises(TooLarge):
        model.pow(three, np.array([4000]))
    with pytest.raises(TooLarge):
        model.pow(three, np.array([2**50]))
    tiny = model.pow(model.inverse(three), np.array([2500]))
    with pytest.raises(TooLarge):
        model.add(tiny, model.pow(model.inverse(model.from_int(np.array([5]))), np.array([1700])))
    assert model.pow(model.from_int(np.array([1, 0, -1])), np.array([4000]))[2] == 1


def test_polynomials_substitute() -> None:
    """Computing in the ring and then substituting gives the same as substituting first."""
    ring, rng = Polynomials(3), np.random.default_rng(2)
    p = 10007
    field = QuadraticExtension(p)
    x = ring.variables(0, 3)
    values = field.sample(rng, (3,))

    def at(poly: Any) -> int:
        total = np.zeros(1, dtype=np.int64)
        for monomial, coefficient in zip(poly.monoms(), poly.coeffs(), strict=True):
            term = field.from_int(np.array([int(coefficient)]))
            for n, exponent in enumerate(monomial):
                value = values[n // 2 : n // 2 + 1]
                base = value if n % 2 == 0 else field.conj(value)
                term = field.mul(term, field.pow(base, np.array([exponent])))
            total = field.add(total, term)
        return int(total[0])

    def random_pair() -> tuple[Any, Any]:
        f, v = x[:1], values[:1]
        for _ in range(6):
            n, op = int(rng.integers(3)), int(rng.integers(6))
            g, w = x[n : n + 1], values[n : n + 1]
            if op < 2:
                f, v = ring.mul(f, g), field.mul(v, w)
            elif op == 2:
                f, v = ring.sub(f, g), field.sub(v, w)
            elif op == 3:
                f, v = ring.conj(f), field.conj(v)
            elif op == 4:
                k = np.array([int(rng.integers(3))])
                f, v = ring.pow(f, k), field.pow(v, k)
            else:
                k = np.array([int(rng.integers(-5, 6))])
                f, v = ring.add(f, ring.from_int(k)), field.add(v, field.from_int(k))
        return f[0], int(v[0])

    for _ in range(40):
        f, v = random_pair()
        assert at(f) == v
    assert (ring.conj(ring.conj(x)) == x).all() and (ring.conj(x) != x).all()
    assert ring.equal(ring.mul(x[:1], x[1:2]), ring.mul(x[1:2], x[:1]))[0]


def test_polynomials_answer_only_what_is_true_everywhere() -> None:
    ring = Polynomials(2)
    x = ring.variables(0, 2)
    units = ring.from_int(np.array([1, -1]))
    assert (ring.inverse(units) == units).all() and not ring.is_zero(units).any()
    for question in (
        lambda: ring.equal(x[:1], x[1:]),
        lambda: ring.is_zero(x),
        lambda: ring.is_zero(ring.from_int(np.array([2]))),
        lambda: ring.is_zero(ring.from_int(np.array([0]))),
        lambda: ring.inverse(x),
        lambda: ring.inverse(ring.from_int(np.array([2]))),
        lambda: ring.less(x[:1], x[1:]),
        lambda: ring.sample(np.random.default_rng(0), (1,)),
    ):
        with pytest.raises(Undecidable):
            question()


def test_polynomials_that_grow_end_the_computation() -> None:
    ring = Polynomials(4)
    total = ring.add(ring.sum(ring.variables(0, 4)[None, :]), ring.from_int(np.array([1])))
    for start in (total, ring.from_int(np.array([3])), ring.variables(0, 1)):  # terms, coefficients, degrees
        with pytest.raises(TooLarge):
            grown = start
            for _ in range(64):
                grown = ring.mul(grown, grown)
    with pytest.raises(TooLarge):
        ring.pow(total, np.array([65]))


def test_structures_have_tables_and_no_scalars() -> None:
    given = Given(
        sorts=(Sort(name="E", size=3),),
        operations=(Operation(name="op", parameters=("E", "E"), result="E", table=((0, 1, 2), (1, 2, 0), (2, 0, 1))),),
    )
    model = Structure(given)
    assert model.carriers == {"E": 3} and model.operations["op"][1, 2] == 0
    with pytest.raises(Undecidable):
        model.from_int(np.zeros(1))
    with pytest.raises(Undecidable):
        model.mul(np.zeros(1), np.zeros(1))

"""Rational functions: their equations hold in every field, and equalities that depend on values stay open."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.fractions import OpenZeroTest, Ratio, RationalFunctions
from relay.evaluation.algebra.polynomial_facts import NeedsPartners
from relay.evaluation.algebra.scalars import Undefined

PRIMES = (2, 3, 5, 7, 101)


def ring(count: int = 3, partners: bool = False) -> tuple[RationalFunctions, list[Any]]:
    made = RationalFunctions(count, partners)
    return made, made.indeterminates(0, count)


def at(scalar: Any, values: list[int], p: int) -> int:
    """The value at a point of GF(p)."""
    top, bottom = (scalar.top, scalar.bottom) if isinstance(scalar, Ratio) else (scalar, None)
    over = 1 if bottom is None else int(bottom(*values)) % p
    return int(top(*values)) * pow(over, -1, p) % p


def test_arithmetic_is_that_of_values() -> None:
    """Random terms, evaluated in the ring and at points where the facts hold."""
    for seed in range(150):
        random = Random(seed)
        r, xs = ring()
        for x in xs:
            assert r.assume_nonzero(x, "given")
        p = random.choice(PRIMES)
        values = [random.randrange(1, p) for _ in xs]
        pool = [(x, v) for x, v in zip(xs, values, strict=True)] + [(r.number(k), k % p) for k in (0, 1, 2)]
        for _ in range(12):
            (a, u), (b, v) = random.choice(pool), random.choice(pool)
            op = random.choice(("add", "sub", "mul", "div", "neg", "power"))
            try:
                if op == "div":
                    pool.append((r.div(a, b), u * pow(v, -1, p) % p))
                elif op == "neg":
                    pool.append((r.neg(a), -u % p))
                elif op == "power":
                    pool.append((r.power(a, 3), pow(u, 3, p)))
                else:
                    value = {"add": u + v, "sub": u - v, "mul": u * v}[op] % p
                    pool.append((getattr(r, op)(a, b), value))
            except Undefined:
                assert v == 0
            except (Undecidable, TooLarge):
                continue
        for scalar, value in pool:
            assert at(scalar, values, p) == value
        for a, u in pool:
            for b, v in pool:
                same = r.same(a, b)
                assert same is None or same is (u == v)


def test_a_divisor_must_divide_what_is_not_zero_over_the_integers() -> None:
    r, (x, y, z) = ring()
    for divisor in (x, x * y, 2 * x):
        with pytest.raises(Undecidable):
            r.div(z, divisor)
    assert r.assume_nonzero(x * y, "x * y != 0")
    for divisor in (x, y, x * x * y, -x):
        r.div(z, divisor)
    assert r.known.used == {"x * y != 0"}
    for divisor in (2 * x, x + y, z, x * z, r.number(2)):
        with pytest.raises(Undecidable):
            r.div(y, divisor)
    assert r.assume_nonzero(6 * z, "6 * z != 0")
    r.div(y, 2 * x)
    r.div(y, 9 * z * x)
    with pytest.raises(Undecidable):
        r.div(y, 5 * x)


def test_a_divisor_that_is_zero_is_undefined() -> None:
    r, (x, y, _) = ring()
    with pytest.raises(Undefined):
        r.div(x, x - x)
    assert r.assume_zero(x - y)
    x, y = r.indeterminates(0, 2)
    with pytest.raises(Undefined):
        r.div(x, x - y)


def test_polynomials_that_differ_are_equal_somewhere() -> None:
    r, (x, y, _) = ring()
    assert r.same(x * y, y * x) is True
    assert r.same(x + 1, x) is False
    assert r.same(x + 2, x) is None  # in characteristic 2
    assert r.same(x, y) is None
    with pytest.raises(OpenZeroTest):
        r.decide(x, y)
    assert r.assume_nonzero(x - y, "x != y")
    assert r.same(x, y) is False
    assert r.same(2 * x, 2 * y) is None


def test_an_equation_takes_an_indeterminate_out() -> None:
    r, (x, y, z) = ring()
    assert r.assume_zero(x - 2 * y)  # solved for x: y has the coefficient 2
    (x,) = r.indeterminates(0, 1)
    assert r.same(x, 2 * y) is True
    assert r.assume_zero(z * z - y)
    assert r.same(r.indeterminates(1, 1)[0], z * z) is True
    assert r.same(r.indeterminates(0, 1)[0], 2 * z * z) is True


def test_an_equation_that_can_not_be_solved_is_a_zero() -> None:
    r, (x, y, _) = ring()
    assert r.assume_zero(x * x - x)
    assert r.same(x**4, x) is True
    assert r.same(x, y * x) is None
    assert r.assume_zero(2 * y)
    assert r.same(6 * y * x, y - y) is True
    assert r.same(3 * y, y - y) is None


@pytest.mark.parametrize("impossible", ["zero", "unit", "both", "both, later"])
def test_what_can_not_be_is_said(impossible: str) -> None:
    r, (x, y, _) = ring()
    if impossible == "zero":
        assert not r.assume_nonzero(x - x, "0 != 0")
    elif impossible == "unit":
        assert not r.assume_zero(x - x + 1)
    elif impossible == "both":
        assert r.assume_zero(x - y)
        assert not r.assume_nonzero(x - y, "x != y")
    else:
        assert r.assume_nonzero(x - y, "x != y")
        assert not r.assume_zero(x - y)


def test_a_conjugate_has_a_partner_and_what_is_known_of_both() -> None:
    r, (x, _, _) = ring()
    with pytest.raises(NeedsPartners):
        r.conj(x)
    r, (x, y, z) = ring(partners=True)
    assert r.conj(r.conj(x * y + 2)) == x * y + 2
    assert r.same(r.conj(x), x) is None
    assert r.assume_nonzero(x, "x != 0")
    r.div(y, r.conj(x))
    assert r.assume_zero(r.sub(r.conj(y), y))
    assert r.same(r.conj(r.indeterminates(1, 1)[0]), r.indeterminates(1, 1)[0]) is True
    assert r.same(r.conj(z), z) is None


@pytest.mark.parametrize("what", ["terms", "bits", "degree", "exponent", "work"])
def test_what_outgrows_its_limit_is_let_go(what: str) -> None:
    r = RationalFunctions(12, work=50_000)
    xs = r.indeterminates(0, 12)
    with pytest.raises(TooLarge):
        if what == "terms":
            r.power(r.total(xs), 30)
        elif what == "bits":
            number = r.number(3)
            for _ in range(40):
                number = r.mul(number, number)
        elif what == "degree":
            for _ in range(40):
                xs[0] = r.mul(xs[0], xs[0])
            r.same(xs[0], xs[1])
        elif what == "exponent":
            r.power(xs[0], 10**6)
        else:
            for _ in range(10**6):
                r.mul(xs[0] + xs[1], xs[2] + xs[3])

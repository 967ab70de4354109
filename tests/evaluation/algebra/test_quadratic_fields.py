"""Quadratic extensions of the rationals, against floating point numbers and the axioms of fields."""

from __future__ import annotations

import math

import numpy as np
import pytest

from relay.checker.sampling.structured_values import bend
from relay.evaluation.algebra import Algebra, Quadratic, QuadraticField, Rationals, TooLarge, complexes, reals
from relay.evaluation.values import MatrixValue, VectorValue

FIELDS = {model.name: model for model in (*reals(), *complexes())}


def number(element: object, sides: dict[int, float]) -> complex:
    """An element as a floating point number; `sides` has the root of each square."""
    if isinstance(element, Quadratic):
        root = sides.get(element.square, 1j if element.square < 0 else math.sqrt(element.square))
        return number(element.x, sides) + number(element.y, sides) * root
    return complex(int(element.p) / int(element.q))  # type: ignore[attr-defined]


def test_names() -> None:
    assert sorted(FIELDS) == ["Q", "Q(i)", "Q(sqrt(2))", "Q(sqrt(2))(i)", "Q(sqrt(2)), sqrt(2) < 0"]


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_field_axioms_and_numbers(name: str) -> None:
    model = FIELDS[name]
    rng = np.random.default_rng(5)
    a, b, c = (model.sample(rng, (60,)) for _ in range(3))
    assert model.equal(model.add(a, b), model.add(b, a)).all()
    assert model.equal(model.mul(a, model.add(b, c)), model.add(model.mul(a, b), model.mul(a, c))).all()
    assert model.equal(model.mul(a, model.mul(b, c)), model.mul(model.mul(a, b), c)).all()
    assert model.is_zero(model.sub(a, a)).all()
    one = model.from_int(np.ones(1, dtype=np.int64))
    safe = np.where(model.is_zero(a), one, a)
    assert model.equal(model.mul(safe, model.inverse(safe)), np.broadcast_to(one, (60,))).all()
    assert model.equal(model.pow(a, np.full(1, 3)), model.mul(a, model.mul(a, a))).all()
    assert model.equal(model.conj(model.mul(a, b)), model.mul(model.conj(a), model.conj(b))).all()
    assert model.equal(model.conj(model.conj(a)), a).all()
    assert model.ordered == bool(model.equal(model.conj(a), a).all())
    sides = {2: -math.sqrt(2)} if name.endswith("< 0") else {}
    for x, y, total, product in zip(a, b, model.add(a, b), model.mul(a, b), strict=True):
        assert abs(number(total, sides) - number(x, sides) - number(y, sides)) < 1e-9
        assert abs(number(product, sides) - number(x, sides) * number(y, sides)) < 1e-9
        if model.ordered and x != y:
            less = bool(model.less(np.array([x], dtype=object), np.array([y], dtype=object))[0])
            assert less == (number(x, sides).real < number(y, sides).real)


def test_the_two_orders_differ_at_the_root() -> None:
    _, up, down = reals()
    assert isinstance(up, QuadraticField) and isinstance(down, QuadraticField)
    below = Rationals()
    zero, one = below.from_int(np.array([0])), below.from_int(np.array([1]))
    for model, positive in ((up, True), (down, False)):
        root = model.pairs(zero, one)
        assert bool(model.less(model.from_int(np.array([0])), root)[0]) is positive
        assert model.equal(model.mul(root, root), model.from_int(np.array([2]))).all()
        assert not model.less(root, root).any()


def test_the_complexes_have_an_i_and_no_order() -> None:
    for model in complexes():
        assert isinstance(model, QuadraticField)
        assert not model.ordered
        rng = np.random.default_rng(1)
        found = model.sample(rng, (400,))
        minus = model.from_int(np.array([-1]))
        assert model.equal(model.mul(found, found), minus).any()


def test_elements_read_like_numbers() -> None:
    below = Rationals()
    gauss = QuadraticField(below, -1, "i")
    root = QuadraticField(below, 2, "sqrt(2)", 1)
    deep = QuadraticField(root, -1, "i")

    def at(model: QuadraticField, x: int, y: int) -> str:
        inner = model._below
        return model.show(model.pairs(inner.from_int(np.array([x])), inner.from_int(np.array([y])))[0])

    assert [at(gauss, *pair) for pair in ((0, 0), (2, 0), (0, 1), (1, -1), (3, 2))] == [
        "0",
        "2",
        "i",
        "1 - i",
        "3 + 2*i",
    ]
    mixed = root.pairs(below.from_int(np.array([1])), below.from_int(np.array([3])))
    assert deep.show(deep.pairs(root.from_int(np.array([0])), mixed)[0]) == "(1 + 3*sqrt(2))*i"


def test_what_grows_ends_the_computation() -> None:
    model = reals()[1]
    with pytest.raises(TooLarge):
        value = model.add(model.from_int(np.array([3])), model.sample(np.random.default_rng(1), (1,)))
        for _ in range(20):
            value = model.mul(value, value)
    with pytest.raises(TooLarge):
        model.pow(model.from_int(np.array([2])), np.array([10**9]))


@pytest.mark.parametrize("name", sorted(FIELDS))
def test_structured_matrices_are_unitary_hermitian_and_have_eigenvectors(name: str) -> None:
    model: Algebra = FIELDS[name]
    lanes, n = 160, 3
    unitary = eigen = 0
    for seed in range(4):
        rng = np.random.default_rng(seed)
        A, v, x = (model.sample(rng, (lanes, *shape)) for shape in ((n, n), (n,), ()))  # noqa: N806
        values = {"A": MatrixValue(A, n, n), "v": VectorValue(v, n), "x": x}
        bend(values, model, rng, 0, lanes)
        star = model.conj(A.swapaxes(1, 2))
        product = model.sum(model.mul(star[:, :, None, :], A.swapaxes(1, 2)[:, None, :, :]))
        unit = np.broadcast_to(model.from_int(np.eye(n, dtype=np.int64)), product.shape)
        unitary += int(model.equal(product, unit).all(axis=(1, 2)).sum())
        image = model.sum(model.mul(A, v[:, None, :]))
        fits = model.equal(image, model.mul(x[:, None], v)).all(axis=1) & ~model.is_zero(v).all(axis=1)
        eigen += int((fits & model.equal(star, A).all(axis=(1, 2))).sum())
    assert unitary >= 40
    assert eigen >= 25

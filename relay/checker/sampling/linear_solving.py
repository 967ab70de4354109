"""Equations that are linear in one parameter, solved over the prime field.

Examples: a matrix that commutes with a given one, a vector in a kernel, an inverse, a matrix with a given eigenvector,
a symmetric matrix.

Linearity is judged from values, not from the text: the coefficients come from the values at zero and at each basis
element, and the value at one random point must agree with them. An involution of GF(p^k) is linear over GF(p) only.
Therefore every scalar of GF(p^k) counts as k unknowns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from relay.checker.sampling.hypotheses import FUEL, Requirement, named
from relay.evaluation.algebra.base import Array, TooLarge, Undecidable
from relay.evaluation.algebra.finite_fields import FiniteField, PrimeField
from relay.evaluation.evaluate import evaluate
from relay.evaluation.lanes import OK
from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue, leaf_array, take
from relay.notation.syntax import Definition

MOST_UNKNOWNS = 32
MOST_EQUATIONS = 160


@dataclass(frozen=True, slots=True, eq=False)
class System:
    """Linear equations `matrix @ x == right` over GF(p), one system per lane."""

    matrix: NDArray[np.int64]
    """`[lanes, equations, unknowns]`"""
    right: NDArray[np.int64]
    """`[lanes, equations]`"""
    work: int
    """Evaluated nodes times lanes that finding the equations took."""


def linear(
    equations: Sequence[Requirement],
    values: Mapping[str, Value],
    name: str,
    lanes: int,
    model: FiniteField,
    definitions: Mapping[str, Definition],
    rng: np.random.Generator,
) -> System | None:
    """Return the equations as a linear system for the parameter `name`, with the other parameters fixed.

    Returns None if the equations do not look linear in `name`, if one of them is undefined at a value that was tried,
    or if there are too many equations or unknowns.
    """
    cells = _cells(values[name])
    if cells is None:
        return None
    shape = cells.shape[1:]
    unknowns = int(np.prod(shape, dtype=np.int64)) * model.degree
    if not 0 < unknowns <= MOST_UNKNOWNS:
        return None
    # Every lane is evaluated at zero, at each basis element, and at one random trial value.
    trial = rng.integers(0, model.p, size=(lanes, 1, unknowns), dtype=np.int64)
    basis = np.broadcast_to(np.eye(unknowns, dtype=np.int64), (lanes, unknowns, unknowns))
    points = np.concatenate([np.zeros((lanes, 1, unknowns), dtype=np.int64), basis, trial], axis=1)
    count = lanes * points.shape[1]
    repeated = np.repeat(np.arange(lanes), points.shape[1])
    spread = {other: take(value, repeated) for other, value in values.items()}
    target = _cells(spread[name])
    assert target is not None
    target[...] = model.from_digits(points.reshape(count, *shape, model.degree))
    found: list[NDArray[np.int64]] = []
    work = 0
    for equation in equations:
        residual, spent = _difference(equation, spread, count, model, definitions)
        work += spent
        if residual is None:
            return None
        found.append(residual.reshape(lanes, points.shape[1], -1))
    residuals = np.concatenate(found, axis=2)
    start = residuals[:, 0]
    matrix = ((residuals[:, 1:-1] - start[:, None]) % model.p).swapaxes(1, 2)
    fits = _times(matrix, trial[:, 0], model.p)
    if ((residuals[:, -1] - start - fits) % model.p).any():
        return None  # not even affine at the trial value
    # Equations that are 0 == 0 in all lanes need no solving.
    informative = matrix.any(axis=(0, 2)) | start.any(axis=0)
    if int(informative.sum()) > MOST_EQUATIONS:
        return None
    return System(matrix[:, informative], -start[:, informative] % model.p, work)


def solutions(
    system: System, model: FiniteField, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return one random solution per lane, `[lanes, unknowns]`, and for each lane whether it has a solution.

    If a lane has no solution, its row is meaningless. Elimination (Gauss-Jordan) goes column by column, in all lanes
    together. Free unknowns are uniform.
    """
    p = model.p
    base = PrimeField(p)
    table = np.concatenate([system.matrix, system.right[:, :, None]], axis=2)
    lanes, equations, width = table.shape
    unknowns = width - 1
    every, places = np.arange(lanes), np.arange(equations)
    rank = np.zeros(lanes, dtype=np.int64)
    pivot = np.full((lanes, unknowns), -1, dtype=np.int64)
    for column in range(unknowns if equations else 0):
        # Each lane that has a pivot in this column swaps it into its row `rank` and clears the rest of the column.
        usable = (table[:, :, column] != 0) & (places >= rank[:, None])
        able = np.flatnonzero(usable.any(axis=1))
        if not len(able):
            continue
        place, row = usable[able].argmax(axis=1), rank[able]
        held, chosen = table[able, row], table[able, place]
        table[able, place] = held
        inverse = base.inverse(chosen[:, column])
        chosen = chosen * inverse[:, None] % p
        rest = table[able] - table[able][:, :, column][:, :, None] * chosen[:, None, :] % p
        table[able] = rest % p
        table[able, row] = chosen
        pivot[able, column] = row
        rank[able] += 1
    free = pivot < 0
    result = np.where(free, rng.integers(0, p, size=(lanes, unknowns), dtype=np.int64), 0)
    if not equations:
        return result, np.ones(lanes, dtype=np.bool_)
    solvable = ~((table[:, :, -1] != 0) & (places >= rank[:, None])).any(axis=1)
    # Each pivot's unknown is the right side minus the contribution of the free unknowns.
    known = (table[:, :, -1] - _times(table[:, :, :-1], result, p)) % p
    return np.where(free, result, known[every[:, None], np.maximum(pivot, 0)]), solvable


def write(
    values: Mapping[str, Value], name: str, solution: NDArray[np.int64], where: Array, model: FiniteField
) -> None:
    """Write `solution` to the values of the parameter `name`, in place, in the lanes where `where` is true."""
    cells = _cells(values[name])
    assert cells is not None
    cells[where] = model.from_digits(solution.reshape(len(solution), *cells.shape[1:], model.degree))[where]


def _times(matrix: NDArray[np.int64], vector: NDArray[np.int64], p: int) -> NDArray[np.int64]:
    # Products are reduced before they are summed, so that the sum stays within 64 bits.
    return np.asarray((matrix * vector[:, None, :] % p).sum(axis=2) % p)


def _cells(value: Value) -> Array | None:
    """Return the array of a parameter's scalars, lanes first; None if they are not codes of a finite field."""
    leaf = leaf_array(value)
    return leaf if leaf is not None and leaf.dtype == np.int64 else None


def _difference(
    equation: Requirement,
    values: Mapping[str, Value],
    lanes: int,
    model: FiniteField,
    definitions: Mapping[str, Definition],
) -> tuple[NDArray[np.int64] | None, int]:
    """Return the left side minus the right side, as `[lanes, coordinates]` over the prime field, and the work.

    The difference is None if a side is undefined in some lane, if a side's size varies by lane, or if the two sides
    differ in shape.
    """
    sides: list[Array] = []
    try:
        found = named(equation, values, lanes, model, definitions)
    except (Undecidable, TooLarge):
        return None, 0
    if found is None or not found[1].all() or equation.sides is None:
        return None, 0
    known, _, work = found
    for term in equation.sides:
        try:
            outcome = evaluate(term, known, lanes, model, definitions, FUEL)
        except (Undecidable, TooLarge):
            return None, work
        work += outcome.work
        exact = None if outcome.value is None else _exact(outcome.value)
        if exact is None or (outcome.status != OK).any():
            return None, work
        sides.append(exact)
    if sides[0].shape != sides[1].shape:
        return None, work
    return model.digits(model.sub(sides[0], sides[1])).reshape(lanes, -1), work


def _exact(value: Value) -> Array | None:
    """Return a value's scalars without padding; None if sizes differ by lane."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, VectorValue):
        return value.data[..., : value.size] if isinstance(value.size, int) else None
    if isinstance(value, MatrixValue):
        if not (isinstance(value.rows, int) and isinstance(value.columns, int)):
            return None
        return value.data[..., : value.rows, : value.columns]
    if isinstance(value, ListValue) and isinstance(value.length, int):
        items = _exact(value.items)
        return None if items is None else items[:, : value.length]
    return None

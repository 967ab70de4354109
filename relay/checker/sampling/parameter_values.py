"""Values for a statement's parameters in a case: random, exhaustive, or indeterminate.

Random values and exhaustive ones are built for many lanes at once; indeterminates for one lane. `Shape` fixes the sizes
first, so that every array of a batch has one shape.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.checker.cases import Case
from relay.checker.sampling.function_values import count_functions, random_functions, tables
from relay.evaluation.algebra.base import Algebra, Array, TooLarge, Undecidable
from relay.evaluation.algebra.polynomials import Polynomials
from relay.evaluation.evaluate import evaluate
from relay.evaluation.function_families import spans
from relay.evaluation.gathering import scatter
from relay.evaluation.hashing import mix_value
from relay.evaluation.lanes import EXHAUSTED
from relay.evaluation.values import (
    FunctionValue,
    ListValue,
    MatrixValue,
    Size,
    Value,
    VectorValue,
    map_arrays,
    take,
)
from relay.notation.printing import print_type
from relay.notation.syntax import (
    BoolType,
    FnType,
    ListType,
    MatrixType,
    NatType,
    Parameter,
    SortType,
    Term,
    Type,
    VectorType,
)
from relay.notation.traversal import innermost, type_terms

MOST_CELLS = 4096
"""Largest number of entries of one parameter's value, over all items of lists."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A case with all sizes computed: those of the size names and those in the parameters' types."""

    sizes: Mapping[str, int]
    types: tuple[tuple[Parameter, tuple[int, ...], tuple[int, ...], int | None], ...]
    """For each parameter: the parameter, its list lengths from the outermost list inwards, the sizes of its innermost
    type, and its value if it is a `Nat`."""

    @property
    def cells(self) -> tuple[int, int]:
        """The number of scalars (or elements of sorts) and the number of truth values in one lane.

        A function counts as one truth value, since its entries can't be named one by one.
        """
        scalars = truths = 0
        for parameter, lengths, sizes, _ in self.types:
            if isinstance(innermost(parameter.type), FnType):
                truths += 1
                continue
            count = int(np.prod(lengths, dtype=np.int64)) * int(np.prod(sizes, dtype=np.int64))
            if isinstance(innermost(parameter.type), BoolType):
                truths += count
            elif not isinstance(innermost(parameter.type), NatType):
                scalars += count
        return scalars, truths


def shape(parameters: Sequence[Parameter], case: Case, model: Algebra) -> Shape | None:
    """Return a case with all sizes computed; None if a size is negative or undefined.

    Raises `TooLarge` if a value would have more than `MOST_CELLS` entries, or for functions of functions.
    """
    sizes = {d.name: value for d, value in case.items() if d.kind == "size"}
    naturals = {d.name: value for d, value in case.items() if d.kind == "nat"}
    lengths = {(d.name, d.level): value for d, value in case.items() if d.kind == "length"}
    names: dict[str, Value] = {**sizes, **naturals}
    types = []
    for parameter in parameters:
        inner, level = parameter.type, 0
        outer: list[int] = []
        while isinstance(inner, ListType):
            outer.append(lengths[parameter.name, level])
            inner, level = inner.item, level + 1
        if isinstance(parameter.type, ListType):
            # `len(vs)` in a later type needs the list's length only
            names[parameter.name] = ListValue(np.zeros((1, outer[0]), dtype=np.int64), outer[0])
        if isinstance(inner, FnType) and any(isinstance(part, FnType) for part in (*inner.parameters, inner.result)):
            raise TooLarge("ways to draw functions of functions")
        dims: list[int] = []
        for term in type_terms(inner):
            value = _size(term, names, model)
            if value is None:
                return None
            dims.append(value)
        if prod((*outer, *dims)) > MOST_CELLS or (isinstance(inner, FnType) and _entries(inner, dims) > MOST_CELLS):
            raise TooLarge(f"room for `{parameter.name}`")
        types.append((parameter, tuple(outer), tuple(dims), naturals.get(parameter.name)))
    return Shape(sizes, tuple(types))


def _entries(kind: FnType, sizes: Sequence[int]) -> int:
    """Return the number of entries of a function's arguments times that of its result."""
    shapes, result = spans(kind, sizes)
    return max(sum(prod(shape) for shape in shapes), 1) * max(prod(result), 1)


def _size(term: Term, names: Mapping[str, Value], model: Algebra) -> int | None:
    """Return the value of a size; None if it is undefined. Raises `TooLarge` if the fuel runs out."""
    outcome = evaluate(term, names, 1, model, {}, 10_000)
    if (outcome.status == EXHAUSTED).any():
        raise TooLarge("room for a size")
    if outcome.value is None or not outcome.ok.all():
        return None
    return int(np.asarray(cast(Size, outcome.value)).reshape(-1)[0])


@dataclass(frozen=True, slots=True)
class _Sources:
    """The callables that supply the parts of values. Every shape has the lanes first."""

    cells: Callable[[tuple[int, ...], Type], Array]
    """Supplies an array of the given shape, of scalars or of elements of a sort."""
    naturals: Callable[[tuple[int, ...]], Array]
    truths: Callable[[tuple[int, ...]], Array]
    functions: Callable[[int, FnType, tuple[int, ...]], FunctionValue]
    """Supplies the given number of functions of a type with the given sizes."""


def _build(shape_: Shape, lanes: int, sources: _Sources) -> dict[str, Value]:
    values: dict[str, Value] = {**shape_.sizes}
    # Draws follow the order of the parameters; changing it would change every random value.
    for parameter, lengths, sizes, natural in shape_.types:
        inner = innermost(parameter.type)
        full = (lanes, *lengths, *sizes)
        value: Value
        if isinstance(inner, NatType):
            value = natural if not lengths and natural is not None else sources.naturals(full)
        elif isinstance(inner, BoolType):
            value = sources.truths(full)
        elif isinstance(inner, FnType):
            flat = sources.functions(int(np.prod((lanes, *lengths))), inner, sizes)
            shape_of = (lanes, *lengths)
            value = FunctionValue(flat.which.reshape(shape_of), flat.row.reshape(shape_of), flat.targets, sizes)
        else:
            data = sources.cells(full, inner)
            if isinstance(inner, VectorType):
                value = VectorValue(data, sizes[0])
            elif isinstance(inner, MatrixType):
                value = MatrixValue(data, sizes[0], sizes[1])
            else:
                value = data
        for length in reversed(lengths):
            value = ListValue(value, length)
        values[parameter.name] = value
    return values


def random_values(shape_: Shape, model: Algebra, lanes: int, rng: np.random.Generator, case: Case) -> dict[str, Value]:
    """Return random values: uniform scalars, naturals and truth values, and functions of several families.

    A function equals an earlier parameter of its type in a quarter of the lanes. Naturals in lists are at most the
    largest size or `Nat` of the case; if it has neither, at most 3.
    """

    def cells(full: tuple[int, ...], inner: Type) -> Array:
        if isinstance(inner, SortType):
            return rng.integers(0, model.carriers[inner.name], size=full, dtype=np.int64)
        return model.sample(rng, full)

    top = max([v for d, v in case.items() if d.kind in ("nat", "size")], default=3)
    known: list[tuple[FnType, tuple[int, ...], FunctionValue]] = []

    def functions(count: int, kind: FnType, sizes: tuple[int, ...]) -> FunctionValue:
        drawn = random_functions(kind, sizes, model, count, rng)
        for other, theirs, value in known:
            # In a quarter of the lanes, a parameter equals an earlier one of its type: some hypotheses require that.
            if theirs == sizes and len(value.which) == count and print_type(other) == print_type(kind):
                drawn = _mixed(drawn, value, rng.integers(0, 4, size=count) == 0)
        known.append((kind, sizes, drawn))
        return drawn

    def naturals(full: tuple[int, ...]) -> Array:
        return rng.integers(0, top + 1, size=full, dtype=np.int64)

    def truths(full: tuple[int, ...]) -> Array:
        return rng.integers(0, 2, size=full).astype(np.bool_)

    return _build(shape_, lanes, _Sources(cells, naturals, truths, functions))


def _mixed(own: FunctionValue, other: FunctionValue, taken: NDArray[np.bool_]) -> FunctionValue:
    """Return `other` in the lanes `taken`, and `own` in the rest."""
    parts = [(index, take(value, index)) for value, index in (
        (own, np.flatnonzero(~taken)), (other, np.flatnonzero(taken))) if len(index)]  # fmt: skip
    return cast(FunctionValue, scatter(parts, len(taken)))


def count_all(shape_: Shape, model: Algebra) -> int | None:
    """Return in how many ways the values of all parameters can be chosen.

    Returns None if they can't be exhausted: the model is infinite, there are lists of naturals, or the number is above
    10^9.
    """
    # Powers above 64 are refused before they are computed: with 2 or more values per entry they exceed 10^9 anyway.
    total = 1
    for parameter, lengths, sizes, _ in shape_.types:
        inner = innermost(parameter.type)
        if isinstance(inner, FnType):
            found = count_functions(inner, sizes, model)
            if found is None or found[1] * prod(lengths) > 64:
                return None
            total *= found[0] ** (found[1] * prod(lengths))
            if total > 10**9:
                return None
            continue
        if isinstance(inner, NatType):
            if lengths and np.prod(lengths) > 0:
                return None
            continue
        q = (
            2
            if isinstance(inner, BoolType)
            else (model.carriers[inner.name] if isinstance(inner, SortType) else model.order)
        )
        if q is None:
            return None
        power = int(np.prod(lengths, dtype=np.int64)) * int(np.prod(sizes, dtype=np.int64))
        if power > 64:
            return None
        total *= q**power
        if total > 10**9:
            return None
    return total


def all_values(shape_: Shape, model: Algebra, start: int, stop: int) -> dict[str, Value]:
    """Return the choices of values with the numbers `start` to `stop - 1`, one choice per lane.

    The choices are numbered from 0 to `count_all - 1`. The digits of a number in mixed radix are the entries of its
    choice.
    """
    left = np.arange(start, stop, dtype=np.int64)
    lanes = stop - start

    def digits(q: int, full: tuple[int, ...]) -> NDArray[np.int64]:
        nonlocal left
        count = int(np.prod(full[1:], dtype=np.int64))
        found = np.empty((lanes, count), dtype=np.int64)
        for k in range(count):
            found[:, k] = left % q
            left = left // q
        return found.reshape(full)

    def functions(count: int, kind: FnType, sizes: tuple[int, ...]) -> FunctionValue:
        base, power = cast("tuple[int, int]", count_functions(kind, sizes, model))
        return tables(kind, sizes, model, digits(base, (lanes, count // lanes * power)).reshape(count, power))

    def cells(full: tuple[int, ...], inner: Type) -> Array:
        return digits(model.carriers[inner.name] if isinstance(inner, SortType) else cast(int, model.order), full)

    def naturals(full: tuple[int, ...]) -> Array:
        return np.zeros(full, dtype=np.int64)  # lists of naturals are exhausted only if they are empty

    def truths(full: tuple[int, ...]) -> Array:
        return digits(2, full).astype(np.bool_)

    return _build(shape_, lanes, _Sources(cells, naturals, truths, functions))


def indeterminates(shape_: Shape, ring: Polynomials) -> dict[str, Value]:
    """Return one lane whose scalars are different indeterminates.

    Raises `Undecidable` for truth values, lists of naturals, and functions.
    """
    used = 0

    def cells(full: tuple[int, ...], inner: Type) -> Array:
        nonlocal used
        count = int(np.prod(full, dtype=np.int64))
        block = ring.variables(used, count).reshape(full)
        used += count
        return block

    def refuse(full: tuple[int, ...]) -> Array:
        raise Undecidable("truth values and lists of naturals have no indeterminates")

    def no_functions(count: int, kind: FnType, sizes: tuple[int, ...]) -> FunctionValue:
        raise Undecidable("functions have no indeterminates")

    return _build(shape_, 1, _Sources(cells, refuse, refuse, no_functions))


def _told_apart(value: Value, lanes: int, model: Algebra) -> Value:
    """Return one hash per lane if `value` is a function or a list of functions; otherwise return `value`."""
    inner = value
    while isinstance(inner, ListValue):
        inner = inner.items
    if not isinstance(inner, FunctionValue):
        return value
    return mix_value(np.zeros(lanes, dtype=np.uint64), value, lanes, model).astype(np.int64)


def rows(values: Mapping[str, Value], lanes: int, model: Algebra) -> NDArray[np.int64]:
    """Return the values as one row of integers per lane. Lanes with different values have different rows."""
    columns: list[NDArray[np.int64]] = []

    def collect(a: Array) -> Array:
        if a.shape[0] == lanes:
            flat = a.reshape(lanes, -1)
            columns.append(flat.astype(np.int64) if flat.dtype != object else model.numbers(flat))
        return a

    for value in values.values():
        map_arrays(_told_apart(value, lanes, model), collect)
    return np.concatenate(columns, axis=1) if columns else np.zeros((lanes, 0), dtype=np.int64)

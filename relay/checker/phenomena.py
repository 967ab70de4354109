"""Decides whether a definition explains a phenomenon: whether it computes the output of every row from the inputs of
that row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import permutations
from math import prod
from typing import Any, cast

import flint
import numpy as np

from relay.checker.fields import small
from relay.errors import NotationError, TaskError
from relay.evaluation.algebra.base import Algebra, Array, TooLarge, Undecidable
from relay.evaluation.algebra.finite_fields import SMALL, PrimeField
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.algebra.structure import structure_of
from relay.evaluation.equality import equal, same_shape
from relay.evaluation.evaluate import Outcome, call
from relay.evaluation.evaluator import Oracle
from relay.evaluation.values import ListValue, MatrixValue, Value, VectorValue, take
from relay.notation import read_parameters
from relay.notation.syntax import (
    BoolType,
    Definition,
    FnType,
    ListType,
    MatrixType,
    NatType,
    ScalarType,
    SortType,
    Type,
    VectorType,
)
from relay.records.task import Given, Phenomenon, Row

FUEL = 200_000
"""Nodes that one row may cost."""
MOST_PARAMETERS = 5
"""No definition explains a phenomenon with more parameters than this. All orders of the parameters are tried, and five
parameters have 5! = 120."""


@dataclass(frozen=True, eq=False)
class RowGroup:
    """Rows of one phenomenon whose values have one shape. They are evaluated together."""

    inputs: tuple[Value, ...]
    output: Value
    count: int
    """Number of rows."""
    asks: str
    """The same text in two groups of phenomena with equal types and field means that their inputs are equal."""


class Behaviour:
    """A phenomenon whose types and rows are read.

    The types are read at construction, which raises `TaskError` if they are ill-formed. The rows are read at the first
    use of `groups`, which raises `TaskError` if a row does not fit the types."""

    def __init__(self, phenomenon: Phenomenon, given: Given) -> None:
        self.id = phenomenon.id
        self._phenomenon = phenomenon
        self._sorts = {sort.name: sort.size for sort in given.sorts}
        self.model = field_of(phenomenon.field, given, f"phenomenon `{phenomenon.id}`")
        header = ", ".join(f"p{n}: {text}" for n, text in enumerate(phenomenon.parameters))
        try:
            parameters, self.sizes = read_parameters(header, given)
            sizes_and_result, _ = read_parameters(f"{header}{', ' if header else ''}r: {phenomenon.result}", given)
        except NotationError as error:
            raise TaskError(f"the types of phenomenon `{phenomenon.id}` are ill-formed: {error.message}") from error
        self.types = phenomenon.parameters
        self.named = tuple(parameters)
        self.parameters = tuple(p.type for p in parameters)
        self.result = sizes_and_result[-1].type

    @cached_property
    def groups(self) -> tuple[RowGroup, ...]:
        """The rows, grouped by shape."""
        shaped: dict[str, list[Row]] = {}
        for row in self._phenomenon.rows:
            if len(row.inputs) != len(self.parameters):
                raise TaskError(
                    f"a row of phenomenon `{self.id}` has {len(row.inputs)} inputs; "
                    f"{len(self.parameters)} were expected"
                )
            shaped.setdefault(repr([_outline(x) for x in (*row.inputs, row.output)]), []).append(row)
        return tuple(
            RowGroup(
                tuple(self._values(t, [row.inputs[n] for row in rows]) for n, t in enumerate(self.parameters)),
                self._values(self.result, [row.output for row in rows]),
                len(rows),
                repr([row.inputs for row in rows]),
            )
            for rows in shaped.values()
        )

    def _values(self, type_: Type, given: Sequence[Any]) -> Value:
        try:
            return values_of(type_, given, self.model)
        except (ValueError, TypeError, ZeroDivisionError, IndexError, OverflowError) as error:
            raise TaskError(f"a row of phenomenon `{self.id}` does not fit its types: {error}") from error

    @cached_property
    def points(self) -> int:
        """Number of rows."""
        return sum(group.count for group in self.groups)

    @cached_property
    def whole(self) -> bool:
        """Whether the rows are all points of a structure. Two definitions that have them are then the same function."""
        sizes = [self._sorts.get(name) for name in self.types]
        points = prod(size or 0 for size in sizes)
        return points > 0 and len({repr(row.inputs) for row in self._phenomenon.rows}) == points

    @cached_property
    def commonest(self) -> int:
        """Number of rows that have the commonest output: as many as the best constant has right."""
        return max(Counter(repr(row.output) for row in self._phenomenon.rows).values(), default=0)

    @cached_property
    def worth_telling(self) -> int:
        """Number of points at which a definition has to agree so that it is told to be near: half of the points, and
        more than any constant has. All points are always enough."""
        return min(max(-(-self.points // 2), self.commonest + 1), self.points)

    def explained_by(self, definition: Definition, definitions: Mapping[str, Definition]) -> bool:
        """Whether `definition` returns the output of every row, if it takes the inputs of the row in a suitable
        order."""
        for order in self.orders(definition):
            if all(
                agreeing(outcome_of(definition, order, self, group, definitions, FUEL), self, group) == group.count
                for group in self.groups
            ):
                return True
        return False

    def orders(self, definition: Definition) -> Iterator[tuple[int, ...]]:
        """The orders in which `definition` can take the inputs of a row: number k of an order is the input that the
        definition's parameter k takes. None if the types do not fit."""
        if len(definition.parameters) != len(self.parameters) or not _alike(definition.result, self.result):
            return
        if len(self.parameters) > MOST_PARAMETERS:
            return
        for order in permutations(range(len(self.parameters))):
            if all(_alike(p.type, self.parameters[order[k]]) for k, p in enumerate(definition.parameters)):
                yield order


def outcome_of(
    definition: Definition,
    order: Sequence[int],
    behaviour: Behaviour,
    group: RowGroup,
    definitions: Mapping[str, Definition],
    fuel: int,
    oracle: Oracle | None = None,
) -> Outcome | None:
    """What `definition` gives at the inputs of `group`, in this order; None if the model can't answer or a value grows
    too large."""
    inputs = [group.inputs[k] for k in order]
    try:
        return call(definition, inputs, group.count, behaviour.model, definitions, fuel, oracle)
    except (Undecidable, TooLarge):
        return None


def agreeing(outcome: Outcome | None, behaviour: Behaviour, group: RowGroup) -> int:
    """The number of rows of `group` whose output an outcome has."""
    if outcome is None or outcome.value is None:
        return 0
    # where the outcome has no value, its arrays hold padding
    there = np.flatnonzero(outcome.ok)
    found, output = take(outcome.value, there), take(group.output, there)
    same = np.logical_and(
        same_shape(found, output), equal(found, output, len(there), behaviour.result, behaviour.model)
    )
    return int(np.broadcast_to(same, len(there)).sum())


def field_of(text: str, given: Given, where: str) -> Algebra:
    """Returns the model that contains a phenomenon's rows. Raises `TaskError`, which names `where`, if `text` is not
    `rationals`, `mod P` or `structure`."""
    if text == "structure":
        return structure_of(given)
    if text == "rationals":
        return Rationals()
    words = text.split()
    if len(words) == 2 and words[0] == "mod" and words[1].isdecimal() and flint.fmpz(int(words[1])).is_prime():
        p = int(words[1])
        return small(p) if p <= SMALL else PrimeField(p)
    raise TaskError(f"{where} has field `{text}`; `rationals`, `mod P` for a prime P, or `structure` was expected")


def values_of(type_: Type, given: Sequence[Any], model: Algebra) -> Value:
    """Converts plain data to a batch of values of type `type_`. Each item of `given` becomes one lane; all items must
    have one shape.

    Raises `ValueError` or `TypeError` if the data does not fit the type."""
    lanes = len(given)
    if isinstance(type_, NatType):
        return np.array([_natural(x) for x in given], dtype=np.int64)
    if isinstance(type_, SortType):
        return np.array([_element(x, type_.name, model) for x in given], dtype=np.int64)
    if isinstance(type_, BoolType):
        return np.array([_truth(x) for x in given], dtype=np.bool_)
    if isinstance(type_, ScalarType):
        return _scalars([[x] for x in given], model).reshape(lanes)
    if isinstance(type_, VectorType):
        size = len(given[0])
        return VectorValue(_scalars(given, model).reshape(lanes, size), size)
    if isinstance(type_, MatrixType):
        rows = len(given[0])
        columns = len(given[0][0]) if rows else 0
        flat = [[x for line in matrix for x in line] for matrix in given]
        return MatrixValue(_scalars(flat, model).reshape(lanes, rows, columns), rows, columns)
    if isinstance(type_, FnType):
        raise ValueError("a function cannot be given as plain data")
    length = len(given[0])
    if length == 0:
        raise ValueError("an empty list does not show the size of its items")
    # `given` is ordered by lane and then by item, a list value by item and then by lane
    per_item = [values_of(type_.item, [x[k] for x in given], model) for k in range(length)]
    return ListValue(_stack(per_item), length)


def _stack(items: Sequence[Value]) -> Value:
    first = items[0]
    if isinstance(first, VectorValue):
        return VectorValue(np.stack([cast(VectorValue, v).data for v in items], axis=1), first.size)
    if isinstance(first, MatrixValue):
        return MatrixValue(np.stack([cast(MatrixValue, v).data for v in items], axis=1), first.rows, first.columns)
    if isinstance(first, ListValue):
        return ListValue(_stack([cast(ListValue, v).items for v in items]), first.length)
    return np.stack([cast(Array, v) for v in items], axis=1)


def _natural(x: Any) -> int:
    if isinstance(x, bool) or not isinstance(x, int) or x < 0:  # in Python a bool is an int too
        raise ValueError(f"{x!r} is not a natural number")
    return x


def _element(x: Any, sort: str, model: Algebra) -> int:
    if sort not in model.carriers:
        raise ValueError(f"there are no values of {sort} in {model.name}; write `field: structure`")
    size = model.carriers[sort]
    if _natural(x) >= size:
        raise ValueError(f"{x} is not a value of {sort}; these are 0 to {size - 1}")
    return int(x)


def _truth(x: Any) -> bool:
    if not isinstance(x, bool):
        raise ValueError(f"{x!r} is not a truth value; write true or false")
    return x


def _scalars(given: Sequence[Sequence[Any]], model: Algebra) -> Array:
    numerators: list[int] = []
    denominators: list[int] = []
    for line in given:
        if len(line) != len(given[0]):
            raise ValueError("rows of one shape were expected")
        for x in line:
            if isinstance(x, bool) or not isinstance(x, int | str):
                raise ValueError(f"{x!r} is not a scalar; write an integer, or a fraction such as '1/2'")
            top, _, bottom = str(x).partition("/")
            numerators.append(int(top))
            denominators.append(int(bottom or "1"))
    # a denominator may be a multiple of the characteristic, so zero is tested in the field
    bottoms = model.from_int(np.array(denominators, dtype=np.int64))
    if len(denominators) and model.is_zero(bottoms).any():
        raise ValueError("a denominator is zero")
    tops = model.from_int(np.array(numerators, dtype=np.int64))
    return model.mul(tops, model.inverse(bottoms)) if len(denominators) else tops


def _outline(x: Any) -> Any:
    return [_outline(y) for y in x] if isinstance(x, list | tuple) else 0


def _alike(a: Type, b: Type) -> bool:
    """Whether two types are equal, apart from sizes. Unequal sizes show up when a row is evaluated."""
    if isinstance(a, ListType) and isinstance(b, ListType):
        return _alike(a.item, b.item)
    if isinstance(a, SortType) and isinstance(b, SortType):
        return a.name == b.name
    return type(a) is type(b) and not isinstance(a, ListType)

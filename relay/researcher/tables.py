"""Operations and phenomena in words and tables.

A table of one argument is one line of values. A table of two has a line for each value of the first argument; one of
more has a block for each. Rows that are no table of a sort's values, such as worked examples, are written one by one.
`agents/explorer/from_text.py` reads all of it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Any

from relay.records.task import Given, Operation
from relay.researcher.observation import PublicPhenomenon

__all__ = ["HIDDEN", "describe_operation", "describe_phenomena", "points"]

HIDDEN = "."
"""Stands in a table for a value that is not shown."""

READING = (
    "The values at 0, 1, ... stand in order.",
    "The line that begins with `x:` has the values at (x, 0), (x, 1), ...",
    "Below `(x, ...)` stand the values for the first argument x, a line or block for each value of the next.",
)
"""How a table of one, two, or more arguments is read."""
NOT_SHOWN = f" A value that is not shown is `{HIDDEN}`."


def describe_operation(operation: Operation) -> str:
    """The type and the table of a given operation."""
    signature = f"{operation.name}({', '.join(operation.parameters)}) -> {operation.result}"
    return f"{signature}\n{_table(operation.table, len(operation.parameters))}"


def describe_phenomena(phenomena: Sequence[PublicPhenomenon], given: Given) -> Iterator[str]:
    """The phenomena, one text for each, after those of the same words and the same type a text that heads them all.

    Tables come first, so that what they have in common is told once; then those that are shown row by row.
    """
    sizes = {sort.name: sort.size for sort in given.sorts}
    groups: dict[tuple[str, tuple[str, ...], str], list[tuple[int, str]]] = {}
    others = []
    for phenomenon in phenomena:
        table = _shown_table(phenomenon, sizes)
        if table is None:
            others.append(_row_by_row(phenomenon))
        else:
            kind = (phenomenon.text.strip(), phenomenon.parameters, phenomenon.result)
            groups.setdefault(kind, []).append((phenomenon.number, table))
    for (text, parameters, result), tables in groups.items():
        partly = NOT_SHOWN if any(HIDDEN in table.split() for _, table in tables) else ""
        reading = READING[min(len(parameters), len(READING)) - 1]
        yield f"Tables, ({', '.join(parameters)}) -> {result}. {reading}{partly}\n{text}".rstrip()
        for number, table in tables:
            yield f"{number}.{' ' if len(parameters) == 1 else chr(10)}{table}"
    yield from others


def points(parameters: Sequence[str], sizes: Mapping[str, int]) -> Iterator[tuple[int, ...]]:
    """All arguments of these sorts, in the order of a table."""
    return product(*(range(sizes[name]) for name in parameters))


def _shown_table(phenomenon: PublicPhenomenon, sizes: Mapping[str, int]) -> str | None:
    """A phenomenon's rows as a table. None if they aren't a table's values in order, or fewer than half of them."""
    parameters = phenomenon.parameters
    if phenomenon.field != "structure" or not parameters or not sizes.keys() >= set(parameters):
        return None
    every = list(points(parameters, sizes))
    shown = {row.inputs: row.output for row in phenomenon.rows}
    in_order = [row.inputs for row in phenomenon.rows] == [point for point in every if point in shown]
    plain = all(type(value) in (int, bool) for value in shown.values())
    if not (in_order and plain and 2 * len(shown) >= len(every)):
        return None
    values = iter([str(shown.get(point, HIDDEN)) for point in every])
    return _table(_nested(values, [sizes[name] for name in parameters]), len(parameters))


def _nested(values: Iterator[str], sizes: Sequence[int]) -> Any:
    if not sizes:
        return next(values)
    return [_nested(values, sizes[1:]) for _ in range(sizes[0])]


def _table(table: Any, levels: int) -> str:
    """A table with `levels` arguments as text."""
    if levels <= 1:
        return " ".join(map(str, table)) if isinstance(table, list | tuple) else str(table)
    if levels == 2:
        return "\n".join(f"{row}: " + " ".join(map(str, values)) for row, values in enumerate(table))
    return "\n".join(f"({row}, ...)\n{_table(values, levels - 1)}" for row, values in enumerate(table))


def _row_by_row(phenomenon: PublicPhenomenon) -> str:
    where = "" if phenomenon.field == "structure" else f", numbers are {phenomenon.field}"
    kind = f"({', '.join(phenomenon.parameters)}) -> {phenomenon.result}{where}"
    head = f"{phenomenon.number}. {phenomenon.text.strip()} {kind}"
    rows = [f"{', '.join(map(_value, row.inputs))} -> {_value(row.output)}" for row in phenomenon.rows]
    # Short rows share a line, which saves tokens.
    joint = "; " if all(len(row) < 16 for row in rows) else "\n"
    return f"{head}\n{joint.join(rows)}"


def _value(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)

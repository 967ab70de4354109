"""Check that a task's given describes a finite structure: sorts with a size, operations with complete tables.

All code that evaluates terms relies on this check. The message of a `TaskError` names the faulty sort or operation,
and what was expected.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from relay.errors import TaskError
from relay.notation import RESERVED
from relay.records.task import Given, Operation

__all__ = ["LARGEST", "check_given"]

LARGEST = 1_000_000
"""The largest size of a sort."""

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_given(given: Given) -> None:
    """Raise `TaskError` unless `given` describes a finite structure."""
    if given.scalars and given.sorts:
        raise TaskError(f"a task gives either scalars or sorts, not both; remove `scalars` or `{given.sorts[0].name}`")
    sizes: dict[str, int] = {}
    for sort in given.sorts:
        _check_name("sort", sort.name, sizes)
        if not 1 <= sort.size <= LARGEST:
            raise TaskError(f"sort `{sort.name}` has size {sort.size}; a size from 1 to {LARGEST:,} was expected")
        sizes[sort.name] = sort.size
    names = set(sizes)
    for operation in given.operations:
        _check_name("operation", operation.name, names)
        names.add(operation.name)
        _check_operation(operation, sizes)


def _check_name(noun: str, name: str, taken: Mapping[str, int] | set[str]) -> None:
    if not _NAME.fullmatch(name):
        raise TaskError(f"the {noun} `{name}` has an invalid name; use letters, digits and `_`, with a letter first")
    if name in RESERVED:
        raise TaskError(f"the {noun} `{name}` has the name of a word of the notation; give it another name")
    if name in taken:
        raise TaskError(f"the {noun} `{name}` has a name that is already in use; give it another name")


def _check_operation(operation: Operation, sizes: Mapping[str, int]) -> None:
    where = f"operation `{operation.name}`"
    for sort in (*operation.parameters, operation.result):
        if sort not in sizes:
            raise TaskError(f"{where} uses `{sort}`, which is not a sort of the task ({', '.join(sizes) or 'none'})")
    # the table of a constant is a list of one value
    shape = [sizes[sort] for sort in operation.parameters] or [1]
    _check_table(operation.table, shape, sizes[operation.result], f"the table of {where}")


def _check_table(table: Any, shape: Sequence[int], size: int, where: str) -> None:
    """Check that `table` is nested as `shape` says and contains whole numbers from 0 to `size - 1`."""
    if not shape:
        # not `isinstance`: True and False are ints, and in a table they are mistakes
        if type(table) is not int or not 0 <= table < size:
            raise TaskError(f"{where} holds {_shown(table)}; a whole number from 0 to {size - 1} was expected")
        return
    if not isinstance(table, list | tuple) or len(table) != shape[0]:
        found = f"{len(table)} entries" if isinstance(table, list | tuple) else _shown(table)
        raise TaskError(f"{where} has {found}; {shape[0]} were expected: one for each value of its parameter")
    for entry in table:
        _check_table(entry, shape[1:], size, where)


def _shown(value: Any) -> str:
    text = repr(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= 40 else text[:37] + "..."

"""Equality and the connectives on a finite structure, as functions with tables, so that searches apply them like any
other.

Truth values are the values 0 and 1 of the sort `TRUTH`. The names of these functions are no names in the notation, so
no definition can have them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.researcher.bench.function import BenchFunction

TRUTH = "Bool"
"""The name of the sort of truth values."""

EQUAL, NOT, AND, OR = "==", "not", "and", "or"


def connectives(sizes: Mapping[str, int]) -> list[tuple[BenchFunction, NDArray[Any]]]:
    """Return equality on each sort but truth values, then `not`, `and` and `or`, each with its table. `sizes` holds the
    number of values of each sort."""
    one, two = (TRUTH,), (TRUTH, TRUTH)
    equalities = [
        (BenchFunction(f"{EQUAL} {sort}", (sort, sort), TRUTH), np.eye(size, dtype=np.int64))
        for sort, size in sizes.items()
        if sort != TRUTH
    ]
    return [
        *equalities,
        (BenchFunction(NOT, one, TRUTH), np.array([1, 0])),
        (BenchFunction(AND, two, TRUTH), np.array([[0, 0], [0, 1]])),
        (BenchFunction(OR, two, TRUTH), np.array([[0, 1], [1, 1]])),
    ]


def unbracketed(term: str) -> str:
    """Return a spelt term without the brackets around the whole of it."""
    # Only a conjunction or a disjunction begins with a bracket, and then it ends with the other one.
    return term[1:-1] if term.startswith("(") else term


def spelt(name: str, arguments: Sequence[str]) -> str:
    """Return the application of the function `name` to terms, in the notation."""
    word = name.partition(" ")[0]
    if word == EQUAL:
        return f"{arguments[0]} == {arguments[1]}"  # of a sort, so that neither side needs brackets
    if word == NOT:
        return f"not {arguments[0]}"
    if word in (AND, OR):
        return f"({arguments[0]} {word} {arguments[1]})"
    return f"{name}({', '.join(arguments)})"

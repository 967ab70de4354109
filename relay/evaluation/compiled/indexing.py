"""Closures of `A[i, j]`, `v[i]` and `L[k]`. They raise `Undefined` if an index is out of range."""

from __future__ import annotations

from typing import Any

from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import Code, Computation, Names


def entry_of(name: str, i: Code, j: Code) -> Code:
    """Return a closure that reads entry (`i`, `j`) of the matrix with the name `name`.

    Most indexed matrices are plain names, so this case has a way of its own, which is faster.
    """

    def value(names: Names, run: Computation) -> Any:
        matrix = names[name]
        row, column = i(names, run), j(names, run)
        width = matrix.columns
        if row >= matrix.rows or column >= width:
            raise Undefined
        return matrix.entries[row * width + column]

    return value


def entry(a: Code, i: Code, j: Code) -> Code:
    """Return the closure of an entry of any matrix."""

    def value(names: Names, run: Computation) -> Any:
        matrix = a(names, run)
        row, column = i(names, run), j(names, run)
        if row >= matrix.rows or column >= matrix.columns:
            raise Undefined
        return matrix.entries[row * matrix.columns + column]

    return value


def item(a: Code, k: Code, listed: bool) -> Code:
    """Return the closure of an item of a list, or of a component of a vector if `listed` is false."""

    def value(names: Names, run: Computation) -> Any:
        items = a(names, run)
        if listed:
            items = items.items
        place = k(names, run)
        if place >= len(items):
            raise Undefined
        return items[place]

    return value

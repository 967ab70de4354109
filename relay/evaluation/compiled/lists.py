"""Closures of `[a, b]` and `L + M`. All items of a list have the same sizes; an empty list has sizes too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, cast

from relay.evaluation.algebra.base import TooLarge
from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import OVERSPENT, Code, Coding, Computation, Names
from relay.evaluation.plain_values import Lst, Mat, sizes
from relay.notation.syntax import Type
from relay.notation.traversal import type_terms


def has_arrays(type_: Type) -> bool:
    """Whether a type contains arrays, so that its values have sizes."""
    return bool(type_terms(type_))


def ghost_sizes(type_: Type, code: Coding) -> Code:
    """Return the closure of the sizes in a type, for a list without items. A size without a value is 0."""
    terms = [code(term) for term in type_terms(type_)]

    def value(names: Names, run: Computation) -> tuple[int, ...]:
        found: list[int] = []
        for term in terms:
            try:
                found.append(term(names, run))
            except (Undefined, TooLarge):
                found.append(0)
        return tuple(found)

    return value


def even_list(items: Sequence[Any], ghost: Callable[[], tuple[int, ...]]) -> Lst:
    """Return a list of arrays, or of lists of arrays. `ghost` returns the sizes if there are no items.

    Raises `Undefined` if the sizes of the items differ.
    """
    leaves = [leaf for item in items for leaf in _leaves(item)]
    if any(leaf != leaves[0] for leaf in leaves):
        raise Undefined
    common = leaves[0] if leaves else sizes(items[0]) if items else ghost()
    return cast(Lst, _resized(Lst(items), common))


def _leaves(value: Any) -> Iterator[tuple[int, ...]]:
    if isinstance(value, Lst):
        for item in value.items:
            yield from _leaves(item)
    elif isinstance(value, tuple | Mat):
        yield sizes(value)


def _resized(value: Any, common: tuple[int, ...]) -> Any:
    return Lst([_resized(item, common) for item in value.items], common) if isinstance(value, Lst) else value


def make_list(args: Sequence[Code], item: Type, code: Coding) -> Code:
    """Return the closure of the list of the arguments."""
    if not has_arrays(item):
        return lambda names, run: Lst([arg(names, run) for arg in args])
    ghost = ghost_sizes(item, code)
    return lambda names, run: even_list([arg(names, run) for arg in args], lambda: ghost(names, run))


def concatenate(a: Code, b: Code, item: Type) -> Code:
    """Return the closure of the list `a` followed by the list `b`. Each item of both is charged."""
    arrays = has_arrays(item)

    def value(names: Names, run: Computation) -> Lst:
        left, right = a(names, run), b(names, run)
        run.left -= len(left.items) + len(right.items)
        if run.left < 0:
            raise TooLarge(OVERSPENT)
        items = [*left.items, *right.items]
        return even_list(items, lambda: cast("tuple[int, ...]", left.sizes)) if arrays else Lst(items)

    return value

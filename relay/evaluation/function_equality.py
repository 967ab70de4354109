"""Equality of functions: two functions are equal if they have the same value at all arguments.

Equality is written as a term of the notation over two functions (or two lists of functions) and their sizes, so it
costs the fuel of that term.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import count

from relay.notation.syntax import (
    BOOL,
    NAT,
    Apply,
    Choice,
    Comprehension,
    FnType,
    Generator,
    ListType,
    Numeral,
    Range,
    Term,
    Type,
    Values,
    Variable,
)
from relay.notation.traversal import map_sizes

LEFT, RIGHT = "left'", "right'"


def size_name(number: int) -> str:
    """Return the name that `agreement` gives to size number `number` of a function's type."""
    return f"size'{number}"


@lru_cache(maxsize=256)
def agreement(kind: Type) -> Term:
    """Return a term that is true if the variables `LEFT` and `RIGHT` are equal.

    `kind` is the type of both: a type of functions, or of lists that contain functions.
    """
    left, right = Variable(LEFT, kind), Variable(RIGHT, kind)
    none = Numeral(0, NAT)
    if isinstance(kind, ListType):
        k = Variable("k'", NAT)
        items = tuple(Apply("item", (listed, k), kind.item) for listed in (left, right))
        lengths = tuple(Apply("len", (listed,), NAT) for listed in (left, right))
        differ = Comprehension("count", Apply("ne", items, BOOL), (Generator(k, Range(none, lengths[0])),), NAT)
        return Choice("and", (Apply("eq", lengths, BOOL), Apply("eq", (differ, none), BOOL)), BOOL)
    assert isinstance(kind, FnType)
    numbers = count()
    named = map_sizes(kind, lambda size: Variable(size_name(next(numbers)), NAT))
    assert isinstance(named, FnType)
    # Differences are counted, because `all` would stop at the first one: if a function is undefined at some argument,
    # the equality is undefined.
    arguments = tuple(Variable(f"x'{n}", part) for n, part in enumerate(named.parameters))
    values = tuple(Apply("apply", (function, *arguments), named.result) for function in (left, right))
    clauses = tuple(Generator(x, Values(x.type)) for x in arguments)
    differ = Comprehension("count", Apply("ne", values, BOOL), clauses, NAT)
    return Apply("eq", (differ, none), BOOL)

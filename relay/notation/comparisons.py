"""The operations that compare: their names in terms, how they are written, and what they say in terms of `<`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["AS_LESS", "COMPARISONS", "EQUALITIES", "ORDERS", "STRICT", "SYMBOLS", "TURNED"]

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip
"""Operation -> function that compares two numbers, or the entries of two arrays, in this way."""

SYMBOLS: Mapping[str, str] = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
"""Operation -> how the notation writes it."""

EQUALITIES = frozenset({"eq", "ne"})
"""The comparisons that are defined on every type. Exchanging their sides does not change their outcome."""

ORDERS = frozenset({"lt", "le", "gt", "ge"})
"""The comparisons that are defined on numbers only."""

STRICT = frozenset({"lt", "gt"})
"""The orders that are false whenever both sides are equal."""

TURNED: Mapping[str, str] = {"gt": "lt", "ge": "le"}
"""For each order that puts the larger side first: the order that says the same when the sides are exchanged."""

AS_LESS: Mapping[str, tuple[bool, bool]] = {
    "lt": (False, False),
    "gt": (True, False),
    "le": (True, True),
    "ge": (False, True),
}
"""How to decide an order by `<` alone: whether to exchange its sides, and whether to negate the outcome. For example,
`a <= b` is `not b < a`."""

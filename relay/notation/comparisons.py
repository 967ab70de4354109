"""The operations that compare: their names in terms, how they are written, and what they say in terms of `<`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["AS_LESS", "COMPARISONS", "EQUALITIES", "ORDERS", "STRICT", "SYMBOLS", "TURNED"]

COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": operator.eq, "ne": operator.ne, "lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge,
}  # fmt: skip
"""Each with the function that compares two numbers, or two arrays of numbers, so."""

SYMBOLS: Mapping[str, str] = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
"""Each as it is written."""

EQUALITIES = frozenset({"eq", "ne"})
"""Defined on every type; the same with their sides exchanged."""

ORDERS = frozenset({"lt", "le", "gt", "ge"})
"""Defined on numbers."""

STRICT = frozenset({"lt", "gt"})
"""Orders that nothing has with itself."""

TURNED: Mapping[str, str] = {"gt": "lt", "ge": "le"}
"""The same order with its sides exchanged, for those that put the larger side first."""

AS_LESS: Mapping[str, tuple[bool, bool]] = {
    "lt": (False, False),
    "gt": (True, False),
    "le": (True, True),
    "ge": (False, True),
}
"""What an order says where only `<` is known: whether its sides are exchanged, and whether the outcome is negated.
`a <= b` is `not b < a`."""

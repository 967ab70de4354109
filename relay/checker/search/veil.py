"""A field under a veil: values in it are shown without anything that gives its characteristic away.

Elements other than 0, 1 and -1 are shown as a letter with a number: equal elements alike, and opposite ones with
opposite signs. Small numbers are hidden too: 6 in a field that has a square root of -1 gives away 37.
"""

from __future__ import annotations

from collections.abc import Collection
from copy import copy
from typing import Any

import numpy as np

from relay.evaluation.algebra.base import Algebra
from relay.notation.syntax import FnType, ListType, NatType, Type

__all__ = ["is_veiled", "shows_naturals", "veiled"]

LETTERS = "ehstuwz"
"""The first of these letters with which no name of the claim begins stands for elements."""


def veiled(model: Algebra, names: Collection[str]) -> Algebra:
    """Returns a copy of the field that shows elements as `e1`, `e2` and so on, in the order in which they are first
    shown. `names` are the names that stand beside them."""
    letter = next((c for c in LETTERS if not any(name.startswith(c) for name in names)), LETTERS[0])
    texts: dict[str, str] = {}
    count = 0

    def name(code: Any, text: str) -> None:
        texts[str(code)] = text
        opposite = np.asarray(model.neg(np.array([code], dtype=model.dtype)))[0]
        texts.setdefault(str(opposite), f"-{text}")

    def show(code: Any) -> str:
        nonlocal count
        if str(code) not in texts:
            count += 1
            name(code, f"{letter}{count}")
        return texts[str(code)]

    zero, one = model.from_int(np.array([0, 1], dtype=np.int64))
    name(zero, "0")
    name(one, "1")
    copied = copy(model)
    copied.show = show  # type: ignore[method-assign]
    return copied


def is_veiled(model: Algebra) -> bool:
    """Whether `veiled` made the field."""
    return "show" in vars(model)


def shows_naturals(type_: Type) -> bool:
    """Whether values of the type hold natural numbers. One that a statement computes may give its field away, as the
    number of all scalars does."""
    if isinstance(type_, ListType):
        return shows_naturals(type_.item)
    return isinstance(type_, NatType | FnType)

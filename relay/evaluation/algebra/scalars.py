"""Arithmetic on single scalars, for terms that are evaluated one value at a time (`relay.evaluation.compiled`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from relay.evaluation.algebra.base import Undecidable


class Undefined(Exception):  # not an error: it only ends a computation
    """The term has no value."""


class Scalars(ABC):
    """Arithmetic on single scalars. Every method may raise `Undecidable` or `TooLarge`."""

    @abstractmethod
    def number(self, k: int) -> Any:
        """The image of an integer."""

    @abstractmethod
    def add(self, a: Any, b: Any) -> Any: ...

    @abstractmethod
    def sub(self, a: Any, b: Any) -> Any: ...

    @abstractmethod
    def mul(self, a: Any, b: Any) -> Any: ...

    @abstractmethod
    def neg(self, a: Any) -> Any: ...

    @abstractmethod
    def div(self, a: Any, b: Any) -> Any:
        """The quotient. Raises `Undefined` if the divisor is zero."""

    @abstractmethod
    def conj(self, a: Any) -> Any:
        """The involution."""

    @abstractmethod
    def power(self, a: Any, exponent: int) -> Any:
        """`a ** exponent`; `0 ** 0` is 1."""

    @abstractmethod
    def same(self, a: Any, b: Any) -> bool | None:
        """Whether two scalars are equal; None if that depends on values not known here."""

    def decide(self, a: Any, b: Any) -> bool:
        """Decide whether two scalars are equal, after `same` returned None. By default raises `Undecidable`."""
        raise Undecidable("whether two scalars are equal depends on their values")

    def less(self, a: Any, b: Any) -> bool:
        """Whether a < b, in ordered fields. Raises `Undecidable` in others."""
        raise Undecidable("these scalars have no order")

    def total(self, items: Sequence[Any]) -> Any:
        """The sum of the items; 0 if there are none."""
        if not items:
            return self.number(0)
        result = items[0]
        for item in items[1:]:
            result = self.add(result, item)
        return result

    def product(self, items: Sequence[Any]) -> Any:
        """The product of the items; 1 if there are none."""
        if not items:
            return self.number(1)
        result = items[0]
        for item in items[1:]:
            result = self.mul(result, item)
        return result

"""Arithmetic on single scalars, for what is valued one value at a time (`relay.evaluation.compiled`)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any

from relay.evaluation.algebra.base import Undecidable


class Undefined(Exception):  # a way out of a computation, not an error
    """The term has no value."""


class Scalars(ABC):
    """Arithmetic on single scalars. Every method may raise `Undecidable` and `TooLarge`."""

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
        """The quotient; raises `Undefined` where the divisor is zero."""

    @abstractmethod
    def conj(self, a: Any) -> Any:
        """The involution."""

    @abstractmethod
    def power(self, a: Any, exponent: int) -> Any:
        """`a ** exponent`; `0 ** 0` is 1."""

    @abstractmethod
    def same(self, a: Any, b: Any) -> bool | None:
        """Whether two scalars are equal; None where that is open."""

    def decide(self, a: Any, b: Any) -> bool:
        """The answer for two scalars of which it is open whether they are equal."""
        raise Undecidable("whether two scalars are equal depends on their values")

    def less(self, a: Any, b: Any) -> bool:
        """The order, where there is one."""
        raise Undecidable("these scalars have no order")

    def total(self, items: Sequence[Any]) -> Any:
        """The sum."""
        if not items:
            return self.number(0)
        result = items[0]
        for item in items[1:]:
            result = self.add(result, item)
        return result

    def product(self, items: Sequence[Any]) -> Any:
        """The product."""
        if not items:
            return self.number(1)
        result = items[0]
        for item in items[1:]:
            result = self.mul(result, item)
        return result

"""Arithmetic on scalars, whatever they are, and what may end a reading besides a value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from relay.checker.referee.values import Scalar, Value


class NoValue(Exception):  # it is what a term can be, not an error
    """The term has no value."""


class Inexpressible(Exception):  # as above
    """The referee can't say; the reason is for a person."""


class NodeBudget:
    """What a claim may still cost, in nodes; long polynomials count for more."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, amount: int = 1) -> None:
        """Raises `Inexpressible` where nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise Inexpressible("too much work")


class Arithmetic(ABC):
    """Scalars, one at a time."""

    @abstractmethod
    def number(self, k: int) -> Scalar: ...

    @abstractmethod
    def add(self, a: Scalar, b: Scalar) -> Scalar: ...

    @abstractmethod
    def negative(self, a: Scalar) -> Scalar: ...

    @abstractmethod
    def multiply(self, a: Scalar, b: Scalar) -> Scalar: ...

    @abstractmethod
    def divide(self, a: Scalar, b: Scalar) -> Scalar:
        """`b` is known not to be zero."""

    @abstractmethod
    def conjugate(self, a: Scalar) -> Scalar: ...

    @abstractmethod
    def vanish(self, scalars: Sequence[Scalar]) -> bool:
        """Whether all of them are zero."""

    @abstractmethod
    def truth(self, value: Value) -> bool:
        """A truth value, which may be open as yet."""

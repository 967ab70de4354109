"""The interface of scalar arithmetic, and the exceptions that end an evaluation without a value."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from relay.checker.referee.values import Scalar, Value


class NoValue(Exception):  # not named an error: an undefined term is an ordinary result
    """The term is undefined."""


class Inexpressible(Exception):  # not named an error: giving up is an ordinary result
    """The referee gives up. The message gives the reason, for people."""


class NodeBudget:
    """The work that a claim may still take, in evaluated nodes. Operations on long polynomials count as several."""

    def __init__(self, left: int) -> None:
        self.left = left

    def spend(self, amount: int = 1) -> None:
        """Subtract some work. Raises `Inexpressible` if nothing is left."""
        self.left -= amount
        if self.left < 0:
            raise Inexpressible("too much work")


class Arithmetic(ABC):
    """Operations on single scalars. Implemented by `Symbolic` (generic scalars) and `Points` (numbers)."""

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
        """Return `a / b`. Precondition: `vanish` has said that `b` is not zero."""

    @abstractmethod
    def conjugate(self, a: Scalar) -> Scalar: ...

    @abstractmethod
    def vanish(self, scalars: Sequence[Scalar]) -> bool:
        """Return whether all of the scalars are zero. Generic scalars take the answer from their path."""

    @abstractmethod
    def truth(self, value: Value) -> bool:
        """Return a truth value as a bool. The path decides an open truth value."""

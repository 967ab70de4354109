"""The meaning of terms at unknown sizes.

If reading a term returns a meaning, the term is defined for all values that satisfy the assumptions made so far;
otherwise reading raises `GiveUp`. Each kind of term is read by a module of its own: `operations`, `choices`, `calls`,
`comprehensions`.
"""

from __future__ import annotations

from collections.abc import Mapping

from relay.checker.symbolic.calls import Calls
from relay.checker.symbolic.choices import Choices
from relay.checker.symbolic.comprehensions import Comprehensions
from relay.checker.symbolic.operations import Operations
from relay.checker.symbolic.sizes import GiveUp, Size
from relay.checker.symbolic.sums import Sum, SumAlgebra
from relay.checker.symbolic.values import (
    CertainTruth,
    Formula,
    Matrix,
    Meaning,
    Names,
    Number,
    Scalar,
    SymbolicList,
    Vector,
    Zero,
    size_of,
)
from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Comprehension,
    Definition,
    NatType,
    Numeral,
    Term,
    Truth,
    Variable,
)

READING = 5
"""Steps of work that reading one term costs."""


class TermInterpreter:
    """Reads the terms of one claim."""

    def __init__(self, algebra: SumAlgebra, definitions: Mapping[str, Definition]) -> None:
        self.algebra = algebra
        self.facts: list[Zero] = []
        """Laws of newly made symbols, such as those of adjugates. The prover learns them and clears the list."""
        self._operations = Operations(self)
        self._choices = Choices(self)
        self._calls = Calls(self, definitions)
        self._comprehensions = Comprehensions(self)

    @property
    def recognised(self) -> set[str]:
        """Keys of the definitions that were recognised as a known function."""
        return self._calls.recognised

    def read(self, term: Term, names: Names, callee: Definition | None = None) -> Meaning:
        """Return the meaning of `term`. Raises `GiveUp`.

        `callee` is the definition whose body contains `term`; None for the claim itself.
        """
        self.algebra.spend(READING)
        if isinstance(term, Numeral):
            if isinstance(term.type, NatType):
                return Number(Size.constant(term.value))
            return Scalar(self.algebra.number(term.value))
        if isinstance(term, Truth):
            return CertainTruth(term.value)
        if isinstance(term, Variable):
            if term.name not in names:
                raise GiveUp
            return names[term.name]
        if isinstance(term, Apply):
            return self._operations.read(term, names, callee)
        if isinstance(term, Choice):
            return self._choices.read(term, names, callee)
        if isinstance(term, Call):
            return self._calls.read(term, names, callee)
        if isinstance(term, Comprehension):
            return self._comprehensions.read(term, names, callee)
        raise GiveUp

    def size(self, term: Term, names: Names) -> Size:
        """Return the natural number that `term` means. Raises `GiveUp` if it is an index that is not constant."""
        return size_of(self.read(term, names))

    def scalar(self, term: Term, names: Names, callee: Definition | None) -> Sum:
        """Return the scalar that `term` means. Raises `GiveUp`."""
        value = self.read(term, names, callee)
        if not isinstance(value, Scalar):
            raise GiveUp
        return value.sum

    def formula(self, term: Term, names: Names) -> Formula:
        """Return the truth value that `term`, a part of the claim itself, means. Raises `GiveUp`."""
        return self.truth(term, names, None)

    def truth(self, term: Term, names: Names, callee: Definition | None) -> Formula:
        """Return the truth value that `term` means. Raises `GiveUp`."""
        value = self.read(term, names, callee)
        if isinstance(value, Number | Scalar | Vector | Matrix | SymbolicList):
            raise GiveUp
        return value

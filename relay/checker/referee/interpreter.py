"""Evaluation of terms, node by node, over any scalar arithmetic.

Nothing is batched or cached: a term is evaluated as docs/notation.md defines it, from left to right, and only as far
as its value is needed. Two exceptions end an evaluation without a value: `NoValue` if the term is undefined, and
`Inexpressible` if the referee gives up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relay.checker.referee.arithmetic import Arithmetic, Inexpressible, NodeBudget, NoValue
from relay.checker.referee.comprehensions import RefereeComprehensions
from relay.checker.referee.operations import RefereeOperations
from relay.checker.referee.values import Names, Value, sizes_of
from relay.notation.syntax import (
    Apply,
    Call,
    Choice,
    Comprehension,
    Definition,
    ListType,
    NatType,
    Numeral,
    Term,
    Truth,
    Variable,
)
from relay.notation.traversal import type_terms

MOST_CALLS = 60
"""Largest nesting depth of calls."""


class Interpreter:
    """Evaluates the terms of one claim."""

    def __init__(self, arithmetic: Arithmetic, definitions: Mapping[str, Definition], budget: NodeBudget) -> None:
        self._scalars = arithmetic
        self._operations = RefereeOperations(arithmetic)
        self._comprehensions = RefereeComprehensions(arithmetic, self.value)
        self._definitions = definitions
        self._budget = budget

    def value(self, term: Term, names: Names, home: Definition | None = None, depth: int = 0) -> Value:
        """Return the value of a term, given the values of names. Raises `NoValue` and `Inexpressible`.

        `home` is the definition that the term stands in, and `depth` counts the calls around it.
        """
        self._budget.spend()
        if isinstance(term, Numeral):
            return term.value if isinstance(term.type, NatType) else self._scalars.number(term.value)
        if isinstance(term, Truth):
            return term.value
        if isinstance(term, Variable):
            return names[term.name]
        if isinstance(term, Choice):
            return self._choice(term, names, home, depth)
        if isinstance(term, Comprehension):
            return self._comprehensions.value(term, names, home, depth)
        if not isinstance(term, Apply | Call):
            raise Inexpressible(f"the referee does not evaluate terms of the kind `{type(term).__name__}`")
        args = [self.value(arg, names, home, depth) for arg in term.args]
        if isinstance(term, Call):
            target = home if term.key == "self" else self._definitions.get(term.key)
            if target is None or len(args) != len(target.parameters):
                raise Inexpressible("the claim calls a function parameter or an operation of the task")
            return self._call(target, args, depth + 1)
        if term.op == "list":
            assert isinstance(term.type, ListType)
            return self._comprehensions.listed(tuple(args), term.type.item, names, home, depth)
        return self._operations.value(term, args)

    def _choice(self, term: Choice, names: Names, home: Definition | None, depth: int) -> Value:
        first = self._scalars.truth(self.value(term.args[0], names, home, depth))
        if term.kind == "if":
            return self.value(term.args[1 if first else 2], names, home, depth)
        # `or` needs no second operand if the first is true; `and` and `implies` need none if it is false.
        if first == (term.kind == "or"):
            return term.kind != "and"
        return self.value(term.args[1], names, home, depth)

    def _call(self, definition: Definition, args: Sequence[Value], depth: int) -> Value:
        """Return the value of a call. Raises `NoValue` if a size of an argument or of the result is not as declared."""
        if depth > MOST_CALLS:
            raise Inexpressible("calls nest too deep")
        names: dict[str, Value] = {p.name: arg for p, arg in zip(definition.parameters, args, strict=True)}
        asked: list[tuple[Term, int]] = []
        bound: set[str] = set()
        for parameter, arg in zip(definition.parameters, args, strict=True):
            for size, found in zip(type_terms(parameter.type), sizes_of(arg), strict=True):
                # The first occurrence of a size name binds it. All other sizes are compared once every name is bound.
                if isinstance(size, Variable) and size.name in definition.sizes and size.name not in bound:
                    bound.add(size.name)
                    names[size.name] = found
                else:
                    asked.append((size, found))
        self._compare(asked, names)
        value = self.value(definition.body, names, definition, depth)
        self._compare(list(zip(type_terms(definition.result), sizes_of(value), strict=True)), names)
        return value

    def _compare(self, asked: Sequence[tuple[Term, int]], names: Names) -> None:
        """Raise `NoValue` if a declared size differs from the size found. `asked` has pairs of the two."""
        for size, found in asked:
            if self.value(size, names) != found:
                raise NoValue

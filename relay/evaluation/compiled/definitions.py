"""Compiled definitions, and the cache of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, cast

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.calls import has_its_type
from relay.evaluation.compiled.codes import OVERSPENT, Code, Computation, Names
from relay.evaluation.compiled.terms import code
from relay.evaluation.definition_tables import CALL_DEPTH
from relay.evaluation.plain_values import sizes
from relay.notation.syntax import Definition, MatrixType, NatType, Type, Variable, VectorType
from relay.notation.traversal import has_functions, type_terms

ITSELF = ""
"""The name under which a frame holds the definition that is being evaluated; no name of the notation is empty."""
MOST_KEPT = 2_048
"""Most definitions in the cache, which bounds memory."""


class CompiledDefinition:
    """A compiled definition. The constructor raises `Undecidable` if it can't be evaluated for single values."""

    def __init__(self, definition: Definition) -> None:
        self.definition = definition
        self.names = tuple(parameter.name for parameter in definition.parameters)
        self.counts = all(isinstance(parameter.type, NatType) for parameter in definition.parameters)
        """Whether all parameters are natural numbers."""
        self.binds: list[tuple[int, Callable[[Any], int], str]] = []
        """Sizes that bind a name, as triples: the argument's number, the function that reads the size, the name."""
        self.compares: list[tuple[int, Callable[[Any], int], Code]] = []
        """Sizes to compare, as triples: the argument's number, the function that reads the size, the expected size."""
        unbound = set(definition.sizes)
        # `plain_values` has no functions.
        if any(has_functions(parameter.type) for parameter in definition.parameters):
            raise Undecidable("functions can't be passed as single values")
        for n, parameter in enumerate(definition.parameters):
            for place, term in enumerate(type_terms(parameter.type)):
                if isinstance(term, Variable) and term.name in unbound:
                    unbound.discard(term.name)
                    self.binds.append((n, _size(parameter.type, place), term.name))
                else:
                    self.compares.append((n, _size(parameter.type, place), code(term)))
        self.run = code(definition.body)
        sure = has_its_type(definition.body) and definition.body.type == definition.result
        self.result = () if sure else tuple(code(term) for term in type_terms(definition.result))
        """The closures of the sizes that the result must have; empty if the result certainly has them."""

    def frame(self, args: Sequence[Any], run: Computation) -> Names:
        """Return the names of a call. Raises `Undefined` if the sizes of the arguments do not fit."""
        names: Names = dict(zip(self.names, args, strict=True))
        names[ITSELF] = self
        for n, size, name in self.binds:
            names[name] = size(args[n])
        for n, size, expected in self.compares:
            if expected(names, run) != size(args[n]):
                raise Undefined
        return names

    def call(self, args: Sequence[Any], run: Computation) -> Any:
        """Return the value at the given arguments.

        Raises `Undefined`, and `TooLarge` if the computation exceeds its number of items and calls or `CALL_DEPTH`.
        """
        # Calls are charged like items, because recursion that branches makes many calls within the allowed depth.
        run.left -= 1
        run.depth += 1
        if run.left < 0 or run.depth > CALL_DEPTH:
            raise TooLarge(OVERSPENT)
        names = self.frame(args, run)
        value = self.run(names, run)
        if self.result:
            for expected, size in zip(self.result, sizes(value), strict=True):
                if expected(names, run) != size:
                    raise Undefined
        run.depth -= 1
        return value


def _size(type_: Type, place: int) -> Callable[[Any], int]:
    """Return the function that reads size number `place` of a value of a type."""
    if isinstance(type_, VectorType):
        return len
    if isinstance(type_, MatrixType):
        return _rows if place == 0 else _columns
    return lambda value: sizes(value)[place]


_rows, _columns = attrgetter("rows"), attrgetter("columns")

_KNOWN: dict[str, CompiledDefinition] = {}
"""The cache, by content hash, so that definitions need not be compared."""


def callee(key: str, names: Names, run: Computation) -> CompiledDefinition:
    """Return the compiled definition that a call of `key` in the frame `names` refers to."""
    if key == "self":
        return cast(CompiledDefinition, names[ITSELF])
    found = _KNOWN.get(key)
    if found is None:
        if len(_KNOWN) > MOST_KEPT:
            _KNOWN.clear()
        found = _KNOWN[key] = CompiledDefinition(run.definitions[key])
    return found

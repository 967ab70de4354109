"""Signatures: the types of a definition up to the names and the order of its parameters, and the names of its sizes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from relay.notation.canonical import canonical_definition
from relay.notation.syntax import Definition, Parameter, Truth, Type, Variable
from relay.notation.traversal import type_terms

MOST_PARAMETERS = 5
"""Definitions with more parameters are compared only in the order in which they are written: there are k! orders."""


def signature(parameters: Sequence[Parameter], result: Type) -> str:
    """A text that two parameter lists share exactly if they and their results have the same types, names ignored."""
    return canonical_definition(parameters, bare_sizes(parameters), result, Truth(True))


def orders(definition: Definition) -> Iterator[tuple[tuple[int, ...], str]]:
    """Every order of the parameters, with its signature; the order as written first."""
    count = len(definition.parameters)
    every = permutations(range(count)) if count <= MOST_PARAMETERS else iter([tuple(range(count))])
    for order in every:
        yield order, signature([definition.parameters[k] for k in order], definition.result)


def bare_sizes(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    """Size names in the order in which they first stand bare; `Nat` parameters are none."""
    taken = {p.name for p in parameters}
    found: list[str] = []
    for parameter in parameters:
        for term in type_terms(parameter.type):
            if isinstance(term, Variable) and term.name not in taken:
                taken.add(term.name)
                found.append(term.name)
    return tuple(found)

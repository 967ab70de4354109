"""Signatures: the types of a definition's parameters and result, as text without names.

Definitions are compared with forms of the same signature. Their parameters may stand in another order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from relay.notation.canonical import canonical_definition
from relay.notation.syntax import Definition, Parameter, Truth, Type, Variable
from relay.notation.traversal import type_terms

MOST_PARAMETERS = 5
"""Definitions with more parameters are compared only in the order in which they are written: there are k! orders."""


def signature(parameters: Sequence[Parameter], result: Type) -> str:
    """A text for the types of `parameters` and `result`. It is the same exactly if the types are, apart from names."""
    return canonical_definition(parameters, bare_sizes(parameters), result, Truth(True))


def orders(definition: Definition) -> Iterator[tuple[tuple[int, ...], str]]:
    """Every order of the definition's parameters, with the signature in that order; the order as written first."""
    count = len(definition.parameters)
    every = permutations(range(count)) if count <= MOST_PARAMETERS else iter([tuple(range(count))])
    for order in every:
        yield order, signature([definition.parameters[k] for k in order], definition.result)


def bare_sizes(parameters: Sequence[Parameter]) -> tuple[str, ...]:
    """The size names, in the order in which they first occur alone (`n`, not `n + 1`) as a size of a parameter."""
    taken = {p.name for p in parameters}
    found: list[str] = []
    for parameter in parameters:
        for term in type_terms(parameter.type):
            if isinstance(term, Variable) and term.name not in taken:
                taken.add(term.name)
                found.append(term.name)
    return tuple(found)

"""The size of a definition after every call in it is replaced by the body of its callee.

Inlining is only counted, never carried out: a term that doubles with each layer costs no more to count than another.
A size that a callee takes from its arguments' types counts as one node, as it does in the callee's body.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from relay.notation.syntax import Call, Definition, Partial, Term, Variable
from relay.notation.traversal import children, own_nodes

__all__ = ["Inliner"]

Count = tuple[int, Counter[str]]
"""The number of nodes of a term after inlining, and how often each variable occurs in it."""


class Inliner:
    """Counts nodes in one namespace of definitions. Each body is counted once and remembered."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._bodies: dict[str, Count | None] = {}

    def nodes(self, definition: Definition) -> int | None:
        """The number of nodes of a definition's body after inlining. The definition's calls of itself are not inlined.

        None if it rests on another definition that calls itself.
        """
        counted = self._count(definition.body, recursive=True)
        return None if counted is None else counted[0]

    def _count(self, term: Term, recursive: bool) -> Count | None:
        """Count a term. If `recursive`, a call of `self` counts as it stands; otherwise a term with such a call gives
        None."""
        if isinstance(term, Variable):
            return 1, Counter({term.name: 1})
        parts: list[Count] = []
        for child in children(term):
            part = self._count(child, recursive)
            if part is None:
                return None
            parts.append(part)
        if isinstance(term, Call | Partial) and term.key in self._definitions:
            return self._substituted(term.key, parts)
        if isinstance(term, Call | Partial) and term.key == "self" and not recursive:
            return None
        return own_nodes(term) + sum(nodes for nodes, _ in parts), sum((seen for _, seen in parts), Counter[str]())

    def _substituted(self, key: str, arguments: list[Count]) -> Count | None:
        """Count the body of `key` with its parameters replaced by terms that count as `arguments`.

        If `key` is passed on as a function, `arguments` may lack the last ones.
        """
        body = self._body(key)
        if body is None:
            return None
        nodes, seen = body[0], Counter[str]()
        for parameter, (size, names) in zip(self._definitions[key].parameters, arguments, strict=False):
            # Each use of the parameter, which is one node, becomes the argument.
            times = body[1][parameter.name]
            nodes += times * (size - 1)
            seen.update({name: times * count for name, count in names.items()})
        return nodes, seen

    def _body(self, key: str) -> Count | None:
        if key not in self._bodies:
            self._bodies[key] = self._count(self._definitions[key].body, recursive=False)
        return self._bodies[key]

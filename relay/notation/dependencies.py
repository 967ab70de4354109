"""The terms and calls inside definitions. Each definition is taken apart once, however many claims rest on it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from relay.notation.comparisons import EQUALITIES
from relay.notation.syntax import (
    Apply,
    Call,
    Comprehension,
    Definition,
    Generator,
    Partial,
    Term,
    Values,
)
from relay.notation.traversal import called, functions_in, has_scalars, type_terms, walk

__all__ = [
    "WrittenDefinition",
    "below",
    "closure",
    "grounded",
    "ranges_over_fields",
    "ranges_over_scalars",
    "terms_within",
    "written",
]

MOST_KEPT = 4_096
"""The most definitions in the cache. Without a bound, a long run would fill the memory."""


@dataclass(frozen=True, slots=True)
class WrittenDefinition:
    """One definition taken apart."""

    terms: tuple[Term, ...]
    """Every term: those in the sizes of its result and parameters, then those of its body."""
    called: tuple[str, ...]
    """Keys of the other definitions that it calls or passes on as functions, in the order of `terms`."""
    recursive: bool
    """Whether it calls itself, or passes itself on as a function."""


_KEPT: dict[str, tuple[Definition, WrittenDefinition]] = {}
"""By key. The definition is kept too: another definition with the same key may have other names in its terms."""


def written(definition: Definition) -> WrittenDefinition:
    """The terms and calls of a definition, from the cache if possible."""
    found = _KEPT.get(definition.key)
    if found is None or found[0] is not definition:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        found = _KEPT[definition.key] = (definition, _take_apart(definition))
    return found[1]


def below(keys: Iterable[str], definitions: Mapping[str, Definition]) -> Iterator[WrittenDefinition]:
    """Yield the contents of the definitions `keys` and of all definitions that they rest on, each once.

    Raises `KeyError` if `definitions` lacks one of them.
    """
    waiting = list(dict.fromkeys(keys))
    seen = set(waiting)
    while waiting:
        found = written(definitions[waiting.pop()])
        yield found
        waiting.extend(key for key in found.called if key not in seen)
        seen.update(found.called)


def _take_apart(definition: Definition) -> WrittenDefinition:
    sizes = [size for parameter in definition.parameters for size in type_terms(parameter.type)]
    tops = [*reversed([*sizes, *type_terms(definition.result)]), definition.body]
    terms = tuple(term for top in tops for term in walk(top))
    keys = [key for key in map(called, terms) if key is not None]
    recursive = any(isinstance(term, Call | Partial) and term.key == "self" for term in terms)
    return WrittenDefinition(terms, tuple(dict.fromkeys(keys)), recursive)


def direct_calls(definition: Definition) -> Iterator[str]:
    """The keys of the definitions that a definition calls directly."""
    return (key for _, key in definition.rests_on)


def closure(keys: Iterable[str], definitions: Mapping[str, Definition]) -> dict[str, Definition]:
    """The definitions `keys` and all that they rest on, each after those that it calls. Unknown keys are skipped."""
    found: dict[str, Definition] = {}
    for start in keys:
        stack = [(start, False)]  # explicit: a chain of definitions may be deeper than Python's own stack
        while stack:
            key, expanded = stack.pop()
            definition = definitions.get(key)
            if definition is None or key in found:
                continue
            # A definition is visited twice: first to push its callees, then, when these are done, to add it.
            if expanded:
                found[key] = definition
            else:
                stack.append((key, True))
                stack += [(below, False) for below in direct_calls(definition) if below not in found]
    return found


def grounded(keys: Collection[str], definitions: Mapping[str, Definition]) -> frozenset[str]:
    """Those of `keys` that `definitions` has, if everything that their definitions rest on is among these keys too."""
    there = set(keys)
    solid: set[str] = set()
    # Callees come first, so each definition is decided before its callers.
    for key, definition in closure(keys, definitions).items():
        if key in there and all(below in solid for below in direct_calls(definition)):
            solid.add(key)
    return frozenset(solid)


def terms_within(terms: Sequence[Term], definitions: Mapping[str, Definition]) -> Iterator[Term]:
    """Yield every term inside `terms` and inside the definitions that they rest on, each definition once."""
    keys: list[str] = []
    for term in terms:
        for inner in walk(term):
            yield inner
            key = called(inner)
            if key is not None:
                keys.append(key)
    for definition in below(keys, definitions):
        yield from definition.terms


def ranges_over_fields(terms: Sequence[Term], definitions: Mapping[str, Definition]) -> bool:
    """Whether one of `terms`, a term inside them, or a definition that they rest on ranges over a type with scalars in
    it.

    Comparing functions of scalars counts too, because it ranges over their arguments.
    """
    return any(map(ranges_over_scalars, terms_within(terms, definitions)))


def ranges_over_scalars(term: Term) -> bool:
    """Whether a term itself, not a term inside it, ranges over a type with scalars in it."""
    if isinstance(term, Comprehension):
        types = [c.source.type for c in term.clauses if isinstance(c, Generator) and isinstance(c.source, Values)]
        return any(map(has_scalars, types))
    if isinstance(term, Apply) and term.op in EQUALITIES:
        return any(has_scalars(part) for kind in functions_in(term.args[0].type) for part in kind.parameters)
    return False

"""What stands in a definition, looked up once however many claims rest on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from relay.notation.syntax import Call, Definition, Partial, Term
from relay.notation.traversal import called, type_terms, walk

__all__ = ["Written", "below", "written"]

MOST_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Written:
    """The text of one definition, taken apart."""

    terms: tuple[Term, ...]
    """Every term: of its result's and its parameters' sizes, then of its body."""
    called: tuple[str, ...]
    """Keys of the definitions that it calls, or passes on as functions, in the order of `terms`; not its own."""
    recursive: bool
    """Whether it calls itself, or passes itself on."""


_KEPT: dict[str, tuple[Definition, Written]] = {}
"""By key; the definition as well, since one of the same key may have other names in it."""


def written(definition: Definition) -> Written:
    """What stands in a definition."""
    found = _KEPT.get(definition.key)
    if found is None or found[0] is not definition:
        if len(_KEPT) >= MOST_KEPT:
            _KEPT.clear()
        found = _KEPT[definition.key] = (definition, _take_apart(definition))
    return found[1]


def below(keys: Iterable[str], definitions: Mapping[str, Definition]) -> Iterator[Written]:
    """What stands in some definitions and in those that they rest on, each once."""
    waiting = list(dict.fromkeys(keys))
    seen = set(waiting)
    while waiting:
        found = written(definitions[waiting.pop()])
        yield found
        waiting.extend(key for key in found.called if key not in seen)
        seen.update(found.called)


def _take_apart(definition: Definition) -> Written:
    sizes = [size for parameter in definition.parameters for size in type_terms(parameter.type)]
    tops = [*reversed([*sizes, *type_terms(definition.result)]), definition.body]
    terms = tuple(term for top in tops for term in walk(top))
    keys = [key for key in map(called, terms) if key is not None]
    recursive = any(isinstance(term, Call | Partial) and term.key == "self" for term in terms)
    return Written(terms, tuple(dict.fromkeys(keys)), recursive)

"""A table of definitions by key, and which of them stand on solid ground.

Definitions are rebuilt from their source and the keys of what they call, never from a chain-wide table of names.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from relay.errors import UsageError
from relay.events import Judged
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.task import Given

__all__ = ["closure", "definition_of", "grounded"]


def definition_of(event: Judged, given: Given, definitions: Mapping[str, Definition]) -> Definition:
    """The definition that a `judged` event speaks of; what it calls is in `definitions`."""
    scope = Scope(given, {name: definitions[key] for name, key in event.rests_on.items() if key in definitions})
    statement = read_statement(event.source, scope)
    if not isinstance(statement, Definition) or statement.key != event.key:
        raise UsageError(
            f"the log's definition `{event.name}` no longer reads as it did (key {event.key}); "
            "use the version of relay that wrote the log"
        )
    return statement


def called(definition: Definition) -> Iterator[str]:
    """Keys of the definitions that it calls directly."""
    return (key for _, key in definition.rests_on)


def closure(keys: Iterable[str], definitions: Mapping[str, Definition]) -> dict[str, Definition]:
    """The definitions behind `keys` and all that they rest on, as far as known, each after those that it calls."""
    found: dict[str, Definition] = {}
    for start in keys:
        stack = [(start, False)]  # explicit: a chain of definitions may be longer than Python's own stack
        while stack:
            key, expanded = stack.pop()
            definition = definitions.get(key)
            if definition is None or key in found:
                continue
            if expanded:
                found[key] = definition
            else:
                stack.append((key, True))
                stack += [(below, False) for below in called(definition) if below not in found]
    return found


def grounded(keys: Collection[str], definitions: Mapping[str, Definition]) -> frozenset[str]:
    """Those of `keys` whose definition, with everything that it rests on, is among them."""
    there = set(keys)
    solid: set[str] = set()
    for key, definition in closure(keys, definitions).items():
        if key in there and all(below in solid for below in called(definition)):
            solid.add(key)
    return frozenset(solid)

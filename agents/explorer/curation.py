"""What to pass on when there is not room for everything: the best definitions with what they rest on.

Notes have a cap. Every tenure looks at what it read and at what it found, keeps what is worth most a token, and strikes
out the rest. Worth is what can be seen: laws kept, laws told to be true, phenomena told to be explained, what is built
on a definition, its length, and how many better ones of its type there are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from agents.explorer.callables import Callable, Kind, callable_from
from agents.explorer.closed_terms import ClosedSearch
from agents.explorer.conjectures import said_by_others
from agents.explorer.signatures import signature_of
from agents.explorer.worth import BUILT, PRICE, appraise
from relay.notation.syntax import Claim, Definition
from relay.researcher.bench import LocalBench
from relay.researcher.tokens import count_text
from relay.seeds import integer_generator

USED, LAWFUL, EXPLAINING, CROWDED, SAID = 1.5, 0.7, 10.0, 0.8, 5.0
"""Worth of each of the first three definitions built on one and of the first three laws; of a phenomenon explained;
and what is taken away by each better definition of the same type, and by a law that says a definition by others."""

SHORTLIST, TIDIED, LONGEST = 56, 400, 12
"""How many of the best definitions are compared with each other; evaluations for those of one family of parameters; and
the most term nodes of what they are compared with."""

OVERHEAD = 14
"""Tokens that an entry has beside its source."""

ROOM = 3_000
"""Tokens to fill where the scheme does not say what fits."""


@dataclass(frozen=True, slots=True)
class CuratePayload:
    """What can be passed on, and what was told of it."""

    library: tuple[tuple[str, Definition], ...]
    """Callable name and definition: read and found."""
    laws: tuple[Claim, ...]
    """Claims that were told to be true."""
    explained: Mapping[str, int]
    """By name: phenomena that it was told to explain."""
    room: int
    """Tokens."""


def curate(bench: LocalBench, payload: CuratePayload) -> tuple[str, ...]:
    """Names of what to keep, in an order in which each stands after what it calls."""
    definitions = {definition.key: definition for _, definition in payload.library}
    names = {definition.key: name for name, definition in payload.library}
    callables = [each for name, definition in payload.library if (each := callable_from(name, definition)) is not None]
    worth = dict.fromkeys(definitions, 0.0)
    for each, value in zip(callables, appraise(bench, callables, definitions), strict=True):
        worth[each.definition.key] = value
    users = dict.fromkeys(definitions, 0)
    for definition in definitions.values():
        for key in {key for _, key in definition.rests_on}:
            users[key] = users.get(key, 0) + 1
    lawful = Counter(key for claim in payload.laws for key in {key for _, key in claim.rests_on})
    for key, name in names.items():
        worth[key] += USED * min(3, users[key]) + LAWFUL * min(3, lawful[key])
        worth[key] += EXPLAINING * payload.explained.get(name, 0)
    said = [pair for claim in payload.laws for pair in said_by_others(claim)]
    best = sorted(callables, key=lambda each: (-worth[each.definition.key], each.name))[:SHORTLIST]
    said += tidy(bench, best, definitions)
    superfluous = _superfluous(worth, definitions, said)
    for key, definition in definitions.items():
        worth[key] -= SAID * (key in superfluous) + BUILT * bool(definition.rests_on)
    _thin(worth, callables)
    kept: dict[str, None] = {}
    room = payload.room
    for key in sorted(worth, key=lambda key: (-worth[key], names[key])):
        needed = [each for each in _grounds(key, definitions) if each not in kept]
        price = sum(count_text(definitions[each].source) + OVERHEAD for each in needed)
        if price <= room:
            room -= price
            kept.update(dict.fromkeys(needed))
    return tuple(names[key] for key in kept)


def tidy(
    bench: LocalBench, library: Sequence[Callable], definitions: dict[str, Definition]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Which definitions have the values of one or two calls of others."""
    groups = list(dict.fromkeys(each.shapes for each in library))
    keys = {each.name: each.definition.key for each in library}
    for place, shapes in enumerate(groups):
        if bench.left < PRICE:
            return
        stop = bench.left - min(TIDIED, bench.left // (len(groups) - place))
        arrays = bench.arrays(shapes)
        closed = ClosedSearch(arrays, signature_of(shapes), library, definitions, LONGEST, integer_generator(0))
        closed.compare(lambda stop=stop: max(0, bench.left - stop))  # type: ignore[misc]
        for _, one, other in closed.pool.equal:
            for call, term in ((one, other), (other, one)):
                # a call at equal arguments counts as well: to ask for different ones lost concepts in the benchmark
                plain = len(call.calls) == 1 and call.nodes == 1 + len(shapes) and call.uses == term.uses
                if plain and term.calls and call.calls[0] not in term.calls:
                    yield keys[call.calls[0]], frozenset(keys[name] for name in term.calls)


def _superfluous(
    worth: Mapping[str, float], definitions: Mapping[str, Definition], pairs: Iterable[tuple[str, frozenset[str]]]
) -> frozenset[str]:
    """Definitions that better ones say: a transpose is also a sum less its half, and that is no reason to drop it."""
    return frozenset(
        key
        for key, others in pairs
        if key in definitions
        and others <= definitions.keys()
        and all((worth[other], other) > (worth[key], key) for other in others)
    )


def room_in(instructions: str) -> int:
    """Tokens that the scheme says are shown."""
    told = re.search(r"up to ([\d,]+) tokens", instructions)
    return int(told[1].replace(",", "")) * 19 // 20 if told else ROOM


def entry_ids(text: str) -> dict[str, str]:
    """Name of a definition -> id of the ledger entry that holds it, as the notes show them."""
    ids: dict[str, str] = {}
    current = ""
    for line in text.splitlines():
        if heading := re.match(r"\[([^\]]+)\]", line):
            current = heading[1]
        elif current and (defined := re.match(r"define (\w+)", line)):
            ids[defined[1]] = current
            current = ""
    return ids


def explaining_names(text: str) -> list[str]:
    """Definitions whose ledger entry says that they were told to explain something."""
    entries = re.findall(r"^\[[^\]]+\] .*explains .*\n+```relay\ndefine (\w+)", text, flags=re.MULTILINE)
    return list(entries)


def _thin(worth: dict[str, float], callables: Sequence[Callable]) -> None:
    """Take from each definition for the better ones of its type."""
    types: dict[tuple[tuple[int, ...], Kind | int], list[str]] = {}
    for each in callables:
        ranks = tuple(sorted(len(kind) if isinstance(kind, tuple) else -1 for kind in each.parameters))
        result = len(each.result) if isinstance(each.result, tuple) else each.result
        types.setdefault((ranks, result), []).append(each.definition.key)
    for keys in types.values():
        for place, key in enumerate(sorted(keys, key=lambda key: (-worth[key], key))):
            worth[key] -= CROWDED * place


def _grounds(key: str, definitions: Mapping[str, Definition]) -> list[str]:
    """What a definition rests on, then itself; those that are not at hand left out."""
    order: dict[str, None] = {}

    def visit(at: str) -> None:
        if at in definitions and at not in order:
            for _, below in definitions[at].rests_on:
                visit(below)
            order[at] = None

    visit(key)
    return list(order)

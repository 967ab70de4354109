"""The choice of definitions to pass on when not all have room: the best ones, with the definitions that they rest on.

Notes have a cap. Every tenure considers the definitions that it read and found, keeps the best as long as they fit, and
strikes out the rest. Worth depends on what the explorer can see: the laws that hold, laws that were reported to be
true, phenomena that were reported to be explained, the definitions built on a definition, its length, conjugations and
parameters, and the number of better definitions of its type.
"""

from __future__ import annotations

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
"""Changes of a definition's worth. Added are `USED` for each of the first three definitions that call it, `LAWFUL` for
each of the first three laws about it, and `EXPLAINING` for each explained phenomenon. Deducted are `CROWDED` for each
better definition of the same type, and `SAID` if better definitions can express it."""

SHORTLIST, TIDIED, LONGEST = 56, 400, 12
"""The best `SHORTLIST` definitions are compared with each other, at the cost of at most `TIDIED` evaluations for those
with the same parameters. The terms that they are compared with have at most `LONGEST` nodes."""

OVERHEAD = 14
"""The tokens of an entry apart from its source, at most. Less (10, as in a ledger) kept more definitions, and lost
concepts in the benchmark."""

ROOM = 3_000
"""The tokens that entries may fill if the scheme does not limit what it shows."""


@dataclass(frozen=True, slots=True)
class CuratePayload:
    """The definitions that can be passed on, and the reports about them."""

    library: tuple[tuple[str, Definition], ...]
    """The definitions that were read or found, each with its name."""
    laws: tuple[Claim, ...]
    """The claims that were reported to be true."""
    explained: Mapping[str, int]
    """Name of a definition -> number of phenomena that it was reported to explain."""
    room: int
    """The tokens that all entries together may have."""


def curate(bench: LocalBench, payload: CuratePayload) -> tuple[str, ...]:
    """Return the names of the definitions to keep, each after the definitions that it calls."""
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
        # A definition is useless without the ones that it calls, so its price includes those not kept yet.
        needed = [each for each in _grounds(key, definitions) if each not in kept]
        price = sum(count_text(definitions[each].source) + OVERHEAD for each in needed)
        if price <= room:
            room -= price
            kept.update(dict.fromkeys(needed))
    return tuple(names[key] for key in kept)


def room_for_entries(limit: int | None) -> int:
    """Return the tokens that entries may fill if a note scheme shows at most `limit` tokens: a little less than that,
    for its headings. `limit` is None if the scheme sets no limit."""
    return ROOM if limit is None else limit * 19 // 20


def tidy(
    bench: LocalBench, library: Sequence[Callable], definitions: dict[str, Definition]
) -> Iterator[tuple[str, frozenset[str]]]:
    """For each definition with the same values as a term of one or two calls of others, yield its key and those of the
    others."""
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
                # A call with a repeated argument counts as well: without it, concepts were lost in the benchmark.
                plain = len(call.calls) == 1 and call.nodes == 1 + len(shapes) and call.uses == term.uses
                if plain and term.calls and call.calls[0] not in term.calls:
                    yield keys[call.calls[0]], frozenset(keys[name] for name in term.calls)


def _superfluous(
    worth: Mapping[str, float], definitions: Mapping[str, Definition], pairs: Iterable[tuple[str, frozenset[str]]]
) -> frozenset[str]:
    """Return the keys of definitions that *better* ones express: worse ones are no reason to drop a definition.

    Each of `pairs` is the key of a definition, and the keys of definitions that express it.
    """
    return frozenset(
        key
        for key, others in pairs
        if key in definitions
        and others <= definitions.keys()
        and all((worth[other], other) > (worth[key], key) for other in others)
    )


def _thin(worth: dict[str, float], callables: Sequence[Callable]) -> None:
    """Reduce each definition's worth by `CROWDED` for every better definition of its type."""
    types: dict[tuple[tuple[int, ...], Kind | int], list[str]] = {}
    for each in callables:
        ranks = tuple(sorted(len(kind) if isinstance(kind, tuple) else -1 for kind in each.parameters))
        result = len(each.result) if isinstance(each.result, tuple) else each.result
        types.setdefault((ranks, result), []).append(each.definition.key)
    for keys in types.values():
        for place, key in enumerate(sorted(keys, key=lambda key: (-worth[key], key))):
            worth[key] -= CROWDED * place


def _grounds(key: str, definitions: Mapping[str, Definition]) -> list[str]:
    """Return the keys of all definitions that the definition `key` rests on, then `key`.

    Keys that are not in `definitions` are left out.
    """
    order: dict[str, None] = {}

    def visit(at: str) -> None:
        if at in definitions and at not in order:
            for _, below in definitions[at].rests_on:
                visit(below)
            order[at] = None

    visit(key)
    return list(order)

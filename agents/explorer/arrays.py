"""The explorer's search over scalars and arrays: short terms that satisfy laws and were not read already."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.random import Generator

from agents.explorer.callables import Callable, Kind, callable_from
from agents.explorer.conjectures import Equal, conjectures
from agents.explorer.explanations import TRIED, Form, explaining, form_of_kinds, open_phenomena
from agents.explorer.family import Candidate, FamilySearch
from agents.explorer.find import Find, name_for
from agents.explorer.signatures import SearchSignature, signatures, type_text
from agents.explorer.worth import BUILT, PRICE, appraise
from relay.errors import NotationError
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given
from relay.researcher.bench import LocalBench
from relay.researcher.observation import PublicPhenomenon
from relay.seeds import integer_generator

EACH = 1_700
"""The least evaluations for the search over one family. If the budget is small, fewer families are searched."""

ASKED = 3.0
"""The odds that a family is searched early are multiplied by this factor if a phenomenon has such parameters."""

STATED = 100
"""The evaluations for each statement: a search with N evaluations makes about N/`STATED` statements."""

CLASSES = {
    (False, False): "entries", (False, True): "composed", (True, False): "predicate", (True, True): "relation",
}  # fmt: skip
"""The class of a candidate. The key says whether the candidate is a truth value, and whether it calls definitions."""

TURNS = ("entries", "relation", "composed", "entries", "relation", "predicate")
"""The classes of candidates take turns in this order, again and again. At its turn, the best candidate left in a class
is stated."""

MOOD = 1.0
"""The standard deviation of the noise that is added to worth, so that tenures differ in their interests."""

CROWDED = 0.3
"""Deducted from a candidate's worth for every better candidate of the same family and type."""


@dataclass(frozen=True, slots=True)
class ArraysPayload:
    """The input of the search. All of it comes from the observation, apart from the seed, which comes from the turn."""

    given: Given
    library: tuple[tuple[str, Definition], ...]
    statement_size: int
    study_cost: int
    seed: int
    phenomena: tuple[PublicPhenomenon, ...] = ()


def explore(bench: LocalBench, payload: ArraysPayload) -> tuple[Find, ...]:
    """Return definitions that explain a phenomenon, then the best other definitions found, then laws."""
    rng = integer_generator(payload.seed)
    library, definitions = _internalise(bench, payload, rng)
    worths = [
        worth - BUILT * bool(function.definition.rests_on)
        for function, worth in zip(library, appraise(bench, library, definitions), strict=True)
    ]
    wanted = max(4, bench.left // STATED)
    # Kept for the statements, and for appraising and comparing definitions before notes are written.
    spare = wanted + 2 + PRICE * (len(payload.library) + wanted) + bench.left // 5
    unexplained = open_phenomena(bench, payload.phenomena, payload.library, definitions)
    # At most a fifth of the evaluations goes to phenomena, so that hard ones do not stop the search.
    tried = min(len(unexplained) * TRIED, bench.left // 5)
    buckets: dict[tuple[int, Kind], list[Candidate]] = {}
    equals: list[Equal] = []
    chosen = _families(library, {form[0] for form, _ in unexplained}, rng)
    for place, signature in enumerate(chosen):
        free = bench.left - spare - tried
        if free <= 0:
            break
        stop = bench.left - min(free, max(EACH if library else EACH // 2, free // (len(chosen) - place)))
        search = FamilySearch(bench, signature, library, worths, definitions, payload.statement_size, rng, stop)
        for candidate in search.run():
            buckets.setdefault((place, candidate.kind), []).append(candidate)
        equals += search.equal
    scope = Scope(payload.given, dict(payload.library))
    finds: dict[str, Find] = {}
    for form, phenomenon in unexplained:
        fitting = _fitting(buckets, form, scope, payload.statement_size)
        found = explaining(bench, phenomenon, fitting, definitions, spare)
        if found is not None:
            finds[found.source] = Find(found.source, f"explains {phenomenon.number}", 0.0)
    claims = conjectures(equals, scope, payload.statement_size, wanted // 8)
    count = max(0, min(wanted, bench.left) - len(claims) - len(finds))
    for find in _chosen(buckets, scope, payload.statement_size, count, rng):
        finds.setdefault(find.source, find)
    return (*finds.values(), *claims)


def _families(library: list[Callable], asked: set[tuple[int, ...]], rng: Generator) -> list[SearchSignature]:
    """Return all families in a random order of examination.

    A family comes earlier, on average, if it has few parameters, if many definitions have such parameters, and if a
    phenomenon has such parameters. `asked` holds the numbers of axes of the parameters of phenomena.
    """
    families = list(signatures())
    ranks = [tuple(sorted(map(len, signature.shapes))) for signature in families]
    known = Counter(tuple(sorted(len(kind) for kind in each.parameters if kind != "nat")) for each in library)
    odds = np.array([max(1, len(rank)) ** -1.5 * (1 + known[rank]) ** 0.5 for rank in ranks])
    odds *= [ASKED if rank in asked else 1.0 for rank in ranks]
    return [families[int(at)] for at in rng.choice(len(families), len(families), replace=False, p=odds / odds.sum())]


def _fitting(
    buckets: dict[tuple[int, Kind], list[Candidate]], form: Form, scope: Scope, largest: int
) -> Iterator[Definition]:
    """Yield, as definitions, the candidates whose type has this `form`, best first."""
    candidates = [
        candidate
        for bucket in buckets.values()
        if form_of_kinds(bucket[0].signature.shapes, bucket[0].kind) == form
        or (not bucket[0].signature.shapes and form == form_of_kinds(["nat"], bucket[0].kind))
        for candidate in bucket
    ]
    candidates.sort(key=lambda candidate: (-candidate.worth, candidate.piece.text))
    for candidate in candidates:
        find = _find(candidate, scope, largest)
        if find is not None:
            statement = read_statement(find.source, scope)
            assert isinstance(statement, Definition)
            yield statement


def _internalise(
    bench: LocalBench, payload: ArraysPayload, rng: Generator
) -> tuple[list[Callable], dict[str, Definition]]:
    """Return the definitions that the search can call, and all definitions of the library by key.

    If studying a definition costs evaluations, at most half of the evaluations are used to study definitions in random
    order, and the search calls no others.
    """
    definitions = {definition.key: definition for _, definition in payload.library}
    usable = [
        function for name, definition in payload.library if (function := callable_from(name, definition)) is not None
    ]
    if payload.study_cost:
        usable = [usable[int(at)] for at in rng.permutation(len(usable))]
        usable = usable[: bench.left // (2 * payload.study_cost)]
        for function in usable:
            _study(bench, function, definitions, payload.study_cost)
    return usable, definitions


def _study(bench: LocalBench, function: Callable, definitions: dict[str, Definition], cost: int) -> None:
    """Evaluate a definition `cost` times: the price of internalising it."""
    arrays = bench.arrays(function.shapes)
    places = iter(range(len(function.shapes)))
    arguments = [
        arrays.parameter(next(places)).take([0] * cost) if isinstance(kind, tuple) else "n"
        for kind in function.parameters
    ]
    if function.shapes:
        arrays.call(function.definition, definitions, arguments)


def _chosen(
    buckets: dict[tuple[int, Kind], list[Candidate]], scope: Scope, largest: int, wanted: int, rng: Generator
) -> Iterator[Find]:
    """Yield at most `wanted` finds, the best of each class; the classes take turns in the order of `TURNS`.

    Every better candidate of the same family and type reduces a candidate's worth by `CROWDED`.
    """
    classes: dict[str, list[tuple[float, str, Candidate]]] = {}
    for bucket in buckets.values():
        drawn = rng.normal(0.0, MOOD, len(bucket)).tolist()
        moods = [candidate.worth + mood for candidate, mood in zip(bucket, drawn, strict=True)]
        texts: set[str] = set()
        for at in sorted(range(len(bucket)), key=lambda at: (-moods[at], bucket[at].piece.text)):
            candidate, spellings = bucket[at], _spellings(bucket[at])
            # The same term up to the names of its parameters is stated once.
            if not texts.intersection(spellings):
                texts.update(spellings)
                word = CLASSES[candidate.kind == "bool", bool(candidate.piece.calls)]
                rank = len(texts) * CROWDED - moods[at]
                classes.setdefault(word, []).append((rank, candidate.piece.text, candidate))
    for ranked in classes.values():
        ranked.sort(key=lambda each: each[:2], reverse=True)
    queues = [classes[word] for word in TURNS if word in classes]
    count = 0
    while count < wanted and any(queues):
        for queue in queues:
            while queue and count < wanted:
                find = _find(queue.pop()[2], scope, largest)
                if find is not None:
                    count += 1
                    yield find
                    break


def _spellings(candidate: Candidate) -> list[str]:
    """Return the texts of the candidate's term for every exchange of parameters of the same shape.

    All of them define the same, up to the order of parameters.
    """
    signature = candidate.signature
    spellings = []
    for order in permutations(range(len(signature.names))):
        if all(signature.shapes[a] == signature.shapes[b] for a, b in enumerate(order)):
            names = {signature.names[a]: signature.names[b] for a, b in enumerate(order)}
            # All names are replaced at once: one after the other, swapped names would be mixed up.
            words = re.split(r"(\w+)", candidate.piece.text)
            spellings.append("".join(names.get(word, word) for word in words))
    return spellings


def _find(candidate: Candidate, scope: Scope, largest: int) -> Find | None:
    result = candidate.kind if isinstance(candidate.kind, str) else type_text(candidate.kind)
    rest = f"{candidate.signature.header('Bool' if result == 'bool' else result)} = {candidate.piece.text}"
    source = f"define {name_for(rest, 'd')}{rest}"
    try:
        statement = read_statement(source, scope)
    except NotationError:
        return None
    return None if statement.nodes > largest else Find(source, "", candidate.worth)

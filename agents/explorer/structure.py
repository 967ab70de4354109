"""The explorer's search in finite structures: short terms that explain the tables of phenomena.

`structure_terms` enumerates the terms of a sort, by their number of nodes, and `relations` those of truth values.
docs/explorer.md says what they reach.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from numpy.random import Generator

from agents.explorer.find import Find, name_for
from agents.explorer.relations import relate
from agents.explorer.structure_terms import Functions, enumerate_terms, variable
from agents.explorer.target import Sought
from relay.notation.dependencies import closure
from relay.notation.syntax import BoolType, Definition
from relay.researcher.bench import BenchFunction, LocalBench, Reach, Rows
from relay.researcher.bench.connectives import TRUTH
from relay.researcher.observation import PublicPhenomenon
from relay.seeds import integer_generator


@dataclass(frozen=True, slots=True)
class StructurePayload:
    """The input of the search. All of it comes from the observation, apart from the seed, which comes from the turn."""

    library: tuple[tuple[str, Definition], ...]
    """The definitions that were read, each with its name, in the order in which they were shown."""
    phenomena: tuple[PublicPhenomenon, ...]
    statement_size: int
    reserve: int
    """The evaluations to leave for the statements."""
    study_cost: int
    seed: int
    explaining: frozenset[str] = frozenset()
    """Names of the definitions of which the notes tell that they explain a phenomenon."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A phenomenon and a term that reproduces it."""

    phenomenon: int
    parameters: tuple[tuple[str, str], ...]
    """The name and the sort of each parameter."""
    result: str
    term: str

    def find(self, read: Mapping[str, Definition]) -> Find:
        """Return the definition that states the explanation. `read` maps names to definitions that were read: where the
        usual name is that of another definition, since notes may have errors, it gets another one."""
        parameters = ", ".join(f"{name}: {sort}" for name, sort in self.parameters)
        rest = f"({parameters}) -> {self.result} = {self.term}"
        text, source = rest, f"define {name_for(rest)}{rest}"
        while (there := read.get(name_for(text))) is not None and there.source.split() != source.split():
            text += "'"
            source = f"define {name_for(text)}{rest}"
        return Find(source, f"explains {self.phenomenon}", 1.0)


def explain(bench: LocalBench, payload: StructurePayload) -> tuple[Explanation, ...]:
    """Return explanations of the phenomena that no definition that was read explains, ordered by phenomenon number.

    Each phenomenon has one explanation, the first that is found, or none. If there is such a phenomenon, the bench is
    told how far the search went.
    """
    rng = integer_generator(payload.seed)
    rows = bench.rows()
    read, all_read = _internalise(bench, rows, payload, rng)
    targets: dict[tuple[tuple[str, ...], str], dict[int, Sought]] = {}
    for phenomenon in payload.phenomena:
        if phenomenon.field == "structure":
            target = Sought.of(phenomenon, rows.sizes)
            if target is not None and not _explained(rows, read, phenomenon, target):
                targets.setdefault((phenomenon.parameters, phenomenon.result), {})[phenomenon.number] = target
    found: list[Explanation] = []
    sizes = []
    # Predicates come last, so that they get what the others leave.
    ordered = sorted(targets.items(), key=lambda target: (target[0][1] == TRUTH, target[0]))
    for place, ((sorts, result), wanted) in enumerate(ordered):
        allowance = max(0, bench.left - payload.reserve) // (len(targets) - place)
        context = tuple((variable(at), sort) for at, sort in enumerate(sorts))
        functions = _functions(bench, rows, read, result, payload.explaining)
        largest = payload.statement_size
        if result == TRUTH:
            texts, size = relate(bench, rows, context, functions, largest, allowance, rng, wanted)
        else:
            terms = enumerate_terms(bench, rows, context, functions, largest, allowance, rng)
            texts, size = terms.found(result, wanted), terms.size
        sizes.append(size)
        found += [Explanation(number, context, result, text) for number, text in texts.items()]
    if sizes:
        size = min(sizes) if all_read else 1
        bench.reach = Reach(size, exhausted=size >= payload.statement_size)
    return tuple(sorted(found, key=lambda explanation: explanation.phenomenon))


def _functions(
    bench: LocalBench, rows: Rows, read: Sequence[BenchFunction], result: str, explaining: Collection[str]
) -> Functions:
    """Return what terms of the sort `result` are built from."""
    given = tuple(rows.functions[operation.name] for operation in bench.given.operations)
    connectives = tuple(rows.connectives()) if result == TRUTH else ()
    used = [function for function in read if result == TRUTH or function.result != TRUTH]
    told = tuple(function for function in used if function.name in explaining)
    if not told:
        return Functions(given, tuple(used), connectives=connectives)
    untold = tuple(function for function in used if function.name not in explaining)
    return Functions(given, told, untold, connectives)


def _internalise(
    bench: LocalBench, rows: Rows, payload: StructurePayload, rng: Generator
) -> tuple[list[BenchFunction], bool]:
    """Put the definitions of the library on the bench as far as the budget goes. Return them as its functions, and
    whether the budget went far enough for all.

    Those come first of which the notes tell that they explain a phenomenon; among them the deepest-built, and among
    these the last on the page. Predicates are left out if no phenomenon is one.
    """
    predicates = any(phenomenon.result == TRUTH for phenomenon in payload.phenomena)
    definitions = {definition.key: definition for _, definition in payload.library}
    level: dict[str, int] = {}
    # a page may show a definition before those that it calls
    for key, definition in closure(definitions, definitions).items():
        level[key] = 1 + max((level.get(below, 0) for _, below in definition.rests_on), default=0)
    # In half of the tenures the order is perturbed, so that tenures with the same notes do not all search alike.
    noise = float(rng.choice([0.0, 1.5]))
    rank = {key: -level[key] - noise * float(rng.gumbel()) for key in level}
    explaining = payload.explaining
    order = sorted(
        enumerate(payload.library), key=lambda item: (item[1][0] not in explaining, rank[item[1][1].key], -item[0])
    )
    functions: list[BenchFunction] = []
    for _, (name, definition) in order:
        if isinstance(definition.result, BoolType) and not predicates:
            continue
        price = 1 + payload.study_cost
        if bench.left - payload.reserve < price:
            return functions, False
        # Tabulating costs one evaluation here, and `_study` the rest of the price.
        function = rows.tabulate(name, definition, definitions)
        if function is not None:
            if payload.study_cost:
                _study(rows, function, payload.study_cost, rng)
            functions.append(function)
    return functions, True


def _study(rows: Rows, function: BenchFunction, cost: int, rng: Generator) -> None:
    """Evaluate the function at `cost` random arguments: the price of internalising it."""
    points = [rng.integers(0, rows.sizes[sort], size=(cost, 1)).astype(rows.dtype) for sort in function.parameters]
    rows.apply(function.name, points)


def _explained(rows: Rows, functions: Sequence[BenchFunction], phenomenon: PublicPhenomenon, target: Sought) -> bool:
    """Whether one of `functions` has the values of `phenomenon`, perhaps with its two arguments exchanged."""
    for function in functions:
        if (function.parameters, function.result) == (phenomenon.parameters, phenomenon.result):
            known = rows.table(function.name)
            if target.met(known) or (known.ndim == 2 and target.met(known.T)):
                return True
    return False

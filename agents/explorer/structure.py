"""The explorer's search in finite structures: short terms that explain the tables of phenomena.

Terms are enumerated bottom-up over the given operations and the definitions that were read. A wide search makes terms
of few applications from all of these functions. A deep search uses the deepest-built functions, as many as the budget
covers for terms of `DEEP` applications. The rest of the budget goes to a random part of the longer terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from agents.explorer.find import Find, name_for
from relay.notation.syntax import Definition
from relay.researcher.bench import BenchFunction, LocalBench, Rows
from relay.researcher.bench.enumeration import Enumeration
from relay.researcher.observation import PublicPhenomenon
from relay.seeds import integer_generator

WIDE, DEEP = 2, 3
"""A term of the wide search has at most `WIDE` applications. The deep search uses as many functions as the allowance
covers for all terms of at most `DEEP` applications."""

SHARE = 10
"""The wide search may use 1/`SHARE` of the allowance."""


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


@dataclass(frozen=True, slots=True)
class Explanation:
    """A phenomenon and a term that reproduces it."""

    phenomenon: int
    parameters: tuple[tuple[str, str], ...]
    """The name and the sort of each parameter."""
    result: str
    term: str

    def find(self) -> Find:
        """Return the definition that states the explanation."""
        parameters = ", ".join(f"{name}: {sort}" for name, sort in self.parameters)
        rest = f"({parameters}) -> {self.result} = {self.term}"
        return Find(f"define {name_for(rest)}{rest}", f"explains {self.phenomenon}", 1.0)


def explain(bench: LocalBench, payload: StructurePayload) -> tuple[Explanation, ...]:
    """Return explanations of the phenomena that no definition that was read explains, ordered by phenomenon number.

    Each phenomenon has one explanation, the first that is found, or none.
    """
    rng = integer_generator(payload.seed)
    rows = bench.rows()
    ranked = _internalise(bench, rows, payload, rng)
    targets: dict[tuple[tuple[str, ...], str], dict[int, bytes]] = {}
    for phenomenon in payload.phenomena:
        if phenomenon.field == "structure":
            table = _table(phenomenon, rows.sizes)
            if table is not None and not _explained(rows, ranked, phenomenon, table):
                group = targets.setdefault((phenomenon.parameters, phenomenon.result), {})
                group[phenomenon.number] = table.astype(rows.dtype).tobytes()
    found: list[Explanation] = []
    for place, ((sorts, result), wanted) in enumerate(sorted(targets.items())):
        allowance = max(0, bench.left - payload.reserve) // (len(targets) - place)
        context = [(_variable(at), sort) for at, sort in enumerate(sorts)]
        # A bound on the applications of a statement of this size.
        largest = (payload.statement_size - 1) // 2
        for terms in _searches(bench, rows, context, ranked, largest, allowance, rng):
            for number, row in sorted(wanted.items()):
                serial = terms.find(result, row)
                if serial is not None:
                    found.append(Explanation(number, tuple(context), result, terms.spell(serial)))
                    del wanted[number]
    return tuple(sorted(found, key=lambda explanation: explanation.phenomenon))


def _searches(
    bench: LocalBench,
    rows: Rows,
    context: Sequence[tuple[str, str]],
    ranked: Sequence[BenchFunction],
    largest: int,
    allowance: int,
    rng: Generator,
) -> list[Enumeration]:
    """Make a wide and a deep enumeration with at most `allowance` evaluations, and return both.

    `ranked` holds the functions that were read, the most useful first.
    """
    stop = bench.left - allowance
    base = [rows.functions[operation.name] for operation in bench.given.operations]
    wide = Enumeration(rows, context)
    chosen = _affordable(base, ranked, len(context), min(WIDE, largest), allowance // SHARE)
    for size in range(1, min(WIDE, largest) + 1):
        wide.grow(chosen, size, max(0, bench.left - stop), rng)
    deep = Enumeration(rows, context)
    reach = min(DEEP, largest)
    chosen = _affordable((), [*ranked, *base], len(context), reach, bench.left - stop)
    for size in range(1, largest + 1):
        deep.grow(chosen, size, max(0, bench.left - stop), rng)
    return [wide, deep]


def _affordable(
    always: Sequence[BenchFunction], ranked: Sequence[BenchFunction], variables: int, size: int, allowance: int
) -> list[BenchFunction]:
    """Return `always` and the first functions of `ranked`, as many as keep the cost within `allowance`.

    The cost is that of all terms of at most `size` applications.
    """
    chosen = list(always)
    for function in ranked:
        if _cost([*chosen, function], variables, size) > allowance and len(chosen) > 1:
            break
        chosen.append(function)
    return chosen


def _cost(functions: Sequence[BenchFunction], variables: int, size: int) -> int:
    """Return an upper bound of the evaluations for all terms of 1 to `size` applications, as if all sorts were one."""
    counts = [variables]
    for level in range(1, size + 1):
        counts.append(sum(_ways(counts, len(function.parameters), level - 1) for function in functions))
    return sum(counts[1:])


def _ways(counts: Sequence[int], arity: int, size: int) -> int:
    """Return the number of ways to choose `arity` terms that have `size` applications in total.

    `counts` holds the number of terms for each number of applications, from 0.
    """
    if arity == 0:
        return 1 if size == 0 else 0
    return sum(counts[part] * _ways(counts, arity - 1, size - part) for part in range(size + 1))


def _internalise(bench: LocalBench, rows: Rows, payload: StructurePayload, rng: Generator) -> list[BenchFunction]:
    """Put the definitions of the library on the bench as far as the budget goes, and return them as its functions.

    The deepest-built come first, and among these the newest.
    """
    definitions = {definition.key: definition for _, definition in payload.library}
    level: dict[str, int] = {}
    for _, definition in payload.library:
        level[definition.key] = 1 + max((level.get(key, 0) for _, key in definition.rests_on), default=0)
    # In half of the tenures the order is perturbed, so that tenures with the same notes do not all search alike.
    noise = float(rng.choice([0.0, 1.5]))
    rank = {key: -level[key] - noise * float(rng.gumbel()) for key in level}
    order = sorted(enumerate(payload.library), key=lambda item: (rank[item[1][1].key], -item[0]))
    functions = []
    for _, (name, definition) in order:
        price = 1 + payload.study_cost
        if bench.left - payload.reserve < price:
            break
        # Tabulating costs one evaluation here, and `_study` the rest of the price.
        function = rows.tabulate(name, definition, definitions)
        if function is not None:
            if payload.study_cost:
                _study(rows, function, payload.study_cost, rng)
            functions.append(function)
    return functions


def _study(rows: Rows, function: BenchFunction, cost: int, rng: Generator) -> None:
    """Evaluate the function at `cost` random arguments: the price of internalising it."""
    points = [rng.integers(0, rows.sizes[sort], size=(cost, 1)).astype(rows.dtype) for sort in function.parameters]
    rows.apply(function.name, points)


def _explained(
    rows: Rows, functions: Sequence[BenchFunction], phenomenon: PublicPhenomenon, table: NDArray[np.int64]
) -> bool:
    """Whether one of `functions` has the table of `phenomenon`, perhaps with its two arguments exchanged."""
    for function in functions:
        if (function.parameters, function.result) == (phenomenon.parameters, phenomenon.result):
            known = rows.table(function.name)
            if np.array_equal(known, table) or (
                table.ndim == 2 and known.shape == table.T.shape and np.array_equal(known.T, table)
            ):
                return True
    return False


def _table(phenomenon: PublicPhenomenon, sizes: Mapping[str, int]) -> NDArray[np.int64] | None:
    """Return the rows of a phenomenon as a table; None if rows are missing, or if a value in them is not of a sort."""
    if not all(sort in sizes for sort in (*phenomenon.parameters, phenomenon.result)):
        return None
    table = np.full(tuple(sizes[sort] for sort in phenomenon.parameters), -1, dtype=np.int64)
    for row in phenomenon.rows:
        table[tuple(row.inputs)] = row.output
    return None if (table < 0).any() else table


def _variable(place: int) -> str:
    return "xyzuvw"[place] if place < 6 else f"x{place}"

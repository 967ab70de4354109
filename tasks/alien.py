"""Theories generated from a seed, so that they are not published anywhere.

A theory has a carrier of `q` elements, two random base operations, and `layers` of `width` binary concepts. A concept
is defined by a term of `term_size` applications of functions from the two layers below, at least one of them from the
layer just below. A concept is drawn again if its table is degenerate, equals an earlier one (up to the order of
arguments), or is a shortcut: a table that a flat search finds without the layer just below
(`tasks.flat_search`). In theories of more than `DEEP` layers, once one ran dry, it is drawn again also if a value is
rare in its table. Depth is certified relative to these searches only. The task's certificate lists them.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from functools import cache
from itertools import product
from math import comb
from typing import Any

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from relay.errors import TaskError
from relay.records.record import Record, later
from relay.records.task import Concept, Form, Given, Law, Operation, Phenomenon, Row, Sort, Task
from relay.seeds import content_generator
from tasks.flat_search import FlatSearch
from tasks.shown_points import shown_points

Table = NDArray[np.int64]

FLAT = 30_000
"""Evaluations of one flat search that certifies depth."""

DRAWS = 2_000
"""The most draws for one concept. Then the layer has run dry, since in some theories the tables of high layers
collapse."""

PATIENCE = 200
"""Draws for one concept after which all terms are tried in turn, if these are fewer than `DRAWS`. If none of them will
do, no more are drawn."""

THEORIES = 50
"""Theories that are drawn anew where a layer runs dry. The next one is mended instead."""

MENDS = 100
"""The most times that a theory is mended: the layers just below the one that ran dry are drawn again."""

UNDONE = 3
"""Number of these layers."""

FEW_MENDS = 3
"""The most times that the theories before it are mended, if they have more than `DEEP` layers: there, drawing whole
theories anew takes long."""

DEEP = 8
"""Layers of a theory above which layers run dry often."""

SORT = "Element"

BRIEF = """\
There is a finite world of elements, and there are operations on them, given as complete tables. Other behaviours have
been observed, and are shown as unnamed tables: explain them. A definition explains a table when it has its value at
every point. What counts are short definitions that explain tables and that others can build on: most tables can be
explained in few words only with the help of earlier explanations. Nothing here is known from anywhere else."""

PARTIAL_BRIEF = BRIEF.replace(
    "its value at\nevery point.", "every value\nthat is shown. A good one also has those that are not shown."
)


class Alien(Record):
    """A generator of alien theories."""

    q: int = Field(default=4, ge=3, le=9)
    """Elements of the carrier."""
    layers: int = Field(default=4, ge=1, le=12)
    """Layers of concepts above the base operations."""
    width: int = Field(default=2, ge=1, le=8)
    """Concepts per layer."""
    term_size: int = Field(default=2, ge=2, le=4)
    """Applications in a concept's term."""
    seed: int | None = None
    """The theory's own seed; None: the trial's."""
    shown: float = later(1.0, gt=0, le=1)
    """Share of a table's points that is shown. Credit is for the whole table."""

    def build(self, seed: int) -> Task:
        """The theory for the component's own seed, or for `seed` if it has none. Raises `TaskError` if none is
        found."""
        own = seed if self.seed is None else self.seed
        few = FEW_MENDS if self.layers > DEEP else 0
        for attempt in range(THEORIES + 1):
            # the attempt is part of the generator's seed, so each attempt is a new theory
            try:
                return _Theory(self, own, attempt).task(MENDS if attempt == THEORIES else few)
            except _RunDryError:
                continue
        raise TaskError(
            f"alien: none of {THEORIES + 1} theories reached layer {self.layers} at q={self.q}, width={self.width}; "
            "use a larger q, or fewer or narrower layers"
        )


class _RunDryError(Exception):
    """No further concept for a layer was found within `DRAWS` draws."""


class _Theory:
    """A theory under construction. All draws come from one generator, so their order must not change."""

    def __init__(self, shape: Alien, seed: int, attempt: int) -> None:
        self._shape = shape
        self._seed = seed
        self._rng = _generator(["alien", seed, shape.q, shape.layers, shape.width, shape.term_size, attempt])
        self._attempt = attempt
        self._tables: list[dict[str, Table]] = []
        self._terms: dict[str, str] = {}
        self._uses: dict[str, tuple[str, ...]] = {}
        self._searches: list[tuple[int, tuple[int, ...], FlatSearch]] = []
        """The layer that a search certifies, the layers that it starts from, and the search."""
        self._from_base: FlatSearch | None = None
        """The last search from the base alone."""
        self._draws: dict[str, int] = {}
        self._names = _names(shape, self._rng)

    def task(self, mends: int) -> Task:
        """The finished theory, mended at most so many times. Raises `_RunDryError` if a layer can't be filled then."""
        base: dict[str, Table] = {}
        for name in self._names[:2]:
            base[name] = self._draw_base([*base.values()])
        self._tables.append(base)
        while len(self._tables) <= self._shape.layers:
            try:
                self._draw_layer(len(self._tables))
            except _RunDryError:
                if not mends:
                    raise
                mends -= 1
                self._undo(max(1, len(self._tables) - UNDONE))
        return self._assemble()

    def _undo(self, layer: int) -> None:
        """Forget this layer and those above it."""
        del self._tables[layer:]
        self._searches = [search for search in self._searches if search[0] < layer]

    def _draw_base(self, others: list[Table]) -> Table:
        q = self._shape.q
        while True:
            table = self._rng.integers(0, q, size=(q, q))
            if len(np.unique(table)) == q and not _degenerate(table) and not _known(table, others):
                return table

    def _draw_layer(self, layer: int) -> None:
        searches = self._search(layer)
        tables = {name: table for layer_tables in self._tables for name, table in layer_tables.items()}
        below, near = [*self._tables[layer - 1]], [*self._tables[max(0, layer - 2)]]
        usable = sorted({*below, *near})
        # every earlier table counts, also those of layers that the term does not use
        known = {_key(side) for table in tables.values() for side in (table, table.T)}
        refused: set[_Tree] = set()
        size = self._shape.term_size
        few = _count_terms(size, len(usable)) <= DRAWS
        balanced = self._attempt > 0 and self._shape.layers > DEEP

        def accepted(term: _Tree) -> Table | None:
            """The table of a term, if it may define a concept."""
            # without the layer just below the term would belong to an earlier layer
            if term in refused or _used(term).isdisjoint(below):
                return None
            table = _value(term, tables, self._shape.q)
            if not (
                _key(table) in known
                or _degenerate(table)
                or (balanced and not _balanced(table))
                or any(search.holds(table) for search in reversed(searches))
            ):
                return table
            refused.add(term)
            return None

        drawn: dict[str, Table] = {}
        for place in range(self._shape.width):
            name = self._names[2 + (layer - 1) * self._shape.width + place]
            for draws in range(1, DRAWS + 1):
                term = _draw_term(size, usable, self._rng)
                if (table := accepted(term)) is not None:
                    break
                if draws == PATIENCE and few and all(accepted(each) is None for each in _terms(size, usable)):
                    raise _RunDryError
            else:
                raise _RunDryError
            assert table is not None
            drawn[name] = table
            known |= {_key(table), _key(table.T)}
            self._terms[name] = _spell(term)
            self._uses[name] = tuple(sorted(_used(term) - {*self._names[:2]}))
            self._draws[name] = draws
        self._tables.append(drawn)

    def _search(self, layer: int) -> list[FlatSearch]:
        """Flat searches from layers below `layer`, without the one just below it."""
        further = range(layer - 1)
        # from all lower layers, from the nearest two, and from the base alone: a smaller start reaches larger terms
        starts = {tuple(further), tuple(further)[-2:], tuple(further)[:1]} - {()}
        searches = []
        for layers in sorted(starts):
            functions = {name: table for at in layers for name, table in self._tables[at].items()}
            base = layers == (0,)
            search = FlatSearch(functions, FLAT, self._rng, to_the_end=base, like=self._from_base if base else None)
            self._from_base = search if base else self._from_base
            searches.append(search)
            self._searches.append((layer, layers, searches[-1]))
        return searches

    def _assemble(self) -> Task:
        concepts, phenomena = [], []
        shown = shown_points(self._shape.shown, self._shape.q, self._seed)
        for tables in self._tables[1:]:
            for name, table in tables.items():
                source = f"define {name}(x: {SORT}, y: {SORT}) -> {SORT} = {self._terms[name]}"
                concepts.append(
                    Concept(
                        id=name, forms=(Form(source=source),), prerequisites=self._uses[name], laws=_laws(name, table)
                    )
                )
                phenomena.append(_phenomenon(name, table, shown))
        return Task(
            name="alien",
            parameters={**self._shape.model_dump(), "seed": self._seed},
            brief=BRIEF if self._shape.shown == 1 else PARTIAL_BRIEF,
            given=_given(self._shape.q, [_operation(name, table) for name, table in self._tables[0].items()]),
            statement_size=4 * self._shape.term_size + 1,
            concepts=tuple(concepts),
            phenomena=tuple(phenomena),
            certificate={
                "flat": FLAT,
                "theories": self._attempt + 1,
                "searches": [_searched(*search) for search in self._searches],
                "draws": self._draws,
            },
        )


# --- terms: nested tuples (function, left, right) over the variables "x" and "y" -------------------------------------

_Tree = str | tuple[str, Any, Any]


def _draw_term(size: int, functions: Sequence[str], rng: Generator) -> _Tree:
    if size == 0:
        return "xy"[int(rng.integers(2))]
    # the other applications are split at random between the two arguments
    left = int(rng.integers(size))
    name = functions[int(rng.integers(len(functions)))]
    return (name, _draw_term(left, functions, rng), _draw_term(size - 1 - left, functions, rng))


def _terms(size: int, functions: Sequence[str]) -> Iterator[_Tree]:
    """All terms that may be drawn."""
    if size == 0:
        yield from "xy"
    for left in range(size):
        yield from product(functions, [*_terms(left, functions)], [*_terms(size - 1 - left, functions)])


def _count_terms(size: int, functions: int) -> int:
    """Number of all terms that may be drawn."""
    shapes = comb(2 * size, size) // (size + 1)  # binary trees of so many nodes
    return int(shapes * functions**size * 2 ** (size + 1))


def _used(term: _Tree) -> frozenset[str]:
    if isinstance(term, str):
        return frozenset()
    return frozenset({term[0]}) | _used(term[1]) | _used(term[2])


def _spell(term: _Tree) -> str:
    return term if isinstance(term, str) else f"{term[0]}({_spell(term[1])}, {_spell(term[2])})"


@cache
def _variables(q: int) -> Table:
    """The tables of x and y, int64[2, q, q]."""
    grids: Table = np.indices((q, q))
    grids.flags.writeable = False  # all callers get the same array
    return grids


def _value(term: _Tree, tables: dict[str, Table], q: int) -> Table:
    if isinstance(term, str):
        variable: Table = _variables(q)["xy".index(term)]
        return variable
    values: Table = tables[term[0]][_value(term[1], tables, q), _value(term[2], tables, q)]
    return values


# --- tables ----------------------------------------------------------------------------------------------------------


def _degenerate(table: Table) -> bool:
    """Whether a table is constant, depends on one argument only, or has fewer than three values."""
    one = bool((table == table[:1]).all()) or bool((table == table[:, :1]).all())
    return one or len(np.unique(table)) < 3


def _balanced(table: Table) -> bool:
    """Whether each element is the value at half as many points as it would be if all were so at equally many."""
    return bool(np.bincount(table.reshape(-1), minlength=len(table)).min() >= len(table) // 2)


def _known(table: Table, others: Sequence[Table]) -> bool:
    """Whether a table equals one of the others, up to the order of arguments."""
    return any(np.array_equal(table, other) or np.array_equal(table.T, other) for other in others)


def _key(table: Table) -> bytes:
    return np.ascontiguousarray(table).astype(np.uint8).tobytes()


def _searched(layer: int, start: tuple[int, ...], search: FlatSearch) -> dict[str, Any]:
    return {
        "layer": layer,
        "from": list(start),
        "evaluations": search.spent,
        "applications": search.applications,
        "distinct": search.distinct,
    }


# --- parts of the task -----------------------------------------------------------------------------------------------


def _given(q: int, operations: Sequence[Operation]) -> Given:
    return Given(sorts=(Sort(name=SORT, size=q),), operations=tuple(operations))


def _operation(name: str, table: Table) -> Operation:
    rows = tuple(tuple(int(value) for value in row) for row in table)
    return Operation(name=name, parameters=(SORT, SORT), result=SORT, table=rows)


def _phenomenon(name: str, table: Table, shown: Collection[tuple[int, int]]) -> Phenomenon:
    q = len(table)
    points = [point for point in product(range(q), repeat=2) if point in shown]
    rows = tuple(Row(inputs=point, output=int(table[point])) for point in points)
    how = "is complete" if len(points) == q * q else "is not complete"
    text = f"An observed behaviour of two elements; the table {how}."
    return Phenomenon(
        id=name, text=text, parameters=(SORT, SORT), result=SORT, field="structure", rows=rows, concept=name
    )


def _laws(name: str, table: Table) -> tuple[Law, ...]:
    """Short equational laws that the table satisfies: commutativity, idempotence, associativity."""
    laws = []
    diagonal = np.diagonal(table)
    if np.array_equal(table, table.T):
        laws.append(f"claim (x: {SORT}, y: {SORT}): {name}(x, y) == {name}(y, x)")
    if np.array_equal(diagonal, np.arange(len(table))):
        laws.append(f"claim (x: {SORT}): {name}(x, x) == x")
    if np.array_equal(table[table], table[:, table]):
        laws.append(f"claim (x: {SORT}, y: {SORT}, z: {SORT}): {name}({name}(x, y), z) == {name}(x, {name}(y, z))")
    return tuple(Law(source=source) for source in laws)


def _names(shape: Alien, rng: Generator) -> list[str]:
    """Names without meaning. All are drawn together, so that a name gives no hint of its layer."""
    names = ["".join(parts) for parts in product("bdfgklmnprstvz", "aeiou", "bdfgklmnprstvz")]
    # without words of the notation
    allowed = [name for name in names if name not in {"not", "for", "sum", "len", "max", "min"}]
    return [allowed[int(index)] for index in rng.permutation(len(allowed))[: 2 + shape.layers * shape.width]]


def _generator(key: list[Any]) -> Generator:
    text = json.dumps(key, separators=(",", ":"), ensure_ascii=True)
    return content_generator(text, digest_bytes=32)

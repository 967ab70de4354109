"""The span against brute force: on random terms, at random values, with every bound."""

from __future__ import annotations

from random import Random

import pytest

from relay.errors import NotationError
from relay.evaluation.algebra import Structure
from relay.evaluation.operation_tables import OperationTables
from relay.evaluation.span import Counted, Span, span, span_of_call
from relay.notation import Scope, read_statement, read_term
from relay.notation.syntax import NAT, Definition
from relay.records.task import Given, Operation, Sort
from tests.evaluation.agreement import WORLDS, World, lanes_of, statement
from tests.evaluation.batches import pack
from tests.evaluation.library import by_key
from tests.evaluation.naive import Field
from tests.evaluation.whole import OverLimit, Whole

LIMIT = 3_000
"""Nodes of one lane beyond which a random term is left out: brute force takes long."""


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_it_is_what_brute_force_counts(name: str) -> None:
    world, random = WORLDS[name], Random(f"span {name}")
    compared = 0
    for _ in range(150):
        definition = statement(random, world, random.randrange(1, 4))
        if definition is None:
            continue
        rows = lanes_of(random, world, definition, random.choice((1, 2, 5)))
        whole = Whole(world.field, by_key(world.scope), LIMIT)
        try:
            total = sum(whole.span(definition, row) for row in rows)
        except OverLimit:
            continue
        compared += 1
        for most, expected in ((10**6, Counted.WHOLE), (total, Counted.WHOLE), (total - 1, Counted.OVER)):
            found = counted(world, definition, rows, most)
            assert found.counted is expected, f"{found} for {total}\n{definition.source}\n{rows}"
            assert found.nodes == min(total, most), f"{found} for {total}\n{definition.source}\n{rows}"
    assert compared > 60


def counted(world: World, definition: Definition, rows: list[list[object]], most: int) -> Span:
    columns = [
        pack(p.type, [row[n] for row in rows], world.model, world.code) for n, p in enumerate(definition.parameters)
    ]
    return span_of_call(definition, columns, len(rows), world.model, by_key(world.scope), most)


@pytest.mark.parametrize(("source", "nodes"), [
    # numeral, start and stop of the range; then two operands and a comparison for each item
    ("any(k == 0 for k in range(100))", 3 + 100 * 3),
    ("all(k == 9 for k in range(100))", 3 + 100 * 3),
    ("first(k for k in range(50000))", 3 + 50_000),
    ("first(1 // (k - 1) for k in range(100))", 3 + 100 * 5),
    ("sum(1 // (k - 1) for k in range(40000))", 3 + 40_000 * 5),
    ("first(k for k in range(100) if k == 3)", 3 + 100 * 3 + 1),
    # one branch, as it is executed; what nothing needs is not valued
    ("1 if True else sum(k for k in range(100))", 3),
    ("False and any(k == 0 for k in range(100))", 2),
    # a call in a loop is made each time, though relay makes it once
    ("sum(fib(7) for k in range(1000))", 3 + 1000 * (2 + 365)),
    ("any(any(k == j for j in range(100)) for k in range(100))", 3 + 100 * (3 + 100 * 3)),
])  # fmt: skip
def test_examples(source: str, nodes: int) -> None:
    world = WORLDS["GF(3)"]
    definitions = by_key(world.scope)
    try:
        term = read_term(source, world.scope)
    except NotationError:
        term = read_term(source, world.scope, expected=NAT)
    assert span(term, {}, 1, world.model, definitions, 10**7) == Span(nodes)
    assert Whole(world.field, definitions, 10**7).span(term, {}) == nodes


@pytest.mark.parametrize("source", [
    "count(i == j for i in range(1000000) for j in range(1000000))",
    "first(i for i in range(1000000) if i + 1 == 0)",
    "sum(sum(sum(fib(9) for i in range(1000)) for j in range(1000)) for k in range(1000))",
    "fib(40)",
    "len(twice([1], 40))",
    "sum(1 for i in range(10 ** 9) for b in Bool)",
])  # fmt: skip
def test_no_count_values_more_than_it_may(source: str) -> None:
    """Each of them would value more than ten million nodes; a count ends as soon as its bound is passed."""
    world = WORLDS["GF(3)"]
    term = read_term(source, world.scope, expected=NAT)
    assert span(term, {}, 1, world.model, by_key(world.scope), 20_000) == Span(20_000, Counted.OVER)


def test_a_model_that_cannot_answer_ends_an_item_alone() -> None:
    world = WORLDS["Q"]
    term = read_term("count(k == 0 or any(x == 1 for x in Scalar) for k in range(5))", world.scope)
    # `any` has no items here, and no value; the count goes on with the next item
    assert span(term, {}, 1, world.model, {}, 10**6) == Span(3 + 5 * 4 + 4)


# --- definitions that are tables -------------------------------------------------------------------------------------

GIVEN = Given(
    sorts=(Sort(name="E", size=5),),
    operations=(
        Operation(
            name="op", parameters=("E", "E"), result="E",
            table=tuple(tuple((2 * a + b * b + 1) % 5 for b in range(5)) for a in range(5)),
        ),
    ),
)  # fmt: skip
STRUCTURE = Structure(GIVEN)
FIELD = Field(
    int, lambda a, b: 0, lambda a, b: 0, lambda a: 0, lambda a: 0, carriers=STRUCTURE.carriers,
    operations={"op": STRUCTURE.operations["op"].tolist()},
)  # fmt: skip


def sources(*texts: str) -> Scope:
    scope = Scope(GIVEN)
    for text in texts:
        found = read_statement(text, scope)
        assert isinstance(found, Definition)
        scope = scope.adding(found)
    return scope


def test_a_definition_that_composes_operations_is_a_table_however_deep() -> None:
    texts = ["define f0(x: E, y: E) -> E = op(op(y, x), x)"]
    texts += [f"define f{n}(x: E, y: E) -> E = f{n - 1}(f{n - 1}(x, y), f{n - 1}(y, x))" for n in range(1, 40)]
    scope = sources(*texts)
    term = read_term("all(f39(x, y) == f39(y, x) for x in E for y in E)", scope)
    tables = OperationTables(STRUCTURE)
    assert span(term, {}, 1, STRUCTURE, by_key(scope), 10**6, tables) == Span(1 + 25 * 7)
    table = tables.table(scope.definitions["f3"], by_key(scope))
    naive = Whole(FIELD, by_key(scope), 10**6)
    assert table is not None
    assert all(naive.call(scope.definitions["f3"], [a, b]) == table[a, b] for a in range(5) for b in range(5))


@pytest.mark.parametrize("body", [
    "first(y for y in E if op(y, y) == x)", "x if x == op(x, x) else op(x, x)", "op(x, first(y for y in E))",
    "g(x)", "[x, x][0]",
])  # fmt: skip
def test_what_searches_or_chooses_is_no_table(body: str) -> None:
    scope = sources("define g(x: E) -> E = g(op(x, x))", f"define f(x: E) -> E = {body}")
    assert OperationTables(STRUCTURE).table(scope.definitions["f"], by_key(scope)) is None


def test_tables_and_the_evaluator_agree_on_values() -> None:
    scope = sources("define f(x: E) -> E = op(x, op(x, x))", "define g(x: E, y: E) -> E = f(op(f(y), x))")
    definitions = by_key(scope)
    term = read_term("[g(f(x), y) for x in E for y in E]", scope)
    tables = OperationTables(STRUCTURE)
    naive = Whole(FIELD, definitions, 10**6)
    expected = naive.run(term, {}, None, 0).items
    assert [int(tables.table(scope.definitions["g"], definitions)[naive.call(scope.definitions["f"], [x]), y])
            for x in range(5) for y in range(5)] == list(expected)  # fmt: skip

"""Alien theories: deterministic, layered, and without shortcuts, duplicates and degenerate tables."""

from __future__ import annotations

from functools import cache
from itertools import combinations, product

import networkx as nx
import numpy as np
import pytest
from pydantic import ValidationError

from relay.errors import TaskError
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given, Operation, Task, parse_task
from relay.researcher.bench import LocalBench
from relay.researcher.bench.enumeration import Enumeration
from relay.scoring.examiner import Examiner
from tasks.alien import Alien, _degenerate

SHAPES = [Alien(layers=3), Alien(q=5, layers=2, width=2, term_size=3), Alien(q=3, layers=2, width=1)]


@cache
def _built(shape: Alien) -> Task:
    return shape.build(1)


def _tables(task: Task) -> dict[str, np.ndarray]:
    """The tables that researchers see."""
    q = task.given.sorts[0].size
    tables = {}
    for phenomenon in task.phenomena:
        table = np.full((q, q), -1)
        for row in phenomenon.rows:
            table[row.inputs] = row.output
        tables[phenomenon.concept] = table
    return tables


def _depths(task: Task) -> dict[str, int]:
    graph = nx.DiGraph([(before, c.id) for c in task.concepts for before in c.prerequisites])
    graph.add_nodes_from(concept.id for concept in task.concepts)
    depth: dict[str, int] = {}
    for name in nx.topological_sort(graph):
        depth[name] = 1 + max((depth[before] for before in graph.predecessors(name)), default=0)
    return depth


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_same_seed_same_theory(shape: Alien) -> None:
    first = shape.build(7)
    assert first == shape.model_copy(update={"seed": 7}).build(99)
    assert first != shape.build(8)
    text = first.model_dump_json()
    assert Task.model_validate_json(text).model_dump_json() == text


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_layers_are_depths(shape: Alien) -> None:
    depths = list(_depths(_built(shape)).values())
    assert sorted(depths) == sorted(layer for layer in range(1, shape.layers + 1) for _ in range(shape.width))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_references_have_the_tables_shown(shape: Alien) -> None:
    task = _built(shape)
    tables = _tables(task)
    rows = LocalBench(task.given, 1000).rows()
    scope, definitions = Scope(task.given), dict[str, Definition]()
    for concept in task.concepts:
        definition = read_statement(concept.forms[0].source, scope)
        assert isinstance(definition, Definition)
        assert definition.nodes <= task.statement_size
        scope, definitions = scope.adding(definition), {**definitions, definition.key: definition}
        assert rows.tabulate(definition.name, definition, definitions) is not None
        assert np.array_equal(rows.table(definition.name), tables[concept.id])


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_tables_are_neither_degenerate_nor_known(shape: Alien) -> None:
    task = _built(shape)
    given = [np.array(operation.table) for operation in task.given.operations]
    tables = [*given, *_tables(task).values()]
    assert not any(_degenerate(table) for table in tables)
    for a, b in combinations(tables, 2):
        assert not np.array_equal(a, b)
        assert not np.array_equal(a, b.T)


def test_degenerate_tables_are_recognised() -> None:
    x, y = np.indices((4, 4))
    assert _degenerate(x)
    assert _degenerate(y)
    assert _degenerate(np.zeros((4, 4), dtype=int))
    assert _degenerate((x + y) % 2)
    assert not _degenerate((x + y) % 4)


def test_no_concept_is_found_from_the_base_operations_by_another_flat_search() -> None:
    task = _built(Alien(layers=3))
    depth = _depths(task)
    bench = LocalBench(task.given, 10_000)
    rows = bench.rows()
    terms = Enumeration(rows, [("x", "Element"), ("y", "Element")])
    functions, rng = list(rows.functions.values()), np.random.default_rng(0)
    for size in range(1, 5):
        terms.grow(functions, size, bench.left, rng)
    found = {
        name for name, t in _tables(task).items() if terms.find("Element", t.astype(np.uint8).tobytes()) is not None
    }
    assert found == {name for name in depth if depth[name] == 1}


def test_the_certificate_says_what_was_searched() -> None:
    certificate = _built(Alien(layers=3)).certificate
    assert {search["layer"] for search in certificate["searches"]} == {2, 3}
    assert all(search["evaluations"] == certificate["flat"] == 30_000 for search in certificate["searches"])
    assert all(max(search["from"]) < search["layer"] - 1 for search in certificate["searches"])


def test_a_shape_that_runs_dry_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.alien.DRAWS", 1)
    monkeypatch.setattr("tasks.alien.THEORIES", 2)
    with pytest.raises(TaskError, match=r"none of .* theories reached.*larger q"):
        Alien(q=3, layers=6, width=4).build(1)


def test_a_share_of_the_points_is_shown_the_same_for_all_tables() -> None:
    whole, part, less = (Alien(q=5, layers=2, shown=share).build(1) for share in (1.0, 0.6, 0.3))
    assert part.concepts == whole.concepts and part.given == whole.given
    points = [{row.inputs for row in phenomenon.rows} for phenomenon in part.phenomena]
    assert all(one == points[0] for one in points) and len(points[0]) == 15
    assert {row.inputs for row in less.phenomena[0].rows} < points[0]
    for one, other in zip(part.phenomena, whole.phenomena, strict=True):
        assert set(one.rows) < set(other.rows)
    assert "not complete" in part.phenomena[0].text and "that is shown" in part.brief
    text = part.model_dump_json()
    assert parse_task(text, "the task").model_dump_json() == text


def test_another_seed_has_another_mask() -> None:
    masks = [{row.inputs for row in Alien(layers=1, shown=0.5).build(seed).phenomena[0].rows} for seed in range(6)]
    assert len(set(map(frozenset, masks))) > 3


def test_a_whole_theory_is_written_as_before_there_was_a_share() -> None:
    task = _built(Alien(layers=3))
    assert "shown" not in task.parameters and task == Alien(layers=3, shown=1).build(1)


@pytest.mark.parametrize("share", [0, -0.5, 1.01])
def test_a_share_is_above_0_and_at_most_1(share: float) -> None:
    with pytest.raises(ValidationError):
        Alien(shown=share)


def test_what_agrees_only_where_values_are_shown_is_explained_and_earns_nothing() -> None:
    """What is told rests on what is shown, credit on the whole table, and so do the measures."""
    task = Alien(layers=1, shown=0.5).build(1)
    examiner = Examiner(task)
    form = task.concepts[0].forms[0].source
    whole = read_statement(form.replace(task.concepts[0].id, "whole"), Scope(task.given))
    assert isinstance(whole, Definition)
    found = examiner.examine(whole, {})
    assert found.concepts == (task.concepts[0].id,) == found.explained == found.accounted
    rows = {row.inputs for row in task.phenomena[0].rows}
    hidden = next(point for point in product(range(4), repeat=2) if point not in rows)
    elsewhere = "[e for e in Element][{}]"
    i, j = (f"[e for e in Element][{place}]" for place in hidden)
    body = whole.source.partition(" = ")[2]
    large = Examiner(task.model_copy(update={"statement_size": 40}))
    for value in ("x", "y", elsewhere.format(0), elsewhere.format(1)):
        source = f"define part(x: Element, y: Element) -> Element = {value} if x == {i} and y == {j} else {body}"
        part = read_statement(source, Scope(task.given))
        found = large.examine(part, {})
        assert task.phenomena[0].id in found.explained
        if not found.concepts:
            assert found.accounted == ()
            return
    raise AssertionError("every value was the right one")


def test_given_is_two_complete_tables() -> None:
    given: Given = _built(SHAPES[1]).given
    assert [type(operation) for operation in given.operations] == [Operation, Operation]
    assert all(np.array(operation.table).shape == (5, 5) for operation in given.operations)
    assert not given.scalars

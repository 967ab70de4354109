"""The explorer's search in finite structures: what it reaches, in nodes, and what it says of how far it went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from agents.explorer.structure import Explanation, StructurePayload, explain
from agents.explorer.structure_terms import Functions, enumerate_terms
from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.events import AnyEvent, Explained, GenerationEnded, Searched
from relay.records.log import read_chain
from relay.records.task import Given, Operation, Row, Sort
from relay.researcher.bench import Bench, Inline, LocalBench, Reach
from relay.researcher.bench.connectives import unbracketed
from relay.researcher.bench.enumeration import Enumeration
from relay.researcher.observation import PublicPhenomenon
from relay.trial.resolve import resolve_condition
from relay.trial.trial import run_trial

ROOT = Path(__file__).parents[3]
HOURS = range(6)
TIMES = tuple(tuple(a * b % 6 for b in HOURS) for a in HOURS)
NEXT = tuple((a + 1) % 6 for a in HOURS)
GIVEN = Given(sorts=(Sort(name="Hour", size=6),), operations=(
    Operation(name="times", parameters=("Hour", "Hour"), result="Hour", table=TIMES),
    Operation(name="next", parameters=("Hour",), result="Hour", table=NEXT),
))  # fmt: skip


def seen(number: int, behaviour: Callable[..., Any], parameters: int = 1, result: str = "Hour") -> PublicPhenomenon:
    """A phenomenon with the whole table of a behaviour."""
    rows = tuple(Row(inputs=point, output=behaviour(*point)) for point in product(HOURS, repeat=parameters))
    return PublicPhenomenon(
        number=number, text="", parameters=("Hour",) * parameters, result=result, field="structure", rows=rows
    )


def read_all(sources: Sequence[str]) -> list[tuple[str, Definition]]:
    """The definitions with their names, each after those that it calls."""
    library: list[tuple[str, Definition]] = []
    for source in sources:
        statement = read_statement(source, Scope(GIVEN, dict(library)))
        assert isinstance(statement, Definition)
        library.append((statement.name, statement))
    return library


def found(
    phenomena: Sequence[PublicPhenomenon],
    size: int = 13,
    evaluations: int = 20_000,
    notes: Sequence[str] = (),
    told: Sequence[str] = (),
) -> tuple[dict[int, str], Reach | None, int]:
    """The terms that were found, how far the search went, and its evaluations. Every term is checked. `told`: names of
    the definitions of which the notes tell that they explain something."""
    library = read_all(notes)
    scope = Scope(GIVEN, dict(library))
    bench = LocalBench(GIVEN, evaluations)
    explanations = explain(bench, StructurePayload(tuple(library), tuple(phenomena), size, 0, 0, 1, frozenset(told)))
    for explanation in explanations:
        check(explanation, scope, phenomena, size)
    return {each.phenomenon: each.term for each in explanations}, bench.reach, bench.spent


def check(explanation: Explanation, scope: Scope, phenomena: Sequence[PublicPhenomenon], size: int) -> None:
    statement = read_statement(explanation.find({}).source, scope)
    assert isinstance(statement, Definition)
    assert statement.nodes <= size
    definitions = {each.key: each for each in (*scope.definitions.values(), statement)}
    (phenomenon,) = (each for each in phenomena if each.number == explanation.phenomenon)
    assert LocalBench(GIVEN, 1).explains(statement, definitions, phenomenon)


def partly(phenomenon: PublicPhenomenon, missing: int = 3) -> PublicPhenomenon:
    """The phenomenon without every row whose place is a multiple of `missing`."""
    rows = tuple(row for place, row in enumerate(phenomenon.rows) if place % missing)
    return phenomenon.model_copy(update={"rows": rows})


def test_a_table_is_explained_where_its_values_are_shown() -> None:
    shown = [partly(seen(1, lambda x: (x + 2) % 6)), partly(seen(2, lambda x, y: x * y * x % 6, 2))]
    assert found(shown)[0] == {1: "next(next(x))", 2: "times(x, times(x, y))"}
    even = partly(seen(3, lambda x: x * x % 6 == x, result="Bool"), missing=4)
    bound = partly(seen(4, lambda x, y: (x - y) % 2 == 0, 2, result="Bool"), missing=7)
    terms = found([even, bound], evaluations=60_000)[0]
    assert terms[3] == "x == times(x, x)" or terms[3] == "times(x, x) == x"


def test_a_definition_that_was_read_explains_what_is_shown() -> None:
    """Nothing is searched for then."""
    shown = partly(seen(1, lambda x: (x + 2) % 6))
    terms, reach, spent = found([shown], notes=["define later(x: Hour) -> Hour = next(next(x))"])
    assert (terms, reach, spent) == ({}, None, 1)


def test_what_is_told_to_explain_comes_first_then_what_is_given_then_the_rest() -> None:
    """Among many definitions of no use, the search builds on those of which the notes tell that they explain."""
    useful = "define turn(x: Hour, y: Hour) -> Hour = times(next(x), next(next(y)))"
    bodies = [f"times({first}, times(y, {second}))" for first in ("x", "next(x)", "next(y)") for second in "xy"]
    junk = [f"define junk{at}(x: Hour, y: Hour) -> Hour = {body}" for at, body in enumerate(bodies)]

    def turn(x: int, y: int) -> int:
        return (x + 1) * (y + 2) % 6

    built = seen(1, lambda x, y: turn(turn(x, y), (turn(y, x) + 1) % 6), 2)
    for notes in ([useful, *junk], [*junk, useful]):
        assert found([built], evaluations=20_000, notes=notes, told=["turn"])[0], notes[0]
    assert not found([built], evaluations=20_000, notes=[useful, *junk])[0]
    # where nothing is told, the order is what it was
    assert found([built], evaluations=20_000, notes=[useful], told=["turn"])[0] == found([built], notes=[useful])[0]


def test_what_was_built_in_most_steps_comes_first_wherever_it_stands() -> None:
    """A journal shows a definition before those that it calls."""
    base = "define base(x: Hour, y: Hour) -> Hour = times(next(x), next(y))"
    built = "define built(x: Hour, y: Hour) -> Hour = base(next(x), base(y, y))"
    bodies = [f"times({first}, times(y, {second}))" for first in ("x", "next(x)", "next(y)") for second in "xy"]
    junk = [f"define junk{at}(x: Hour, y: Hour) -> Hour = {body}" for at, body in enumerate(bodies)]

    def deep(x: int, y: int) -> int:
        return (x + 2) * ((y + 1) * (y + 1) + 1) % 6

    wanted = seen(1, lambda x, y: deep(deep(x, y), deep(y, x)), 2)
    for order in ((0, 1), (1, 0)):
        library = read_all([base, built, *junk])
        library[:2] = [library[at] for at in order]
        bench = LocalBench(GIVEN, 20_000)
        assert explain(bench, StructurePayload(tuple(library), (wanted,), 13, 0, 0, 1)), order


def test_its_reach_is_counted_in_nodes() -> None:
    later = [seen(number, lambda x, n=number: (x + n) % 6) for number in range(1, 6)]
    assert found(later, size=5)[0] == {n: "next(" * n + "x" + ")" * n for n in range(1, 5)}
    assert found(later, size=4)[0].keys() == {1, 2, 3}
    fifth = [seen(1, lambda x: x**3 % 6)]
    assert found(fifth, size=5)[0] == {1: "x"}  # for every hour it is the hour itself
    square = [seen(1, lambda x: x * x % 6)]
    assert not found(square, size=2)[0]
    assert found(square, size=3)[0] == {1: "times(x, x)"}


PREDICATES = {
    "x == times(x, x)": (1, lambda x: x * x % 6 == x),
    "not x == times(x, x)": (1, lambda x: x * x % 6 != x),
    "x == y or x == times(x, y)": (2, lambda x, y: x == y or x * y % 6 == x),
    "all(x == times(x, z) for z in Hour)": (1, lambda x: x == 0),
}


@pytest.mark.parametrize("term", PREDICATES)
def test_it_finds_predicates(term: str) -> None:
    parameters, holds = PREDICATES[term]
    terms, _, _ = found([seen(1, holds, parameters, "Bool")])
    assert terms.keys() == {1}


def test_it_finds_what_some_element_does() -> None:
    divides = seen(1, lambda x, y: any(x * z % 6 == y for z in HOURS), 2, "Bool")
    terms, reach, _ = found([divides], size=6)
    assert terms == {1: "any(y == times(x, z) for z in Hour)"}
    assert reach == Reach(6, exhausted=True)
    assert found([divides], size=5)[0] == {}
    # A bound variable has a name that is neither a parameter's nor a definition's.
    notes = ["define z(x: Hour) -> Hour = times(next(next(x)), x)"]
    assert found([divides], size=6, notes=notes)[0] == {1: "any(y == times(x, u) for u in Hour)"}
    # A size is reached only if the terms with a bound variable are reached too.
    scarce = found([seen(1, lambda x, y: x > y, 2, "Bool")], 6, 300)[1]
    assert scarce == Reach(4, exhausted=False)


def test_predicates_that_were_read_are_built_on_and_not_found_again() -> None:
    notes = ["define divides(x: Hour, y: Hour) -> Bool = any(times(x, z) == y for z in Hour)"]
    known = seen(1, lambda x, y: any(x * z % 6 == y for z in HOURS), 2, "Bool")
    divisible = seen(2, lambda x: x == 0, 1, "Bool")
    terms, _, _ = found([known, divisible], size=4, notes=notes)
    assert terms == {2: "all(divides(y, x) for y in Hour)"}
    # Where no phenomenon is a predicate, predicates that were read are not paid for.
    assert found([seen(1, lambda x: x * x % 6)], notes=notes) == found([seen(1, lambda x: x * x % 6)])


def test_it_says_when_nothing_is_left_to_try() -> None:
    impossible = seen(1, lambda x: 5 - x if x < 3 else x)
    terms, reach, spent = found([impossible], size=3)
    # next(x), next(next(x)) and times(x, x), once in each of the two enumerations
    assert (terms, reach, spent) == ({}, Reach(3, exhausted=True), 6)
    for evaluations in range(3):
        _, reach, _ = found([impossible], size=3, evaluations=evaluations)
        assert reach is not None
        assert not reach.exhausted
    assert found([], size=3)[1] is None


def test_a_size_that_was_reached_left_no_term_out() -> None:
    bench = LocalBench(GIVEN, 10**6)
    rows = bench.rows()
    # Few evaluations suffice for some of the functions only.
    sources = ["define f(x: Hour) -> Hour = next(next(x))", "define g(x: Hour) -> Hour = next(next(next(x)))"]
    later = [read_statement(source, Scope(GIVEN, {})) for source in sources]
    read = [rows.tabulate(each.name, each, {}) for each in later if isinstance(each, Definition)]
    functions = Functions((rows.functions["times"],), (rows.functions["next"], *filter(None, read)))
    context = [("x", "Hour"), ("y", "Hour")]

    def values(terms: Any) -> set[bytes]:
        return set().union(*(search.rows("Hour") for search in terms.searches))

    for allowance in (0, 3, 10, 40, 200, 1_000, 5_000):
        rng = np.random.default_rng(0)
        tried = enumerate_terms(bench, rows, context, functions, 9, allowance, rng)
        whole = enumerate_terms(bench, rows, context, functions, tried.size, 200_000, rng)
        assert whole.size == tried.size
        assert values(whole) <= values(tried)


def test_every_truth_value_is_spelt_as_it_was_evaluated() -> None:
    bench = LocalBench(GIVEN, 10**6)
    rows = bench.rows()
    terms = Enumeration(rows, [("x", "Hour"), ("y", "Hour")], variable=1)
    for size in range(3, 16):
        terms.grow([rows.functions["times"], *rows.connectives()], size, 60, np.random.default_rng(size))
    values, serials = terms.terms("Bool")
    texts = [unbracketed(terms.spell(int(serial))) for serial in serials]
    for nested in ("not (", " or (", " and "):
        assert any(nested in text for text in texts)
    for row, text in zip(values, texts, strict=True):
        statement = read_statement(f"define f(x: Hour, y: Hour) -> Bool = {text}", Scope(GIVEN, {}))
        assert isinstance(statement, Definition)
        table = iter(row.tolist())
        assert bench.explains(statement, {}, seen(1, lambda x, y, table=table: bool(next(table)), 2, "Bool")), text


def test_what_a_search_says_reaches_the_bench_after_its_cost() -> None:
    told: list[Any] = []
    bench = Bench(Inline(), GIVEN, lambda: 100, lambda count, _: told.append(count), told.append)
    payload = StructurePayload((), (seen(1, lambda x: 5 - x),), 3, 0, 0, 1)
    asyncio.run(bench.run(explain, payload))
    assert told == [6, Reach(3, exhausted=True)]


def events(where: Path) -> list[AnyEvent]:
    return [line.event for line in read_chain(where / "events.jsonl", "")]


AGENTS = [{"name": "explorer"}, {"name": "llm", "parameters": {"model": "mock/explorer"}}]


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent["name"])
def test_it_explains_both_phenomena_of_the_example(agent: dict[str, Any], tmp_path: Path) -> None:
    task = f"file(path={ROOT / 'examples/counting.yaml'})"
    asyncio.run(run_trial(resolve_condition(task, agent=agent, generations=4, seed=1), tmp_path / "trial"))
    logged = events(tmp_path / "trial")
    assert {event.phenomenon for event in logged if isinstance(event, Explained)} == {1, 2}
    told = [(event.size, event.exhausted) for event in logged if isinstance(event, Searched)]
    # The first and the second tenure try everything up to the size of a statement; then nothing is left to explain.
    # Behind a prompt no search is on the bench.
    assert told == ([(5, True), (5, True), (None, False), (None, False)] if agent["name"] == "explorer" else [])


PREDICATE = """
name: predicate
statement_size: 6
given:
  sorts: [{name: Hour, size: 3}]
  operations: [{name: plus, parameters: [Hour, Hour], result: Hour, table: [[0, 1, 2], [1, 2, 0], [2, 0, 1]]}]
briefs:
  tables:
    text: Explain.
    phenomena:
    - {id: a, concept: neutral, text: Seen., parameters: [Hour], result: Bool, field: structure,
       rows: [[[0], true], [[1], false], [[2], false]]}
    - {id: b, concept: inverses, text: Seen., parameters: [Hour, Hour], result: Bool, field: structure, rows: [
       [[0, 0], true], [[0, 1], false], [[0, 2], false], [[1, 0], false], [[1, 1], false], [[1, 2], true],
       [[2, 0], false], [[2, 1], true], [[2, 2], false]]}
concepts:
- {id: neutral, forms: ["define neutral(x: Hour) -> Bool = plus(x, x) == x"]}
- {id: inverses, forms: ["define inverses(x: Hour, y: Hour) -> Bool = neutral(plus(x, y))"]}
"""


@pytest.mark.parametrize("agent", AGENTS, ids=lambda agent: agent["name"])
def test_predicates_are_credited(agent: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "task.yaml").write_text(PREDICATE)
    task = f"file(path={tmp_path / 'task.yaml'})"
    asyncio.run(run_trial(resolve_condition(task, agent=agent, generations=2, seed=1), tmp_path / "trial"))
    ended = [event for event in events(tmp_path / "trial") if isinstance(event, GenerationEnded)]
    assert [event.retained for event in ended][-1] == ("inverses", "neutral")


def test_a_name_that_a_note_has_for_something_else_is_not_taken() -> None:
    binary = next(each for each in GIVEN.operations if each.parameters == (each.result, each.result))
    explanation = Explanation(1, (("x", binary.result),), binary.result, f"{binary.name}(x, x)")
    usual = explanation.find({}).source
    own = read_statement(usual, Scope(GIVEN))
    wrong = read_statement(usual.partition(" = ")[0] + " = x", Scope(GIVEN))
    assert isinstance(own, Definition) and isinstance(wrong, Definition) and own.name == wrong.name
    assert explanation.find({own.name: own}).source == usual
    other = explanation.find({wrong.name: wrong}).source
    assert usual.partition("(")[2] == other.partition("(")[2] and usual.split("(")[0] != other.split("(")[0]

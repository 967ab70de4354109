"""Tables of definitions: a look-up gives what a call gives, for the work of one node."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pytest

from relay.evaluation import EXHAUSTED, OK, UNDEFINED, Outcome, call, evaluate
from relay.evaluation.algebra import Structure
from relay.evaluation.definition_tables import CALL_DEPTH, MOST_FUEL, MOST_POINTS, height
from relay.evaluation.lanes import Lanes
from relay.evaluation.values import Value
from relay.notation import Scope, read_statement, read_term
from relay.notation.syntax import BOOL, Definition, SortType, Term
from relay.records.task import Given, Operation, Sort

GIVEN = Given(
    sorts=(Sort(name="Element", size=4),),
    operations=(
        Operation(
            name="f", parameters=("Element", "Element"), result="Element",
            table=((1, 2, 2, 3), (0, 1, 2, 2), (3, 1, 3, 2), (2, 0, 1, 3)),
        ),
        Operation(
            name="g", parameters=("Element", "Element"), result="Element",
            table=((2, 1, 3, 0), (2, 2, 1, 3), (1, 2, 3, 3), (0, 0, 0, 3)),
        ),
    ),
)  # fmt: skip
FUEL = 20_000


def written(*sources: str) -> tuple[Scope, dict[str, Definition]]:
    """The scope after some definitions, and the definitions by key."""
    scope, definitions = Scope(GIVEN), dict[str, Definition]()
    for source in sources:
        statement = read_statement(f"define {source}", scope)
        assert isinstance(statement, Definition)
        scope, definitions = scope.adding(statement), {**definitions, statement.key: statement}
    return scope, definitions


def outcome(
    definition: Definition, definitions: dict[str, Definition], fuel: int = FUEL, model: Structure | None = None
) -> Outcome:
    """The definition at all points of its parameters. Without a `model`, nothing is kept."""
    if model is None:
        model = Structure(GIVEN)
        model.tables = None
    count = len(definition.parameters)
    grids = np.indices((4,) * count).reshape(count, -1)
    return call(definition, [*grids], grids.shape[1], model, definitions, fuel)


def assert_same(one: Outcome, other: Outcome) -> None:
    assert list(one.status) == list(other.status)
    if one.value is not None:
        assert (np.asarray(one.value) == np.asarray(other.value))[one.ok].all()
    decided = one.status != EXHAUSTED
    assert list(one.fuel[decided]) == list(other.fuel[decided])


def some_source(random: Random, number: int, names: list[str]) -> str:
    """A definition that calls the earlier ones, some of them undefined at some points."""

    def term(depth: int) -> str:
        kind = random.choice(["x", "y", "call", "call", "call", "if", "first"] if depth else ["x", "y"])
        if kind == "call":
            return f"{random.choice(names)}({term(depth - 1)}, {term(depth - 1)})"
        if kind == "if":
            return f"({term(depth - 1)} if {term(depth - 1)} == {term(depth - 1)} else {term(depth - 1)})"
        if kind == "first":
            bound = f"z{random.randrange(10**6)}"
            return f"first({bound} for {bound} in Element if {random.choice(names)}({bound}, x) == {term(depth - 1)})"
        return kind

    return f"h{number}(x: Element, y: Element) -> Element = {term(2)}"


@pytest.mark.parametrize("fuel", [60, FUEL])
def test_a_look_up_gives_the_value_the_status_and_the_fuel_of_a_call(fuel: int) -> None:
    undefined = exhausted = kept = 0
    for seed in range(40):
        random = Random(seed)
        names, sources = ["f", "g"], []
        for number in range(4):
            sources.append(some_source(random, number, names))
            names.append(f"h{number}")
        _, definitions = written(*sources)
        model = Structure(GIVEN)
        for definition in definitions.values():
            plain = outcome(definition, definitions, fuel)
            assert_same(plain, outcome(definition, definitions, fuel, model))
            undefined += int((plain.status == UNDEFINED).sum())
            exhausted += int((plain.status == EXHAUSTED).sum())
        assert model.tables is not None
        kept += sum(table is not None for table in model.tables.values())
    assert undefined and kept > 100 and (exhausted or fuel == FUEL)


def test_nothing_depends_on_whether_a_table_is_there_already() -> None:
    scope, definitions = written(
        "a(x: Element, y: Element) -> Element = first(z for z in Element if f(z, x) == g(y, z))",
        "b(x: Element, y: Element) -> Element = f(a(x, y), a(y, x))",
        "c(x: Element) -> Bool = any(b(x, y) == a(y, x) for y in Element)",
    )
    warm = Structure(GIVEN)
    for name in ("b", "a", "c"):
        outcome(scope.definitions[name], definitions, model=warm)
    for name in ("a", "b", "c"):
        one, other = (outcome(scope.definitions[name], definitions, model=m) for m in (Structure(GIVEN), warm))
        assert_same(one, other)
        assert one.work == other.work


def layers(count: int) -> tuple[str, ...]:
    """Layers of definitions, each of which calls the one before twice: they unfold to 2 ** count calls."""
    first = "c0(x: Element, y: Element) -> Element = f(x, g(y, x))"
    return (
        first,
        *(f"c{n}(x: Element, y: Element) -> Element = c{n - 1}(c{n - 1}(x, y), x)" for n in range(1, count)),
    )


def test_work_grows_with_the_number_of_layers_and_fuel_is_bounded() -> None:
    scope, definitions = written(*layers(60))
    model = Structure(GIVEN)
    short, long = (outcome(scope.definitions[f"c{n}"], definitions, model=model) for n in (19, 59))
    assert short.ok.all() and long.ok.all()
    assert long.work < 3.5 * short.work
    assert long.fuel.max() <= 2 * MOST_FUEL + 10
    # without tables even 20 layers are too many
    assert not outcome(scope.definitions["c19"], definitions).ok.any()


def test_calls_that_nest_too_deep_are_out_of_fuel_with_and_without_tables() -> None:
    first = "c0(x: Element) -> Element = f(x, x)"
    sources = (first, *(f"c{n}(x: Element) -> Element = f(c{n - 1}(x), x)" for n in range(1, CALL_DEPTH + 1)))
    scope, definitions = written(*sources)
    model = Structure(GIVEN)
    for place, expected in ((CALL_DEPTH - 1, OK), (CALL_DEPTH, EXHAUSTED)):
        definition = scope.definitions[f"c{place}"]
        assert set(outcome(definition, definitions).status) == {expected}
        assert set(outcome(definition, definitions, model=model).status) == {expected}


def test_what_depends_on_more_than_the_structure_is_not_kept() -> None:
    scope, definitions = written(
        "plain(x: Element) -> Element = f(x, x)",
        "turned(x: Element, n: Nat) -> Element = x if n == 0 else turned(f(x, x), n - 1)",
        "rests(x: Element) -> Element = turned(x, 2)",
        "twice(h: Fn[Element, Element], x: Element) -> Element = h(h(x))",
        "passes(x: Element) -> Element = twice(plain, x)",
        "wide(x: Element, y: Element, z: Element, u: Element, v: Element, w: Element) -> Element = f(x, f(y, f(z, w)))",
        "list(x: Element) -> List[Element] = [x, x]",
    )
    heights = {name: height(definition, definitions) for name, definition in scope.definitions.items()}
    assert heights == {"plain": 1, "turned": 0, "rests": 0, "twice": 1, "passes": 0, "wide": 1, "list": 1}
    assert MOST_POINTS < 4**6
    model = Structure(GIVEN)
    for name in ("plain", "rests", "passes", "wide", "list"):
        outcome(scope.definitions[name], definitions, model=model)
    assert model.tables is not None
    assert [key for key, table in model.tables.items() if table is not None] == [scope.definitions["plain"].key]


def test_an_observer_sees_the_nodes_inside_a_call() -> None:
    class Counting:
        nodes = 0

        def valued(self, term: Term, value: Value, lanes: Lanes) -> None:
            self.nodes += 1

    scope, definitions = written("a(x: Element) -> Element = f(f(x, x), g(x, x))")
    model = Structure(GIVEN)
    outcome(scope.definitions["a"], definitions, model=model)
    counting = Counting()
    term = read_term("a(x) == x", scope, {"x": SortType("Element")}, BOOL)
    evaluate(term, {"x": np.arange(4)}, 4, model, definitions, FUEL, observer=counting)
    assert counting.nodes > 4


def test_definitions_without_a_key_are_not_taken_for_each_other() -> None:
    scope, definitions = written("a(x: Element) -> Element = f(x, x)", "b(x: Element) -> Element = g(x, x)")
    model = Structure(GIVEN)
    for name in ("a", "b"):
        nameless = replace(scope.definitions[name], key="")
        assert_same(outcome(nameless, definitions), outcome(nameless, definitions, model=model))

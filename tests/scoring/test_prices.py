"""Searches are paid for: random search programs against brute force, in `evaluate`, `match` and statements.

A program tries candidate terms: it compares each with what it looks for, at all points, and does something with the
outcome. The naive evaluator counts how many it tries. It shares nothing with what relay counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from random import Random
from typing import Any

import numpy as np
import pytest

from relay.checker import claim_batch
from relay.checker.phenomena import Behaviour
from relay.checker.pricing.pricer import public_models
from relay.checker.search import counterexamples
from relay.checker.seen import seen_signature
from relay.errors import NotationError
from relay.evaluation.algebra import Structure
from relay.evaluation.evaluate import evaluate
from relay.evaluation.machine import Machine
from relay.notation import Scope, read_match, read_statement, read_term
from relay.notation.syntax import NAT, Comprehension, Definition, Statement, Term
from relay.records.budget import MOST_PRICE
from relay.records.task import Concept, Form, Given, Operation, Phenomenon, Row, Sort, Task
from relay.scoring.examiner import Examiner, Priced
from tests.evaluation.naive import RATIONALS, Field, prime, table
from tests.evaluation.whole import Whole

SIZE = 24


@dataclass(frozen=True)
class Theory:
    """What programs are written over."""

    task: Task
    helpers: tuple[str, ...]
    """Definitions that programs call."""
    fields: tuple[Field, ...]
    """The public models, for brute force."""
    trials: tuple[tuple[str, frozenset[str]], ...]
    """Comparisons of a candidate term with what is looked for, at all points; and the candidates that they mention."""
    candidates: Mapping[str, tuple[str, ...]]
    """Name of a candidate -> generators that it may come from."""
    composed: frozenset[str]
    """The helpers that only compose operations: a call of one is one node, as a call of an operation is."""
    points: str
    """Parameters of a statement that do not concern the search, so that it is made at each point."""

    def scope(self, seen: bool) -> Scope:
        given = self.task.given
        shown = {
            number: seen_signature(Behaviour(phenomenon, given), number - 1)
            for number, phenomenon in enumerate(self.task.phenomena, 1)
            if seen
        }
        scope = Scope(given, {}, shown)
        for helper in self.helpers:
            found = read_statement(helper, scope, SIZE)
            assert isinstance(found, Definition)
            scope = scope.adding(found)
        return scope


def task(given: Given, *phenomena: Phenomenon) -> Task:
    form = "define c(x: E) -> E = op(x, x)" if given.sorts else "define c(x: Scalar) -> Scalar = x"
    concept = Concept(id="c", forms=(Form(source=form),), laws=())
    return Task(
        name="t", parameters={}, brief="", given=given, statement_size=SIZE, concepts=(concept,), phenomena=phenomena
    )


OP = tuple(tuple((2 * a + b * b + 1) % 5 for b in range(5)) for a in range(5))
GIVEN = Given(
    sorts=(Sort(name="E", size=5),),
    operations=(Operation(name="op", parameters=("E", "E"), result="E", table=OP),),
)
STRUCTURE = Structure(GIVEN)
SHOWN = Phenomenon(
    id="p", text="", parameters=("E",), result="E", field="structure", concept="c",
    rows=tuple(Row(inputs=(a,), output=OP[OP[a][a]][2]) for a in range(5)),
)  # fmt: skip
SORTS = Theory(
    task=task(GIVEN, SHOWN),
    helpers=(
        "define goal(x: E) -> E = op(op(x, x), x)",
        "define sq(x: E) -> E = op(x, x)",
        "define rec(k: Nat, x: E) -> E = x if k == 0 else op(rec(k - 1, x), x)",
        "define fits(a: E) -> Bool = all(op(op(x, a), x) == goal(x) for x in E)",
        "define suits(f: Fn[E, E]) -> Bool = all(f(f(op(x, x))) == goal(x) for x in E)",
        "define hunt(k: Nat) -> Nat = k if k == 0 or all(rec(k, x) == goal(x) for x in E) else hunt(k - 1)",
    ),
    fields=(
        Field(
            int, lambda a, b: 0, lambda a, b: 0, lambda a: 0, lambda a: 0,
            carriers=STRUCTURE.carriers, operations={"op": OP},
        ),
    ),
    trials=(
        ("all(op(op(x, a), x) == goal(x) for x in E)", frozenset("a")),
        ("all(op(op(x, a), b) == goal(x) for x in E)", frozenset("ab")),
        ("all(rec(k, op(x, a)) == goal(x) for x in E)", frozenset("ak")),
        ("all(rec(k, x) == goal(x) for x in E)", frozenset("k")),
        ("all(f(op(f(x), x)) == goal(x) for x in E)", frozenset("f")),
        ("fits(a)", frozenset("a")), ("suits(f)", frozenset("f")), ("fits(op(a, b))", frozenset("ab")),
    ),
    candidates={
        "a": ("for a in E", "for a in [sq(c) for c in E]"),
        "b": ("for b in E",),
        "k": ("for k in range(7)", "for k in range(3, 9)", "for k in [2, 3, 5]"),
        "f": ("for f in [sq, goal]", "for f in [rec(2), sq, rec(1)]"),
    },
    composed=frozenset({"goal", "sq"}),
    points="z: E",
)  # fmt: skip
SCALARS = Theory(
    task=task(Given(scalars=True)),
    helpers=(
        "define goal(x: Scalar) -> Scalar = x * x + x",
        "define power(k: Nat, x: Scalar) -> Scalar = 1 if k == 0 else x * power(k - 1, x)",
        "define id(x: Scalar) -> Scalar = x",
        "define fits(k: Nat) -> Bool = all(scalar(k) * scalar(i) * scalar(i) == goal(scalar(i)) for i in range(5))",
        "define suits(f: Fn[Scalar, Scalar]) -> Bool = all(f(f(scalar(i))) == goal(scalar(i)) for i in range(5))",
        "define hunt(k: Nat) -> Nat = k if k == 0 or fits(k) else hunt(k - 1)",
    ),
    fields=(RATIONALS, prime(2), prime(3), table(2, 2)),
    trials=(
        ("all(power(k, scalar(i)) + scalar(1) == goal(scalar(i)) for i in range(5))", frozenset("k")),
        ("all(scalar(k * a) * scalar(i) == goal(scalar(i)) for i in range(5))", frozenset("ak")),
        ("fits(k)", frozenset("k")), ("suits(f)", frozenset("f")), ("fits(k * a)", frozenset("ak")),
        ("all(scalar(p[0]) * scalar(i) == goal(scalar(i)) for i in range(5))", frozenset("p")),
    ),
    candidates={
        "a": ("for a in range(6)",),
        "k": ("for k in range(7)", "for k in range(3, 9)"),
        "f": ("for f in [id, goal]", "for f in [power(2), id, power(1)]"),
        "p": ("for p in permutations(3)", "for p in subsets(4, 2)"),
    },
    composed=frozenset(),
    points="z: Scalar",
)  # fmt: skip
THEORIES = {"sorts": SORTS, "scalars": SCALARS}


def searches(random: Random, theory: Theory) -> str:
    """A random term of type `Nat` that tries candidates, whatever it makes of them."""
    if random.random() < 0.1:
        return f"hunt({random.randrange(3, 12)})"
    trial, names = random.choice(theory.trials)
    # innermost first; the same candidates may come again, under a name that nothing mentions
    generators = [random.choice(theory.candidates[name]) for name in sorted(names, key=lambda _: random.random())]
    if random.random() < 0.2:
        generators.insert(random.randrange(len(generators) + 1), "for again in range(3)")
    inside = " ".join(generators)
    return random.choice([
        f"first(1 {inside} if {trial})", f"count({trial} {inside})", f"sum(1 if {trial} else 0 {inside})",
        f"len([True {inside} if {trial}])", f"min(1 if {trial} else 2 {inside})",
        f"(1 if any({trial} {inside}) else 0)",
        f"(1 if all(not {trial} {inside}) else 0)", f"max(1 {inside} if not {trial})", _nested(trial, generators),
        f"(0 if False and any({trial} {inside}) else sum(1 {inside} if {trial}))",
    ])  # fmt: skip


def _nested(trial: str, generators: list[str]) -> str:
    found = trial
    for generator in reversed(generators):
        found = f"any({found} {generator})"
    return f"count({found} for once in range(1))"


@dataclass
class Trying(Whole):
    """Counts the candidates that are tried: how often a comparison at all points is begun."""

    composed: frozenset[str] = frozenset()
    tried: int = 0

    def call(self, definition: Definition, args: list[Any], depth: int = 1) -> Any:
        before = self.fuel
        value = super().call(definition, args, depth)
        if definition.name in self.composed:
            self.fuel = before
        return value

    def comprehend(self, term: Comprehension, names: Mapping[str, Any], definition: Any, depth: int) -> Any:
        source = getattr(term.clauses[0], "variable", None)
        if term.kind == "all" and source is not None and source.name in ("x", "i"):
            self.tried += 1
        return super().comprehend(term, names, definition, depth)


def brute_force(theory: Theory, term: Term, definitions: Mapping[str, Definition]) -> tuple[int, int]:
    """The candidates that a closed term tries, and its span, both over all public models together."""
    tried = nodes = 0
    for field in theory.fields:
        naive = Trying(field, definitions, 10**6, composed=theory.composed)
        nodes += naive.span(term, {})
        tried += naive.tried
    return tried, nodes


@contextmanager
def valued(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Count the nodes that are valued in the context, one for each living lane."""
    counts = [0]
    run = Machine.run

    def counting(self: Machine, term: Any, frame: Any, lanes: Any) -> Any:
        value = run(self, term, frame, lanes)
        counts[0] += int(np.count_nonzero(lanes.alive()))
        return value

    with monkeypatch.context() as patch:
        patch.setattr(Machine, "run", counting)
        yield counts


def programs(theory: Theory, name: str, count: int, wrap: str = "{}") -> Iterator[str]:
    """Random searches that are short enough for a statement."""
    random, scope = Random(f"{name} {wrap}"), theory.scope(seen=False)
    found = 0
    while found < count:
        source = searches(random, theory)
        try:
            if wrap == "{}":
                read_term(source, scope, None, NAT, SIZE)
            else:
                read_statement(wrap.format(source), scope, SIZE)
        except NotationError as error:
            assert "term nodes and may have" in error.message, f"{source}: {error}"
            continue
        found += 1
        yield source


@pytest.mark.parametrize("name", sorted(THEORIES))
def test_one_hundred_searches_inside_evaluate(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    theory, models = THEORIES[name], len(THEORIES[name].fields)
    examiner, scope = Examiner(theory.task), theory.scope(seen=True)
    definitions = {definition.key: definition for definition in scope.definitions.values()}
    random, refused = Random(name), 0
    for source in programs(theory, name, 100):
        term = read_term(source, scope, None, NAT, SIZE)
        tried, _ = brute_force(theory, term, definitions)
        price = examiner.price("evaluate", term, definitions, MOST_PRICE)
        assert tried and (price.evaluations * models >= tried or price.refused), source
        # with fewer evaluations than it costs it fails, and what was left is spent
        left = random.randrange(1, 2 * price.evaluations + 1)
        with valued(monkeypatch) as nodes:
            again = examiner.price("evaluate", term, definitions, left)
        assert again.evaluations == min(left, price.evaluations)
        assert bool(again.refused) == (left < price.evaluations or bool(price.refused))
        assert nodes[0] <= left * SIZE * models, source
        refused += bool(again.refused)
        if not again.refused:
            with valued(monkeypatch) as nodes:
                examiner.evaluate(term, definitions)
            assert nodes[0] <= left * SIZE * models, source
    assert refused > 20


@pytest.mark.parametrize("name", sorted(THEORIES))
@pytest.mark.parametrize("wrap", [
    "define program({points}) -> Nat = {}", "claim ({points}): len([True]) == {}",
    "claim ({points}) where z == z: len([True]) != {}",
])  # fmt: skip
def test_one_hundred_searches_inside_statements(name: str, wrap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    theory = THEORIES[name]
    wrap = wrap.replace("{points}", theory.points)
    examiner, scope = Examiner(theory.task), theory.scope(seen=False)
    definitions = {definition.key: definition for definition in scope.definitions.values()}
    for source in programs(theory, name, 34, wrap):
        statement = read_statement(wrap.format(source), scope, SIZE)
        # the search is the same at each point, and points of one case count together as one in each model
        tried, nodes = brute_force(theory, read_term(source, scope, None, NAT), definitions)
        price = examiner.price("state", statement, definitions, MOST_PRICE)
        models = len(theory.fields)
        assert tried and (price.evaluations * models >= tried or price.refused), source
        assert price.evaluations >= ceil(Fraction(nodes, models * SIZE)) or price.refused, source
        left = max(1, price.evaluations // 2)
        points = 64 * models
        with valued(monkeypatch) as counted:
            again = examiner.price("state", statement, definitions, left)
        assert again.evaluations == min(left, price.evaluations)
        assert bool(again.refused) == (left < price.evaluations or bool(price.refused))
        assert counted[0] <= left * SIZE * points, source


def test_searches_inside_match() -> None:
    """At each of its five points the search is made anew."""
    examiner, scope = Examiner(SORTS.task), SORTS.scope(seen=True)
    definitions = {definition.key: definition for definition in scope.definitions.values()}
    for source in programs(SORTS, "match", 30):
        wrapped = f"(z: E): z if {source} == 0 else z"
        try:
            read = read_match(wrapped, scope, SIZE)
        except NotationError:
            continue
        tried, nodes = brute_force(SORTS, read_term(source, scope, None, NAT), definitions)
        price = examiner.price("match", read, definitions, MOST_PRICE)
        assert price.evaluations >= max(tried, ceil(Fraction(nodes, SIZE))) or price.refused, source


# --- the rule, case by case ------------------------------------------------------------------------------------------


def price(action: Priced, source: str, *helpers: str, theory: Theory = SORTS, most: int = MOST_PRICE) -> Any:
    scope = theory.scope(seen=action != "state")
    for helper in helpers:
        found = read_statement(helper, scope)
        assert isinstance(found, Definition)
        scope = scope.adding(found)
    definitions = {definition.key: definition for definition in scope.definitions.values()}
    subject: Term | Statement
    if action == "evaluate":
        subject = read_term(source, scope)
    else:
        subject = read_match(source, scope) if action == "match" else read_statement(source, scope)
    return Examiner(theory.task).price(action, subject, definitions, most)


@pytest.mark.parametrize(("action", "source"), [
    ("evaluate", "[op(a, a) for a in E]"), ("match", "(x: E): op(op(x, x), seen(1, x))"), ("match", "op"),
    ("state", "define f(x: E, y: E) -> E = op(op(x, y), op(y, x))"),
    ("state", "claim (x: E, y: E, z: E): op(op(x, y), z) == op(x, op(y, z))"),
    ("state", "claim (x: E, y: E) where op(x, y) == op(y, x): op(op(x, y), x) == op(x, op(y, x))"),
    ("state", "define f(x: E) -> E = op(goal(sq(x)), goal(goal(sq(sq(x)))))"),
])  # fmt: skip
def test_plain_terms_cost_one_evaluation_over_all_points(action: Priced, source: str) -> None:
    assert price(action, source).evaluations == 1


def test_a_search_that_hides_in_a_definition_is_paid_for_where_it_is_called() -> None:
    search = "define search(x: E) -> E = first(a for a in E for b in E if all(op(op(u, a), b) == goal(u) for u in E))"
    call = price("evaluate", "[search(x) for x in E]", search).evaluations
    # 25 candidates at each of 5 points, made anew for each, whatever relay remembers
    assert call >= 125 and price("evaluate", "[search(sq(x)) for x in E]", search).evaluations >= call
    assert price("match", "search", search).evaluations >= 25
    assert price("state", "define f(x: E) -> E = search(x)", search).evaluations >= 25
    # where nothing calls it, it costs nothing
    dead = "search(first(x for x in E)) if False else first(x for x in E)"
    assert price("evaluate", dead, search).evaluations == 1


@pytest.mark.parametrize(("action", "source"), [
    ("match", "(x: E): goal(x) if x != one() or tries() == 0 else x"),
    ("state", "define f(x: E) -> E = goal(x) if x != one() or tries() == 0 else x"),
])  # fmt: skip
def test_a_search_at_one_point_alone_costs_as_much_as_in_an_evaluate(action: Priced, source: str) -> None:
    """What is told of a point rests on the term's value there, so one of them is enough for a search."""
    helpers = (
        "define one() -> E = first(x for x in E)",
        "define tries() -> Nat = count(op(op(one(), a), b) == goal(one()) for a in E for b in E for c in E)",
    )
    alone = price("evaluate", "tries()", *helpers).evaluations
    assert alone > 50 and price(action, source, *helpers).evaluations >= alone


def test_a_search_may_be_spread_over_the_points() -> None:
    """One candidate at each point of a match: together they cost what the points of an `evaluate` do."""
    trial = "all(op(op(z, x), z) == goal(z) for z in E)"
    spread = price("match", f"(x: E): x if {trial} else goal(x)").evaluations
    assert spread >= price("evaluate", f"[x if {trial} else goal(x) for x in E]").evaluations - 5


GUARDS = (
    "n == {0} + {1}", "n * n == {0} * {0}", "n % 7 == {0}", "six(n)", "any(n == j for j in range({0}) if j > 2)",
    "op(a, b) == b and op(b, c) == a and op(c, d) == d", "(a != b and b != c and c != a and d != a)",
    "(a == b and b == c and c == d and op(a, a) == a)", "op(op(a, b), c) == d and n == {0}", "nat(a, n)", "n > {0}",
)  # fmt: skip
"""Conditions that hold at few values of a claim's parameters."""
WORKS = (
    "count(at(k, a) == a for k in range({2}) for x in E)", "tries(n, a)", "tries({2}, b)", "tries(n * n, c)",
    "count(op(op(x, y), z) == d for x in E for y in E for z in E)", "tries(n ** 3, d)",
)  # fmt: skip
"""Computations whose length may depend on the parameters."""


def guarded(random: Random) -> str:
    """A claim that computes much where a condition holds."""
    fill = [random.randrange(2, 5), random.randrange(2, 5), random.randrange(3, 20)]
    guard, work = random.choice(GUARDS).format(*fill), random.choice(WORKS).format(*fill)
    parameters = "n: Nat, " + ", ".join(f"{name}: E" for name in "abcd" if re.search(rf"\b{name}\b", guard + work))
    return random.choice([
        f"claim ({parameters}) where {guard}: {work} < 100000", f"claim ({parameters}): implies({guard}, {work} != 1)",
        f"claim ({parameters}): not ({guard}) or {work} != 2", f"claim ({parameters}): 0 <= ({work} if {guard} else 0)",
    ])  # fmt: skip


def test_the_checker_computes_no_more_than_a_claim_in_a_structure_has_paid_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Wherever the work is done: at numbers that the claim computes, or at few values of many parameters."""
    scope = replace(SORTS, helpers=()).scope(seen=False)
    for helper in (
        "define six(n: Nat) -> Bool = n == 3 + 3",
        "define nat(a: E, n: Nat) -> Bool = n == count(op(x, x) != a for x in E) + 3",
        "define at(k: Nat, x: E) -> E = x if k == 0 else op(at(k - 1, x), x)",
        "define tries(k: Nat, x: E) -> Nat = 0 if k == 0 else tries(k - 1, x) + (1 if op(x, at(3, x)) == x else 0)",
    ):
        found = read_statement(helper, scope)
        assert isinstance(found, Definition)
        scope = scope.adding(found)
    definitions = {definition.key: definition for definition in scope.definitions.values()}
    examiner, random = Examiner(SORTS.task), Random("guards")
    dear = 0
    for _ in range(80):
        source = guarded(random)
        statement = read_statement(source, scope)
        found = examiner.price("state", statement, definitions, MOST_PRICE)
        if found.refused:
            continue
        exceeding = 0

        def counting(term: Term, *args: Any, **options: Any) -> Any:
            nonlocal exceeding
            outcome = evaluate(term, *args, **options)
            # with an oracle, names mean random functions: nothing is searched there
            exceeding += 0 if options.get("oracle") else int(np.maximum(outcome.fuel - SIZE, 0).sum())
            return outcome

        with monkeypatch.context() as patch:
            patch.setattr(claim_batch, "evaluate", counting)
            # otherwise a few values, which come again among all, are tried first to learn what one costs
            patch.setattr(counterexamples, "PILOT", 10**6)
            examiner.verdict(statement, definitions)
        assert exceeding <= (found.evaluations - 1) * SIZE, source
        dear += exceeding > 20 * SIZE
    assert dear > 20


def test_candidates_that_are_the_values_of_parameters_are_paid_for() -> None:
    tried = "claim (a: E, b: E): not all(op(op(x, a), b) == op(x, op(x, x)) for x in E)"
    assert price("state", tried).evaluations >= 25
    one = price("state", "claim (): not all(op(op(x, op(x, x)), x) == op(x, op(x, x)) for x in E)").evaluations
    assert one < 5
    # a claim of all values costs what `all` does, but for what one evaluation pays
    every = price("evaluate", "all(not all(op(op(x, a), b) == op(x, op(x, x)) for x in E) for a in E for b in E)")
    assert every.evaluations - 26 <= price("state", tried).evaluations <= every.evaluations


def test_numbers_that_a_claim_over_scalars_computes_are_tried() -> None:
    hidden = "implies({}, power(k, x) == power(count(True for i in range(40) for j in range(40)), x))"
    six = "define six(k: Nat) -> Bool = k == 3 + 3"
    shown = price("state", f"claim (x: Scalar, k: Nat): {hidden.format('k == 6')}", theory=SCALARS).evaluations
    assert (
        price("state", f"claim (x: Scalar, k: Nat): {hidden.format('six(k)')}", six, theory=SCALARS).evaluations
        >= shown
    )
    assert shown > 60


def test_what_is_done_at_one_number_alone_is_counted_there() -> None:
    dear = "define dear(n: Nat) -> Nat = 1 if n != 8 else count(rec(7, a) == a for a in E for b in E for c in E)"
    assert price("state", dear).evaluations > 20
    assert price("state", "claim (n: Nat): dear(n) == 1", dear).evaluations > 20


@pytest.mark.parametrize("source", [
    "first(k for k in range(1000000) for j in range(1000) if k + j == 7)",
    "count(any(k == j for j in range(30000)) for k in range(30000))",
    "sum(hunt(9) for k in range(1000000))", "len([[j for j in range(9000)] for k in range(9000)])",
])  # fmt: skip
def test_a_search_of_a_billion_terms_fails_and_spends_what_was_counted(source: str) -> None:
    for theory in (SORTS, SCALARS):
        for most in (7, 20_000):
            found = price("evaluate", source, theory=theory, most=most)
            assert found.refused == "over" and found.evaluations == min(most, MOST_PRICE)


def test_values_without_room_fail_too() -> None:
    """What comes after such a value can't be counted, so it is not computed either."""
    dear = "first(k for k in range(3) if k == 0 or scalar(9) ** (10 ** 10) == 1)"
    found = price("evaluate", dear, theory=SCALARS)
    assert found.refused == "room" and found.evaluations >= 1


def test_the_price_does_not_depend_on_what_is_left() -> None:
    source = "count(fits(op(a, b)) for a in E for b in E)"
    whole = price("evaluate", source).evaluations
    for most in (1, whole - 1, whole, whole + 1, 10**6):
        found = price("evaluate", source, most=most)
        assert (found.evaluations, bool(found.refused)) == (min(whole, most), most < whole)


def test_the_public_models_are_few() -> None:
    assert [model.name for model in public_models(Given(scalars=True))] == ["Q", "GF(2)", "GF(3)", "GF(4)"]

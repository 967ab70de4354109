"""A predicted span is the one that brute force counts, and nothing that depends on values is predicted."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from relay.checker.pricing.prediction import Prediction, TooDear, Unpredictable
from relay.notation import read_term
from relay.notation.syntax import NAT, BoolType, Definition, NatType, Variable
from relay.notation.traversal import type_terms
from tests.evaluation.agreement import WORLDS, World, lanes_of, statement
from tests.evaluation.library import by_key
from tests.evaluation.naive import sizes
from tests.evaluation.whole import OverLimit, Whole


def known(definition: Definition, args: list[Any]) -> dict[str, Any]:
    """The numbers and truth values among the arguments, and the sizes that these decide."""
    names: dict[str, Any] = {}
    for parameter, arg in zip(definition.parameters, args, strict=True):
        if isinstance(parameter.type, NatType | BoolType):
            names[parameter.name] = arg
        for term, size in zip(type_terms(parameter.type), sizes(arg), strict=True):
            if isinstance(term, Variable) and term.name in definition.sizes:
                names.setdefault(term.name, size)
    return names


@pytest.mark.parametrize("name", sorted(WORLDS))
def test_what_is_predicted_is_what_is_counted(name: str) -> None:
    world, random = WORLDS[name], Random(f"prediction {name}")
    compared = unpredictable = 0
    for _ in range(400):
        definition = statement(random, world, random.randrange(1, 4))
        if definition is None:
            continue
        (args,) = lanes_of(random, world, definition, 1)
        whole = Whole(world.field, by_key(world.scope), 3_000)
        try:
            total = whole.span(definition, args)
        except OverLimit:
            continue
        predicting = Prediction(world.model, by_key(world.scope), None, 10**6)
        try:
            found = predicting.count([definition.body], known(definition, args), definition)
        except Unpredictable:
            unpredictable += 1
            continue
        assert found >= total, f"{definition.source}\n{args}"
        if not whole.failed:
            assert found == total, f"{definition.source}\n{args}"
            compared += 1
    assert compared > 20 and unpredictable > 20


def predicted(source: str, world: World = WORLDS["GF(3)"], most: int = 10**12) -> int:
    term = read_term(source, world.scope, expected=NAT)
    return Prediction(world.model, by_key(world.scope), None, most).count([term], {})


@pytest.mark.parametrize(("source", "nodes"), [
    ("sum(i * j for i in range(1000) for j in range(1000))", 3 + 1000 * 2 + 10**6 * 3),
    ("sum(i * j for i in range(40) for j in range(i))", 3 + 40 * 2 + 780 * 3),
    ("count(i < j for i in range(9) for j in range(9) if i != j)", 3 + 9 * 2 + 81 * 3 + 72 * 3),
    ("count(x == y for x in Scalar for y in Scalar)", 1 + 9 * 3),
    ("count(v == w for v in Vector[3] for w in Vector[2] for b in Bool)", 2 + 27 * 1 + 27 * 9 * 2 * 3),
    ("count(p == p for p in permutations(4)) + count(s == s for s in subsets(5, 2))", 1 + 2 + 24 * 3 + 3 + 10 * 3),
    ("fib(2)", 2 + 13 + 2 * 5),
])  # fmt: skip
def test_examples(source: str, nodes: int) -> None:
    assert predicted(source) == nodes
    world = WORLDS["GF(3)"]
    if nodes < 10_000:
        assert (
            Whole(world.field, by_key(world.scope), nodes).span(read_term(source, world.scope, expected=NAT), {})
            == nodes
        )


def test_recursion_on_a_number_is_predicted_in_linear_time() -> None:
    """Brute force would make 2^60 calls."""
    world = WORLDS["GF(3)"]
    with pytest.raises(TooDear):
        predicted("fib(60)", most=10**9)
    assert predicted("fib(60)", world, 10**15) > 10**12


@pytest.mark.parametrize("source", [
    "count(x == 1 and x == x for x in Scalar)", "count(x == x for x in Scalar if x != 0)",
    "sum(k for k in [1, 2])", "at(fib, 3)", "count(x == x for v in Vector[20] for x in Scalar)",
    "1 if any(x == 1 for x in Scalar) else sum(i for i in range(9))", "forever(1)", "sum(i for i in range(2 - 3))",
    "count(([plus(x)] == [plus(x)]) for x in Scalar)",
])  # fmt: skip
def test_what_depends_on_values_is_not_predicted(source: str) -> None:
    with pytest.raises(Unpredictable):
        predicted(source)


def test_fields_that_cannot_be_enumerated_are_not_predicted() -> None:
    with pytest.raises(Unpredictable):
        predicted("count(x == x for x in Scalar)", WORLDS["Q"])

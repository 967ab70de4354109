"""Closures and the naive evaluator say the same of every value."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import flint
import pytest

from relay.evaluation.algebra.base import TooLarge, Undecidable
from relay.evaluation.algebra.plain_numbers import Fractions, Residues
from relay.evaluation.algebra.scalars import Scalars, Undefined
from relay.evaluation.compiled.definitions import CompiledDefinition
from relay.evaluation.compiled.run import Run
from relay.evaluation.compiled.terms import code
from relay.evaluation.plain_values import Lst, Mat
from relay.evaluation.recursion_limit import deep
from relay.notation import read_term
from relay.notation.syntax import NAT, SCALAR, Definition
from tests.evaluation import naive
from tests.evaluation.agreement import WORLDS, lanes_of, statement
from tests.evaluation.library import SOURCE, by_key, read
from tests.evaluation.naive import Exhausted, Naive

FUEL = 20_000
SCALARS: dict[str, Scalars] = {"Q": Fractions(), "GF(10007)": Residues(10007)}


def to_plain(value: Any, rational: bool) -> Any:
    """A value of the naive evaluator as one of the closures."""
    if isinstance(value, naive.Vec):
        return tuple(to_plain(x, rational) for x in value.data)
    if isinstance(value, naive.Mat):
        return Mat(value.rows, value.columns, [to_plain(x, rational) for row in value.data for x in row])
    if isinstance(value, naive.Lst):
        return Lst([to_plain(item, rational) for item in value.items], value.sizes)
    if rational and not isinstance(value, int):
        return flint.fmpq(value.numerator, value.denominator)
    return value


def told(value: Any) -> Any:
    """Something that can be compared, sizes of empty lists included."""
    if isinstance(value, Lst):
        return ("list", tuple(map(told, value.items)), value.sizes)
    if isinstance(value, Mat):
        return ("matrix", value.rows, value.columns, tuple(map(told, value.entries)))
    if isinstance(value, tuple):
        return tuple(map(told, value))
    return str(value)


@pytest.mark.parametrize("name", sorted(SCALARS))
def test_random_terms(name: str) -> None:
    world, rational = WORLDS[name], name == "Q"
    known = by_key(world.scope)
    seen: Counter[str] = Counter()
    for seed in range(200):
        random = Random(f"closures {name} {seed}")
        definition = statement(random, world, random.choice((2, 3, 4)), functions=False)
        if definition is None:
            continue
        try:
            target = CompiledDefinition(definition)
        except Undecidable:
            seen["refused"] += 1
            continue
        for args in lanes_of(random, world, definition, 3):
            reference = Naive(world.field, known, FUEL)
            try:
                expected: Any = ("value", told(to_plain(reference.call(definition, args), rational)))
            except naive.Undefined:
                expected = ("undefined",)
            except Exhausted:
                expected = None
            run = Run(SCALARS[name], known, FUEL)
            try:
                with deep():
                    found: Any = ("value", told(target.call([to_plain(arg, rational) for arg in args], run)))
            except Undefined:
                found = ("undefined",)
            except (TooLarge, Undecidable):
                seen["given up"] += 1
                continue
            if expected is not None:
                assert found == expected, f"{definition.source}\n{args}"
                seen[found[0]] += 1
    assert seen["value"] > 100 and seen["undefined"] > 30, seen
    assert seen["refused"] + seen["given up"] < seen["value"], seen


def run_of(source: str, names: dict[str, Any], budget: int = 1_000) -> Any:
    scope = read(SOURCE)
    types = {name: SCALAR if not isinstance(value, int) else NAT for name, value in names.items()}
    with deep():
        return code(read_term(source, scope, types))(dict(names), Run(Fractions(), by_key(scope), budget))


def test_a_call_in_a_loop_is_made_once() -> None:
    x = flint.fmpq(2)
    assert run_of("sum(grow(x, 9)[i % 9] for i in range(90))", {"x": x}, budget=200) == 10 * (2**9 - 1)
    with pytest.raises(TooLarge):
        run_of("sum(grow(x + scalar(i), 9)[i % 9] for i in range(90))", {"x": x}, budget=200)


@pytest.mark.parametrize("source", ["forever(k)", "sum(i for i in range(k) for j in range(k))", "k ** k", "fib(k)"])
def test_what_takes_too_long_is_given_up(source: str) -> None:
    with pytest.raises(TooLarge):
        run_of(source, {"k": 10**9})


def test_definitions_are_told_apart_by_what_they_say_not_by_their_names() -> None:
    values = []
    for body in ("x + 1", "x + 2"):
        scope = read(f"define f(x: Scalar) -> Scalar = {body}")
        definition = scope.definitions["f"]
        assert isinstance(definition, Definition)
        term = read_term("f(y)", scope, {"y": SCALAR})
        values.append(code(term)({"y": flint.fmpq(5)}, Run(Fractions(), by_key(scope), 100)))
    assert values == [6, 7]

"""Credit for definitions with functions for parameters."""

from __future__ import annotations

import pytest

from relay.notation import Scope, read_statement
from relay.records.task import Concept, Form, Given, Task
from relay.scoring.examiner import Examiner

_LINEAR = """define r_linear(f: Fn[Vector[n], Vector[m]]) -> Bool =
    all(f(vector(x * v[i] + w[i] for i in range(n))) == vector(x * f(v)[j] + f(w)[j] for j in range(m))
        for v in Vector[n] for w in Vector[n] for x in Scalar)"""
_COMPOSED = "define r_composed(f: Fn[Scalar, Scalar], g: Fn[Scalar, Scalar], x: Scalar) -> Scalar = f(g(x))"
_KERNEL = "define r_kernel(f: Fn[Vector[n], Scalar], v: Vector[n]) -> Bool = f(v) == 0"

TASK = Task(
    name="functions",
    parameters={},
    brief="",
    given=Given(scalars=True),
    statement_size=200,
    concepts=(
        Concept(id="linear", forms=(Form(source=_LINEAR),)),
        Concept(id="composed", forms=(Form(source=_COMPOSED),)),
        Concept(id="kernel", forms=(Form(source=_KERNEL),)),
    ),
)
EXAMINER = Examiner(TASK)
HEAD = "define f(h: Fn[Vector[n], Vector[m]]) -> Bool = "

FOUND = [
    ("composed", "define f(a: Fn[Scalar, Scalar], b: Fn[Scalar, Scalar], y: Scalar) -> Scalar = a(b(y) + 0)"),
    ("composed", "define f(a: Fn[Scalar, Scalar], b: Fn[Scalar, Scalar], y: Scalar) -> Scalar = b(a(y))"),
    ("composed", "define f(y: Scalar, a: Fn[Scalar, Scalar], b: Fn[Scalar, Scalar]) -> Scalar = b(a(y))"),
    ("kernel", "define f(v: Vector[n], p: Fn[Vector[n], Scalar]) -> Bool = not p(v) != 0"),
    ("linear", HEAD + "all(h(vector(v[i] + w[i] for i in range(n))) == vector(h(v)[j] + h(w)[j] for j in range(m)) "
     "for v in Vector[n] for w in Vector[n]) and all(h(vector(x * v[i] for i in range(n))) == "
     "vector(x * h(v)[j] for j in range(m)) for v in Vector[n] for x in Scalar)"),
]  # fmt: skip
NOTHING = [
    "define f(a: Fn[Scalar, Scalar], b: Fn[Scalar, Scalar], y: Scalar) -> Scalar = a(y)",
    "define f(a: Fn[Scalar, Scalar], b: Fn[Scalar, Scalar], y: Scalar) -> Scalar = a(b(a(y)))",
    "define f(a: Fn[Scalar, Scalar], b: Fn[Scalar, Scalar], y: Scalar) -> Scalar = a(b(y)) if y != 7 else 0",
    "define f(v: Vector[n], p: Fn[Vector[n], Scalar]) -> Bool = p(v) == 1",
    "define f(v: Vector[n], p: Fn[Vector[n], Scalar]) -> Bool = False",
    HEAD + "True",
    HEAD + "h(vector(0 for i in range(n))) == vector(0 for i in range(m))",
    HEAD + "all(h(vector(v[i] + w[i] for i in range(n))) == vector(h(v)[j] + h(w)[j] for j in range(m)) "
    "for v in Vector[n] for w in Vector[n])",  # additive: the same over prime fields
]


@pytest.mark.parametrize(("concept", "source"), FOUND)
def test_another_way_to_say_it_is_credited(concept: str, source: str) -> None:
    found = EXAMINER.examine(read_statement(source, Scope(TASK.given)), {})
    assert found.concepts == (concept,)


@pytest.mark.parametrize("source", NOTHING)
def test_what_is_something_else_is_not(source: str) -> None:
    assert EXAMINER.examine(read_statement(source, Scope(TASK.given)), {}).concepts == ()

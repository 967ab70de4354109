"""The examiner's results depend only on the statement and the definitions it rests on."""

from __future__ import annotations

import pickle
from pathlib import Path

from relay.checker.matching import NearMiss
from relay.notation import Scope, read_statement, read_term
from relay.notation.syntax import Definition
from relay.records.task import Phenomenon, Row
from relay.scoring.examiner import Examination, Examiner, TooLong
from tasks.files import TaskFile
from tests.scoring.credit.hidden import EARNS, EXAMINER, NOTHING, TASK, examine

SCOPE = Scope(TASK.given)


def test_the_order_of_questions_changes_nothing() -> None:
    some = [*sorted(EARNS)[::4], *sorted(NOTHING)[::9]]
    texts = [(EARNS | NOTHING)[name] for name in some]
    one = [examine(text) for text in texts]
    assert [examine(text) for text in reversed(texts)] == one[::-1]
    fresh = Examiner(TASK)
    definition = read_statement("define f(x: Scalar, y: Scalar) -> Scalar = x / y", SCOPE)
    assert fresh.examine(definition, {}) == EXAMINER.examine(definition, {})


def test_what_a_definition_is_called_earns_nothing() -> None:
    one = examine("define trace(A: Matrix[n, n]) -> Scalar = A[0, 0]")
    two = examine("define r_trace(A: Matrix[n, n]) -> Scalar = A[0, 0]")
    assert one == two
    assert one.concepts == ()


def test_what_a_definition_explains() -> None:
    rows = (Row(inputs=(((1, 2), (3, 4)),), output=5), Row(inputs=(((2,),),), output=2))
    shown = Phenomenon(
        id="p7", text="", parameters=("Matrix[n, n]",), result="Scalar", field="rationals", rows=rows, concept="trace"
    )
    examiner = Examiner(TASK.model_copy(update={"phenomena": (shown,)}))
    spur = read_statement("define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))", SCOPE)
    other = read_statement("define f(A: Matrix[n, n]) -> Scalar = sum(A[0, i] for i in range(n))", SCOPE)
    assert examiner.examine(spur, {}).explained == ("p7",)
    assert examiner.examine(other, {}).explained == ()


def test_a_worked_example_counts_where_the_concept_behind_it_is_credited() -> None:
    """What a definition is told rests on the rows alone, which other functions may have too."""
    rows = (Row(inputs=(((1, 2), (3, 4)),), output=5), Row(inputs=(((2, 1), (0, 2)),), output=4))
    shown = Phenomenon(
        id="p7", text="", parameters=("Matrix[n, n]",), result="Scalar", field="rationals", rows=rows, concept="trace"
    )
    examiner = Examiner(TASK.model_copy(update={"phenomena": (shown,)}))
    trace = read_statement("define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))", SCOPE)
    two = read_statement("define f(A: Matrix[n, n]) -> Scalar = A[0, 0] + A[1, 1]", SCOPE)
    found = examiner.examine(trace, {})
    assert (found.explained, found.accounted, found.concepts) == (("p7",), ("p7",), ("trace",))
    found = examiner.examine(two, {})
    assert (found.explained, found.accounted, found.concepts) == (("p7",), (), ())


CLOCK = Path(__file__).parents[2] / "examples" / "counting.yaml"
LONG = "define d(x: Hour) -> Hour = plus(plus(x, x), plus(plus(x, plus(x, x)), plus(x, x)))"
"""Twice an hour, seven times it, in 13 nodes. An explanation may have 10."""


def clock(*sources: str) -> tuple[Examination, dict[str, Definition]]:
    """The examination of the last of some statements about the clock."""
    task = TaskFile(path=str(CLOCK)).build(0)
    scope, known, examiner = Scope(task.given), dict[str, Definition](), Examiner(task)
    found = None
    for source in sources:
        statement = read_statement(source, scope)
        found = examiner.examine(statement, known)
        if isinstance(statement, Definition):
            scope, known[statement.key] = scope.adding(statement), statement
    assert found is not None
    return found, known


def test_what_is_too_long_earns_and_explains_nothing() -> None:
    short, _ = clock("define d(x: Hour) -> Hour = plus(x, x)")
    assert (short.concepts, short.explained, short.long, short.long_form) == (("double",), ("doubled",), None, False)
    found, _ = clock(LONG)
    assert (found.concepts, found.explained, found.accounted, found.near) == ((), (), (), ())
    assert found.long == TooLong(phenomena=("doubled",), length=13, most=10) and found.long_form


def test_forms_of_concepts_count_nothing_for_credit() -> None:
    """`minus` has no phenomenon, so it is not left out where something is explained."""
    double = "define d(x: Hour) -> Hour = plus(x, x)"
    opposite = "define o(x: Hour) -> Hour = d(d(x))"
    minus = "define m(x: Hour, y: Hour) -> Hour = plus(plus(x, o(y)), o(plus(y, plus(o(y), o(y)))))"
    spelt = minus.replace("o(y)", "plus(plus(y, y), plus(y, y))")
    found, _ = clock(double, opposite, "define m(x: Hour, y: Hour) -> Hour = plus(x, o(y))")
    assert found.concepts == ("minus",)
    found, _ = clock(double, opposite, "define m(x: Hour, y: Hour) -> Hour = plus(plus(x, o(y)), plus(o(y), y))")
    assert (found.concepts, found.long_form) == (("minus",), False)
    found, _ = clock(double, opposite, spelt)
    assert (found.concepts, found.long_form) == ((), False)


def test_a_law_about_a_copy_earns_nothing() -> None:
    law = "claim (x: Hour, y: Hour): d(plus(x, y)) == plus(d(x), d(y))"
    assert clock("define d(x: Hour) -> Hour = plus(x, x)", law)[0].laws == ("double/1",)
    assert clock(LONG, law)[0].laws == ()


def test_a_near_miss_of_what_explains_nothing() -> None:
    rows = [Row(inputs=(((a, 0), (0, b)),), output=a + b) for a, b in ((1, 2), (2, 5), (3, 1))]
    sums = Phenomenon(
        id="p7",
        text="",
        parameters=("Matrix[n, n]",),
        result="Scalar",
        field="rationals",
        rows=tuple(rows),
        concept="trace",
    )
    odd = sums.model_copy(update={"id": "p8", "rows": (*rows[:2], rows[2].model_copy(update={"output": 9}))})
    trace = read_statement("define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))", SCOPE)
    both = Examiner(TASK.model_copy(update={"phenomena": (sums, odd)})).examine(trace, {})
    assert (both.explained, both.near) == (("p7",), ())
    one = Examiner(TASK.model_copy(update={"phenomena": (odd,)})).examine(trace, {})
    assert (one.explained, one.near) == ((), (NearMiss(id="p8", agreed=2, points=3),))


def test_questions_and_answers_cross_processes() -> None:
    definition = read_statement("define f(x: Scalar, y: Scalar) -> Scalar = x / y", SCOPE)
    answer = EXAMINER.examine(definition, {})
    assert pickle.loads(pickle.dumps(answer)) == answer  # noqa: S301
    assert pickle.loads(pickle.dumps(definition)) == definition  # noqa: S301


def test_values_on_the_public_models() -> None:
    half = read_term("1 / 2 + scalar(3)", SCOPE)
    assert EXAMINER.evaluate(half, {}).splitlines() == ["Q: 7/2", "GF(2): undefined", "GF(3): 2", "GF(4): undefined"]
    ranging = read_term("count(x * x == x for x in Scalar)", SCOPE)
    assert EXAMINER.evaluate(ranging, {}).splitlines()[1:] == ["GF(2): 2", "GF(3): 2", "GF(4): 2"]
    assert EXAMINER.evaluate(ranging, {}).startswith("Q: no value")
    burn = read_statement("define burn(k: Nat) -> Nat = 1 if k == 0 else burn(k - 1) + burn(k - 1)", SCOPE)
    assert isinstance(burn, Definition)
    dear = read_term("burn(60)", SCOPE.adding(burn))
    assert set(EXAMINER.evaluate(dear, {burn.key: burn}).splitlines()) == {
        f"{name}: no value: a number, a generator or a nesting of calls in it is too large"
        for name in ("Q", "GF(2)", "GF(3)", "GF(4)")
    }


def test_no_part_of_the_examiner_reads_a_clock_or_global_random_numbers() -> None:
    root = Path(__file__).resolve().parents[2] / "relay"
    rooms = ("notation", "evaluation", "checker", "scoring/credit")
    files = [path for room in rooms for path in (root / room).rglob("*.py") if "referee" not in path.parts]
    assert len(files) > 100  # a folder that has moved is no folder without faults
    for path in [*files, root / "scoring" / "examiner.py"]:
        text = path.read_text(encoding="utf-8")
        for word in ("\nimport time", "\nimport random", "np.random.seed", "default_rng()", "eval(", "sympify"):
            assert word not in text, f"{path.name}: {word}"

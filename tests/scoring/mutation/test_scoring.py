"""The mutation score: corruptions that are caught, that survive, that change nothing, and that stay undecided."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from relay.checker.checker import Checker
from relay.checker.verdict import Verdict
from relay.notation import read_statement
from relay.notation.syntax import Claim, Definition
from relay.records.status import Status
from relay.records.task import Concept, Form, Given, Law, Operation, Sort, Task
from relay.scoring.mutation.corruptions import corruptions
from relay.scoring.mutation.replacing import replaced
from relay.scoring.mutation.scoring import Score, score_form
from relay.scoring.theory import Theory

TRACE = "define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))"
TOTAL = "define total(A: Matrix[n, n]) -> Scalar = trace(A) + trace(A)"


def theory(forms: tuple[str, ...], laws: tuple[str, ...], given: Given | None = None) -> Theory:
    concept = Concept(id="one", forms=tuple(Form(source=f) for f in forms), laws=tuple(Law(source=x) for x in laws))
    return Theory.read(
        Task(
            name="t",
            parameters={},
            brief="",
            given=given or Given(scalars=True),
            statement_size=99,
            concepts=(concept,),
        )
    )


def score(read: Theory, number: int = 0) -> Score:
    checker = Checker(read.task.given)

    async def ask(claim: Claim, definitions: Mapping[str, Definition]) -> Verdict:
        return checker.judge(claim, definitions)

    return asyncio.run(score_form(read.forms[number], read.laws, read, ask))


def test_a_law_that_pins_a_definition_down_catches_everything() -> None:
    law = "claim (u: Vector[n], v: Vector[n]): trace(matrix(u[i] * v[j] for i in range(n) for j in range(n))) == " \
        "sum(u[i] * v[i] for i in range(n))"  # fmt: skip
    found = score(theory((TRACE,), (law,)))
    assert found.survivors == ()
    assert found.caught >= 8
    assert found.share == 1


def test_corruptions_are_tried_side_by_side_as_many_as_there_is_room_for() -> None:
    """The score depends neither on the number of concurrent corruptions nor on the order of verdicts. Survivors keep
    the order of the corruptions."""
    weak = "claim (A: Matrix[n, n]): trace(A) == trace(matrix(A[j, i] for i in range(n) for j in range(n)))"
    read = theory((TRACE,), (weak,))
    checker = Checker(read.task.given)
    found: list[Score] = []
    for room in (1, 3):
        under_way, most, told = 0, 0, 0

        async def ask(claim: Claim, definitions: Mapping[str, Definition]) -> Verdict:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            for _ in range(len(claim.source) % 7):  # some answers take longer than others
                await asyncio.sleep(0)
            under_way -= 1
            return checker.judge(claim, definitions)

        def tell() -> None:
            nonlocal told
            told += 1

        async def scored(room: int = room) -> Score:
            slots = asyncio.Semaphore(room)
            return await score_form(read.forms[0], read.laws, read, ask, at_once=slots, after_each=tell)

        found.append(asyncio.run(scored()))
        assert most == room and told == found[-1].tried
    assert found[0] == found[1] == score(read) and len(found[0].survivors) > 1


def test_what_a_weak_law_lets_through_is_named() -> None:
    weak = "claim (A: Matrix[n, n]): trace(A) == trace(matrix(A[j, i] for i in range(n) for j in range(n)))"
    found = score(theory((TRACE,), (weak,)))
    assert any("-sum(A[i, i] for i in range(n))" in source for source in found.survivors)
    assert any("2 * sum" in source for source in found.survivors)
    assert found.share is not None
    assert found.share < 0.5


def test_a_corruption_that_says_the_same_does_not_count() -> None:
    flat = "define flat(v: Vector[n]) -> Bool = all(v[i] == v[j] for i in range(n) for j in range(i))"
    law = "claim (v: Vector[n]): flat(v) == all(v[i] == v[0] for i in range(n))"
    found = score(theory((flat,), (law,)))
    assert found.unchanged >= 1  # `for i in range(1, n)` leaves out only zeros
    assert found.survivors == ()


def test_a_corruption_that_never_ends_does_not_count() -> None:
    loop = "define many(v: Vector[n], k: Nat) -> Scalar = 0 if k == 0 else v[0] + many(v, k - 1)"
    law = "claim (v: Vector[n], k: Nat): many(v, k) == scalar(k) * v[0]"
    found = score(theory((loop,), (law,)))
    assert found.undecided >= 1  # `many(v, k)`
    assert found.caught >= 5


def test_a_form_that_no_law_speaks_of_keeps_all_its_corruptions() -> None:
    law = "claim (x: Scalar): trace(matrix(x for i in range(1) for j in range(1))) == x"
    found = score(theory((TRACE, TOTAL), (law,)), 1)
    assert found.caught == 0
    assert len(found.survivors) >= 4


def test_a_structure_task_has_a_score_too() -> None:
    table = tuple(tuple((a + b) % 5 for b in range(5)) for a in range(5))
    given = Given(
        sorts=(Sort(name="Hour", size=5),),
        operations=(Operation(name="plus", parameters=("Hour", "Hour"), result="Hour", table=table),),
    )
    law = "claim (x: Hour, y: Hour): three(plus(x, y)) == plus(three(x), three(y))"
    read = theory(("define three(x: Hour) -> Hour = plus(x, plus(x, x))",), (law,), given)
    weak = len(score(read).survivors)
    assert weak > 0  # so do all other multiples
    stronger = "claim (x: Hour): plus(three(x), plus(x, x)) == plus(x, plus(x, plus(x, plus(x, x))))"
    strong = theory((read.forms[0].definition.source,), (law, stronger), given)
    assert len(score(strong).survivors) < weak


def test_a_law_speaks_of_the_corruption_through_all_that_rests_on_it() -> None:
    read = theory((TRACE, TOTAL), ("claim (A: Matrix[n, n]): total(A) == 2 * sum(A[i, i] for i in range(n))",))
    claim, form = read.laws[0].claim, read.forms[0]
    wrong = corruptions(form.definition, read.scope)[0].definition
    stated, definitions = replaced(claim, form.definition.key, wrong, read.definitions)
    assert stated.key != claim.key
    assert form.definition.key not in definitions
    assert wrong.key in definitions
    assert Checker(read.task.given).judge(stated, definitions).status is Status.REFUTED
    same, known = replaced(claim, form.definition.key, form.definition, read.definitions)
    assert same == claim
    assert set(known) == {one.definition.key for one in read.forms}


def test_keys_are_those_of_the_definitions_as_they_now_stand() -> None:
    read = theory((TRACE, TOTAL), ("claim (A: Matrix[n, n]): total(A) == 2 * trace(A)",))
    wrong = read_statement("define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, 0] for i in range(n))", read.scope)
    assert isinstance(wrong, Definition)
    stated, definitions = replaced(read.laws[0].claim, read.forms[0].definition.key, wrong, read.definitions)
    scope = read.scope.adding(wrong)
    total = read_statement(TOTAL, scope)
    assert isinstance(total, Definition)
    assert set(definitions) == {wrong.key, total.key}
    assert stated.key == read_statement(read.laws[0].claim.source, scope.adding(total)).key


def test_scores_add_up() -> None:
    one, two = Score(caught=3, survivors=("a",), unchanged=1), Score(caught=1, undecided=2)
    assert one + two == Score(caught=4, survivors=("a",), unchanged=1, undecided=2)
    assert (one + two).share == 0.8
    assert Score().share is None

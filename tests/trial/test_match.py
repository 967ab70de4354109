"""`match` and `seen` compute on what is shown, under every truth scheme; a near miss goes through the truth scheme."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from relay.notation.syntax import Definition, Statement
from relay.records.budget import Budget
from relay.records.events import Acted
from relay.records.reply_data import AgreementData, LengthData, MatchData, StatementData
from relay.scoring.examiner import Examination
from relay.trial.trial import run_trial
from tests.trial.helpers import QUICK, condition, of_type, own_events, reopen, run, scripted, state
from tests.trial.toy import FOURTH, HERE, PAIR, SQUARE, Toy, ToyJudge

BURN = "define burn(k: Nat, x: Element) -> Element = x if k == 0 else burn(k - 1, burn(k - 1, x))"
ONCE = "define once(x: Element) -> Element = op(x, x)"


def match(term: str) -> dict[str, str]:
    return {"action": "match", "term": term}


def evaluate(term: str) -> dict[str, str]:
    return {"action": "evaluate", "term": term}


def replies(where: Path, *actions: Any, **options: Any) -> list[Acted]:
    """What was told of these actions, which stand in one answer."""
    run(where, condition(agent=scripted([*actions]), generations=1, **options))
    return of_type(where, "acted")[: len(actions)]


@pytest.mark.parametrize("term", ["(x: Element): op(x, x)", "once", "(once if True else once)"])
def test_a_term_or_a_function_is_held_against_the_phenomena(tmp_path: Path, term: str) -> None:
    _, told = replies(tmp_path, state(ONCE), match(term))
    assert told.ok and told.evaluations == 1
    assert told.reply == "It has all values of phenomena 1, 2. Points that agree: 1: 7 of 7; 2: 6 of 6."
    both = tuple(AgreementData(number=number, agreed=points, points=points) for number, points in ((1, 7), (2, 6)))
    assert told.data == MatchData(agreements=both)


def test_it_tells_the_same_under_every_truth_scheme(tmp_path: Path) -> None:
    terms = [match("(x: Element): op(x, x)"), evaluate("all(seen(1, x) == op(x, x) for x in Element)")]
    shown, hidden = (replies(tmp_path / truth, *terms, truth=truth) for truth in ("shown", "hidden"))
    assert [event.reply for event in shown] == [event.reply for event in hidden]
    assert "It has all values" in hidden[0].reply and hidden[1].ok
    assert not of_type(tmp_path / "shown", "explained") and not of_type(tmp_path / "shown", "credited")


def test_points_without_a_value_do_not_agree(tmp_path: Path) -> None:
    """`seen` is undefined where no row shows a value: phenomenon 2 shows none for the first element."""
    half = match("(x: Element): seen(2, x)")
    first = match("(x: Element): first(y for y in Element if y == x and x == op(x, x))")
    told = replies(tmp_path, half, first)
    assert told[0].reply == (
        "It has all values of phenomenon 2. Points that agree: 2: 6 of 6; 1: 6 of 7 (undefined at 1)."
    )
    assert told[1].ok and "undefined at" in told[1].reply


def test_the_best_stand_first_and_few_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("relay.trial.match_executor.MOST_TOLD", 1)
    _, told = replies(tmp_path, state(SQUARE), match("(x: Element): seen(1, x)"))
    assert told.reply.endswith("Points that agree: 1: 7 of 7; 1 more agree no better.")
    assert told.data == MatchData(agreements=(AgreementData(number=1, agreed=7, points=7),))


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("(x: Element): seen(999, x)", "the numbers are 1 to 2"),
        ("(x: Element): seen(99999999999999999999, x)", "the numbers are 1 to 2"),
        ("(x: Element): seen(x, x)", "written as a numeral"),
        ("(x: Element): seen(1 + 1, x)", "written as a numeral"),
        ("(x: Element): seen(1)", "takes 2 arguments, found 1"),
        ("seen(1)", "takes 2 arguments, found 1"),
        ("seen", "is called with the number of a phenomenon first"),
        ("(x: Element): seen(1, 3)", "argument 2 of `seen` must be Element"),
        ("op(first(x for x in Element), first(x for x in Element))", "write the parameters"),
        ("(x: Element): once(x)", "nothing that can be called here"),
        ("(x: Element): " + "op(x, " * 12 + "x" + ")" * 12, "25 term nodes and may have 24"),
        ("(x: Element) where x == x: x", "can't stand here"),
    ],
)
def test_what_is_no_match(tmp_path: Path, term: str, message: str) -> None:
    (told,) = replies(tmp_path, match(term))
    assert not told.ok and told.reply.startswith("ill_formed: ") and message in told.reply
    assert told.evaluations == 1


def test_types_that_no_phenomenon_has(tmp_path: Path) -> None:
    taken = match("(f: Fn[Element, Element], x: Element): f(x)")
    told = replies(tmp_path, taken, match("op"), match("(): 3"))
    assert told[0].reply == "No phenomenon has the type of this term, (Fn[Element, Element], Element) -> Element."
    assert [event.ok for event in told] == [False] * 3
    assert "(Element, Element) -> Element" in told[1].reply and "() -> Nat" in told[2].reply


def test_in_a_statement_seen_is_ill_formed(tmp_path: Path) -> None:
    """Nor does a definition that a match calls get at it."""
    told = replies(
        tmp_path,
        state("define f(x: Element) -> Element = seen(1, x)"),
        match("(x: Element): f(x)"),
        state("claim (x: Element): seen(1, x) == x"),
    )
    assert "stands in the terms of `evaluate` and `match` only" in told[0].reply
    assert "stands in the terms of `evaluate` and `match` only" in told[2].reply
    assert not any(event.ok for event in told)


def test_a_definition_may_have_the_name_seen(tmp_path: Path) -> None:
    own = "define seen(x: Element) -> Element = op(x, x)"
    told = replies(tmp_path, state(own), match("(x: Element): seen(seen(x))"), match("(x: Element): seen(1, x)"))
    assert told[1].ok and "ill_formed" in told[2].reply


def test_the_price_is_the_work(tmp_path: Path) -> None:
    budget = Budget(turns=1, tokens=40_000, context=6_000, evaluations=500)
    told = replies(tmp_path, state(BURN), match("(x: Element): burn(5, x)"), match("burn(11)"), budget=budget)
    stated, dear, ruinous = told
    # 2^6 - 1 calls at each of 13 points, each of which values at least four nodes: far more than the 24 of a statement
    assert dear.ok and 13 * (63 * 4 // 24 - 1) < dear.evaluations < 13 * 63 * 16 // 24
    assert dear.reply.endswith(f"It cost {dear.evaluations} evaluations.")
    # stating it is paid by what it does for small numbers
    assert stated.reply.endswith(". It cost 3 evaluations.")
    left = 500 - 3 - dear.evaluations
    assert not ruinous.ok and ruinous.evaluations == left
    assert f"it costs more than the {left} evaluations that were left. They are spent." in ruinous.reply
    assert of_type(tmp_path, "tenure_ended")[0].spent.evaluations == 500


def test_a_term_that_never_ends_runs_out(tmp_path: Path) -> None:
    budget = Budget(turns=1, tokens=40_000, context=6_000, evaluations=5_000)
    loop = "define loop(x: Element) -> Element = op(loop(x), loop(op(x, x)))"
    _, told = replies(tmp_path / "loop", state(loop), match("loop"), budget=budget)
    assert told.reply.startswith("Points that agree: 1: 0 of 7 (out of fuel at 7); 2: 0 of 6 (out of fuel at 6).")
    assert 1 <= told.evaluations <= 1_000
    # 2^16 calls at a point are more than the most that one action may cost
    _, dear = replies(tmp_path / "dear", state(BURN), match("(x: Element): burn(15, x)"), budget=budget)
    assert not dear.ok and dear.evaluations == 1_000
    assert "it costs more than 1,000 evaluations, and one action may cost no more" in dear.reply


def test_nothing_is_matched_without_evaluations(tmp_path: Path) -> None:
    budget = Budget(turns=1, tokens=40_000, context=6_000, evaluations=1)
    told = replies(tmp_path, state(ONCE), match("once"), budget=budget)
    assert told[1].reply == "Nothing was done: no evaluations are left." and told[1].evaluations == 0


def test_a_resumed_tenure_matches_again(tmp_path: Path) -> None:
    lines = [state(ONCE), match("once"), match("(x: Element): op(seen(2, x), x)")]
    chosen = condition(agent=scripted(lines, [match("once")]), generations=1)
    run(tmp_path, chosen)
    whole = (tmp_path / "events.jsonl").read_bytes()
    own = own_events(tmp_path, 1, 1)
    second = [place for place, event in enumerate(own) if event.type == "answered"][1]
    reopen(tmp_path, 1, {1: own[:second]})
    run(tmp_path, chosen)
    assert (tmp_path / "events.jsonl").read_bytes() == whole


# --- near misses -----------------------------------------------------------------------------------------------------


NEAR = "define near(x: Element) -> Element = first(y for y in Element) if op(x, x) == x else op(x, x)"
FAR = "define far(x: Element) -> Element = op(x, op(x, x))"


class Real(ToyJudge):
    """Finds what the examiner finds."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        return self.examiner.examine(statement, definitions)


def judged(where: Path, *sources: str, truth: str = "shown") -> list[Acted]:
    chosen = condition(agent=scripted([state(source) for source in sources]), truth=truth, generations=1)
    asyncio.run(run_trial(chosen, where, judge=Real(Toy().build(0)), retry=QUICK))
    return of_type(where, "acted")[: len(sources)]


def test_the_nearest_phenomenon_is_told_where_none_is_explained(tmp_path: Path) -> None:
    near, far, whole = judged(tmp_path, NEAR, FAR, SQUARE)
    assert near.reply.endswith("It explains none of the phenomena; it agrees with 1 at 6 of 7 points.")
    assert isinstance(near.data, StatementData) and near.data.explained == ()
    assert near.data.near == AgreementData(number=1, agreed=6, points=7)
    assert far.reply.endswith("It explains none of the phenomena.")
    assert isinstance(far.data, StatementData) and far.data.near is None
    assert "near" not in far.data.model_dump_json()  # the bytes of logs without near misses are as before
    assert whole.reply.endswith("It explains phenomenon 1, 2.")
    assert isinstance(whole.data, StatementData) and whole.data.near is None


LONG = "define long(x: Element) -> Element = op(x, x) if x == x else " + "op(" * 8 + "x" + ", x)" * 8


def too_long(where: Path, truth: str = "shown") -> tuple[Acted, list[Any]]:
    """What is told of a definition of 24 nodes to a judge that lets 20 explain, and the judged statements."""
    task = Toy().build(0).model_copy(update={"statement_size": 10})
    chosen = condition(agent=scripted([state(LONG)]), truth=truth, generations=1)
    asyncio.run(run_trial(chosen, where, judge=Real(task), retry=QUICK))
    return of_type(where, "acted")[0], of_type(where, "judged")


def test_a_definition_that_is_too_long_is_told_so_with_both_numbers(tmp_path: Path) -> None:
    told, (judged_once,) = too_long(tmp_path)
    assert told.reply.endswith(
        "It explains none of the phenomena: it has the values of 1, 2, but is longer than an explanation may be, "
        "24 nodes with its helpers; at most 20 are allowed."
    )
    assert isinstance(told.data, StatementData) and told.data.explained == () and told.data.near is None
    assert told.data.long == LengthData(phenomena=(1, 2), length=24, most=20)
    assert judged_once.too_long and not of_type(tmp_path, "explained") and not of_type(tmp_path, "credited")


def test_a_truth_scheme_decides_what_is_told_of_length(tmp_path: Path) -> None:
    told, (hidden,) = too_long(tmp_path / "hidden", "hidden")
    assert told.reply == "defined: long(x: Element) -> Element." and hidden.too_long
    assert isinstance(told.data, StatementData) and told.data.long is None
    told, _ = too_long(tmp_path / "second", f"{HERE}:SecondOnly")
    assert isinstance(told.data, StatementData) and told.data.long == LengthData(phenomena=(2,), length=24, most=20)


def test_no_near_miss_is_told_where_truth_is_hidden(tmp_path: Path) -> None:
    (near,) = judged(tmp_path, NEAR, truth="hidden")
    assert near.reply == "defined: near(x: Element) -> Element."
    assert isinstance(near.data, StatementData) and near.data.near is None


def test_a_truth_scheme_decides_which_phenomena_a_near_miss_names(tmp_path: Path) -> None:
    (near,) = judged(tmp_path, NEAR, truth=f"{HERE}:SecondOnly")
    assert near.reply.endswith("It explains none of the phenomena; it agrees with 2 at 5 of 6 points.")


def test_a_term_without_its_parameters_is_told_where_they_stand(tmp_path: Path) -> None:
    run(tmp_path, condition(agent=scripted([{"action": "match", "term": "op(x, x)"}]), generations=1))
    reply = of_type(tmp_path, "acted")[0].reply
    assert reply.startswith("ill_formed: ") and reply.endswith("as in `(x: TYPE): TERM`")


def test_a_definition_of_a_type_that_nothing_shows_is_not_told_to_explain_nothing(tmp_path: Path) -> None:
    actions = [state(FOURTH), state(PAIR), state("define alike(x: Element) -> Bool = x == x")]
    run(tmp_path, condition(agent=scripted([state(SQUARE), *actions]), generations=1))
    told = ["explains" in event.reply for event in of_type(tmp_path, "acted")]
    assert told[:4] == [True, True, False, False]

"""Under `delayed` nothing about a status crosses before it is told, by an event, to every note that holds the
statement."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from analysis.notes import read_notes
from relay.components import available, build
from relay.errors import UsageError
from relay.notation.syntax import Definition, Statement
from relay.records.events import Judged
from relay.records.reply_data import StatementData
from relay.records.status import Status
from relay.records.status_told import StatusTold
from relay.researcher.actions import note_action, written
from relay.researcher.observation import Answer, TenureView
from relay.researcher.prompting import opening, the_task
from relay.researcher.turn import TurnContext
from relay.scoring.examiner import Examination
from relay.trial.directory import load_trial
from relay.trial.replay import Replay
from relay.trial.trial import run_trial
from tests.trial.helpers import QUICK, condition, events, of_type, record, rewind, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.test_rescore import again
from tests.trial.toy import FOURTH, SQUARE, Toy, ToyJudge

LAW = "claim law (x: Element): square(x) == op(x, x)"
WRONG = "claim (x: Element): square(x) != x"
WRITING = sorted(set(available("relay.notes")) - {"none"})


class Contrary(ToyJudge):
    """Says the opposite of claims, and of what definitions explain."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        found = await super().examine(statement, definitions)
        if isinstance(statement, Definition):
            return found.model_copy(update={"explained": () if found.explained else ("p0",), "accounted": ()})
        other = Status.HOLDS if found.verdict.status is Status.REFUTED else Status.REFUTED
        verdict = found.verdict.model_copy(update={"status": other, "message": other.value, "counterexample": ""})
        return found.model_copy(update={"verdict": verdict, "laws": ()})


def views(where: Path, judge: ToyJudge, notes: str, name: str, **options: Any) -> list[TenureView]:
    """All views of a chain whose first generation writes down what it states, and whose later ones do nothing."""
    kinds = [note_action(kind) for kind in build("relay.notes", notes).actions]
    found: list[TenureView] = []
    first = [state(SQUARE), state(LAW), state(WRONG)]
    second = [written(kinds, f"{source}", "a word") for source in (SQUARE, LAW, WRONG)]

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        found.append(view)
        begun = view.observation.inheritance.text == "" and len(view.turns) < 2
        return Answer(text=json.dumps({"actions": [first, second][len(view.turns)] if begun else [{"action": "end"}]}))

    chosen = condition(agent=puppet(name, answer), notes=notes, generations=5, **options)
    asyncio.run(run_trial(chosen, where, judge=judge, retry=QUICK))
    return found


@pytest.mark.parametrize("notes", WRITING)
def test_nothing_of_a_status_crosses_before_it_is_told(tmp_path: Path, notes: str) -> None:
    task = Toy().build(0)
    options = {"truth": "delayed(after=3)"}
    one = views(tmp_path / "a", ToyJudge(task), notes, f"one {notes}", **options)
    other = views(tmp_path / "b", Contrary(task), notes, f"other {notes}", **options)
    dumped, contrary = ([view.model_dump_json() for view in each] for each in (one, other))
    # three turns of the first generation, then one of each
    assert len(dumped) == len(contrary) == 7
    assert dumped[:5] == contrary[:5]
    assert "refuted" not in json.dumps([view.model_dump(mode="json")["turns"] for view in one[:5]])
    # the fourth generation is told
    assert dumped[5] != contrary[5] and dumped[6] != contrary[6]
    page, opposite = (opening(each[5].observation) for each in (one, other))
    if notes not in ("textbook", "letter"):  # what they hold is rewritten, and one note may hold it all
        assert "holds" in page and "refuted" in page and "holds" in opposite


def test_own_replies_say_when_it_will_be_told(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), state(LAW), state(WRONG), state(FOURTH), state("claim (x: Element): x + 1")])
    run(tmp_path / "a", condition(agent=agent, truth="delayed(after=2)", generations=3))
    replies = [event.reply for event in of_type(tmp_path / "a", "acted") if event.generation == 2]
    later = "The claim is well formed and has been noted; its status will be told after generation 3."
    explained = "What it explains will be told after generation 3."
    assert replies[:4] == [
        f"defined: square(x: Element) -> Element. {explained}", later, later,
        f"defined: fourth(x: Element) -> Element. {explained}",
    ]  # fmt: skip
    assert replies[4].startswith("ill_formed: ")
    data = [event.data for event in of_type(tmp_path / "a", "acted") if isinstance(event.data, StatementData)]
    assert {each.status for each in data} == {None, "defined", "ill_formed"}
    assert {each.explained for each in data} == {None} and {each.near for each in data} == {None}
    stated = [event for event in of_type(tmp_path / "a", "judged") if event.generation == 1]
    assert [event.told for event in stated] == ["defined", None, None, "defined", "ill_formed"]
    assert [event.told_after for event in stated] == [2, 2, 2, 2, 0]
    assert [event.explains for event in stated] == [(1, 2), (), (), (), ()]


def test_an_event_tells_it_by_key(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), state(LAW), state(WRONG), state(LAW), state(FOURTH)])
    run(tmp_path / "a", condition(agent=agent, truth="delayed(after=2)", generations=4))
    keys = {event.source: event.key for event in of_type(tmp_path / "a", "judged")}
    told: list[StatusTold] = of_type(tmp_path / "a", "status_told")
    assert [(each.generation, each.stated, each.key) for each in told] == [
        (after, after - 1, keys[source]) for after in (2, 3, 4) for source in (SQUARE, LAW, WRONG)
    ]
    assert [(each.status, each.explains) for each in told[:3]] == [("", (1, 2)), ("holds", ()), ("refuted", ())]
    assert {(each.tenure, each.turn) for each in told} == {(0, 0)}


def test_the_page_of_a_ledger_shows_it_once_it_is_told(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), state(LAW), state(WRONG)], [record(SQUARE), record(LAW), record(WRONG)])
    pages = []

    def pages_of(truth: str, where: Path) -> list[str]:
        run(where, condition(agent=agent, notes="ledger", truth=truth, generations=4))
        replay = Replay.of(where).with_components(trust=True)
        past = list(replay.tenures())
        assert all(each.exact for each in past)
        return [each.page for each in past]

    pages = pages_of("delayed(after=2)", tmp_path / "a")
    shown = pages_of("shown", tmp_path / "b")
    assert "[1.1.1]" in pages[1] and "holds" not in pages[1] and "explains" not in pages[1]
    assert "[1.1.1 explains 1, 2]" in pages[2] and "[1.1.2 holds]" in pages[2] and "[1.1.3 refuted]" in pages[2]
    # in the order that it would have had from the start
    assert pages[2] == shown[1] == pages[3]
    hidden = pages_of("hidden", tmp_path / "c")
    assert hidden[1] == hidden[3] == pages[1]


def test_a_note_with_several_statements_tells_of_each(tmp_path: Path) -> None:
    text = f"I found\n```relay\n{SQUARE}\n{LAW}\n{WRONG}\n```"
    agent = scripted([state(SQUARE), state(LAW), state(WRONG), write(text)])
    chosen = condition(agent=agent, notes="journal", truth="delayed", generations=2)
    run(tmp_path / "a", chosen)
    past = next(Replay.of(tmp_path / "a").with_components(trust=True).tenures(2, 1))
    since = "told since: statement 1 explains 1, 2, statement 2 holds, statement 3 refuted"
    assert past.exact and f"Entry 1.1.1 ({since})\n" in past.page
    reading = read_notes(tmp_path / "a")
    words = reading.words(reading.notes[0], reveal=False)
    assert "told since: explains 1, 2, holds, refuted" in words


def test_whoever_states_it_again_is_told_by_the_notes_alone(tmp_path: Path) -> None:
    """That others stated it before must not be told by a reply."""
    agent = scripted([state(SQUARE), state(LAW)])
    run(tmp_path / "a", condition(agent=agent, notes="ledger", truth="delayed", generations=4))
    replies = [(event.generation, event.reply) for event in of_type(tmp_path / "a", "acted") if "claim" in event.reply]
    assert [reply[-12:] for _, reply in replies] == [f"eneration {g}." for g, _ in replies] and len(replies) == 4


def test_a_note_that_is_written_after_it_was_told_tells_it_too(tmp_path: Path) -> None:
    def answer(view: TenureView, turn: TurnContext) -> Answer:
        stated = [state(SQUARE), state(LAW)]
        actions = {0: stated, 3: [*stated, record(LAW)]}.get(len(seen), [])
        seen.append(opening(view.observation))
        return Answer(text=json.dumps({"actions": [*actions, {"action": "end"}]}))

    seen: list[str] = []
    agent = puppet("late", answer)
    run(tmp_path / "a", condition(agent=agent, notes="ledger", truth="delayed(after=3)", generations=5))
    assert "[4.1.1 holds]" in seen[4] and not any("holds" in page for page in seen[:4])


def test_killed_at_any_moment_it_leaves_the_same_bytes(tmp_path: Path) -> None:
    chosen = condition(truth="delayed(after=2)", notes="ledger", generations=4, seed=3)
    whole = run(tmp_path / "a", chosen).snapshot()
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    assert b'"status_told"' in wanted
    draw = random.Random(5)
    for size in [draw.randrange(len(wanted)) for _ in range(12)]:
        rewind(tmp_path / "a", size)
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    assert load_trial(tmp_path / "a", trust=True).state.snapshot() == whole


def test_judged_again_what_was_told_stays(tmp_path: Path) -> None:
    chosen = condition(truth="delayed(after=2)", notes="ledger", generations=4, seed=3)
    run(tmp_path / "a", chosen)
    same = again(tmp_path / "a", tmp_path / "same", ToyJudge(Toy().build(0)))
    assert same.same
    assert (tmp_path / "same/events.jsonl").read_bytes() == (tmp_path / "a/events.jsonl").read_bytes()
    other = again(tmp_path / "a", tmp_path / "b", Contrary(Toy().build(0)))
    assert other.changed
    told = [[(each.key, each.status) for each in of_type(tmp_path / name, "status_told")] for name in ("a", "b")]
    assert told[0] == told[1] != []
    before, now = (
        [(each.told, each.told_after, each.explains) for each in events(where) if isinstance(each, Judged)]
        for where in (tmp_path / "a", tmp_path / "b")
    )
    assert before == now


def test_researchers_are_told_when_they_will_be_told(tmp_path: Path) -> None:
    texts: dict[str, str] = {}

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        texts[truth] = the_task(view.observation, "")
        return Answer(text='{"actions": [{"action": "end"}]}')

    for truth in ("shown", "delayed", "delayed(after=2)", "hidden"):
        run(tmp_path / truth, condition(agent=puppet("asks", answer), truth=truth, generations=1))
    later = "Whether a claim is true, and whether a definition explains a phenomenon, is told {} later, in the notes"
    assert later.format("1 generation") in texts["delayed"]
    assert later.format("2 generations") in texts["delayed(after=2)"]
    assert "later" not in texts["shown"] and "later" not in texts["hidden"]
    with pytest.raises(UsageError, match="after=0"):
        condition(truth="delayed(after=0)")

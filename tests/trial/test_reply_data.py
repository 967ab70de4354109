"""What replies and verdicts say is logged as typed data, and agents get the data of replies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

from relay.checker.verdict import by_machine, without_memory
from relay.notation.syntax import Definition, Statement, Term
from relay.records.reply_data import NoteData, OpenedData, StatementData, ValueData
from relay.records.status import Reason, Status
from relay.researcher.observation import Reply, TenureView
from relay.researcher.turn import TurnContext
from relay.scoring.examiner import Examination
from relay.scoring.judge import PublicValue
from relay.trial.trial import run_trial
from tests.trial.helpers import condition, of_type, record, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.toy import LAW, SQUARE, Toy, ToyJudge

FALSE = "claim (x: Element): op(x, x) != x"
EVALUATE = {"action": "evaluate", "term": "count(op(x, x) == x for x in Element)"}


class FailingJudge(ToyJudge):
    """A judge whose processes fail."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        return Examination(verdict=without_memory() if statement.source == FALSE else by_machine("killed"))

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> PublicValue:
        return PublicValue(text="no value", by_machine=True)


def test_each_reply_has_its_data_and_agents_get_them(tmp_path: Path) -> None:
    seen: list[Reply] = []
    strike, opens = {"action": "strike", "id": "1.1.1"}, {"action": "open", "id": "1.1.1"}

    def answer(view: TenureView, turn: TurnContext) -> str:
        seen[:] = [reply for turn in view.turns for reply in turn.replies]
        lines = [state(SQUARE), state(FALSE), state("nonsense"), EVALUATE, record("square"), opens, strike]
        return json.dumps({"actions": [{"action": "end"}] if view.turns else lines})

    run(tmp_path / "a", condition(agent=puppet("teller", answer), generations=1))
    acted = of_type(tmp_path / "a", "acted")
    key = of_type(tmp_path / "a", "judged")[0].key
    claim = of_type(tmp_path / "a", "judged")[1].key
    assert [event.data for event in acted] == [
        StatementData(name="square", kind="define", key=key, status=Status.DEFINED, explained=(1, 2)),
        StatementData(kind="claim", key=claim, status=Status.REFUTED),
        StatementData(status=Status.ILL_FORMED),
        ValueData(),
        NoteData(id="1.1.1"),
        OpenedData(id="1.1.1", text=f"```relay\n{SQUARE}\n```"),
        NoteData(id="1.1.1"),
        None,
    ]
    assert [reply.data for reply in seen] == [event.data for event in acted[:-1]]
    assert of_type(tmp_path / "a", "note_changed")[0].explains == (1, 2)


def test_withheld_statuses_are_in_no_data(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(agent=scripted([state(SQUARE), state(LAW)]), truth="hidden", generations=1))
    definition, claim = (event.data for event in of_type(tmp_path / "a", "acted")[:2])
    assert (definition.status, definition.explained) == (Status.DEFINED, None)
    assert (claim.status, claim.explained) == (None, None)


def test_only_an_item_that_is_no_action_is_unusable(tmp_path: Path) -> None:
    items = [
        {"action": "fly"}, {"action": "state"}, "words", {"action": "strike", "id": "9.9.9"}, state("nonsense"),
        write("text"), record("nothing"), EVALUATE, {"action": "end"},
    ]  # fmt: skip
    run(tmp_path / "a", condition(agent=scripted(items), generations=1))
    acted = of_type(tmp_path / "a", "acted")
    assert [event.unusable for event in acted] == [True, True, True, False, False, True, False, False, False]
    assert [event.ok for event in acted] == [False] * 7 + [True] * 2


def test_what_a_machine_failed_to_judge_is_marked(tmp_path: Path) -> None:
    chosen = condition(agent=scripted([state(SQUARE), state(FALSE), EVALUATE]), generations=1)
    asyncio.run(run_trial(chosen, tmp_path / "a", judge=FailingJudge(Toy().build(0))))
    judged = of_type(tmp_path / "a", "judged")
    assert [event.reason for event in judged] == [Reason.STOPPED, Reason.OUT_OF_MEMORY]
    assert all(event.reason.of_machine and event.status == Status.UNDECIDED for event in judged)
    assert of_type(tmp_path / "a", "acted")[2].data == ValueData(by_machine=True)
    replies = [event.model_dump_json() for event in of_type(tmp_path / "a", "acted")]
    assert not any("out_of_memory" in reply or "reason" in reply for reply in replies)
    run(tmp_path / "b", condition(agent=scripted([state(SQUARE)]), generations=1))
    assert "reason" not in of_type(tmp_path / "b", "judged")[0].model_dump_json()

"""Controls in whole trials: hand-over steps."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from relay.commands.line_printer import LinePrinter
from relay.commands.transcript_view import print_tenure
from relay.errors import UsageError
from relay.records.reader import TrialReader
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.trial.replay import Replay
from tests.trial.helpers import condition, events, of_type, own_events, record, reopen, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.test_rescore import again
from tests.trial.toy import FOURTH, SQUARE, Toy, ToyJudge

SECRET = "xyzzy"
HIDDEN = f"define {SECRET}(x: Element) -> Element = op(op(x, x), x)"
STEPS = ("blank", "lost(p=0.5)", "shuffled", "stripped(remarks=true)", "stripped(statements=true)")


def views_after(where: Path, actions: list[dict[str, str]], step: str, notes: str) -> list[TenureView]:
    """All views of later generations, which open whatever they can; the first one did `actions`."""
    views: list[TenureView] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        if not views:
            views.append(view)
            return Answer(text=json.dumps({"actions": [*actions, {"action": "end"}]}))
        views.append(view)
        ids = [entry.id for entry in view.observation.inheritance.entries if not entry.full]
        more = [{"action": "open", "id": id} for id in ids] + [{"action": "evaluate", "term": "square(1)"}]
        return Answer(text=json.dumps({"actions": [*more, state("define again(x: Element) -> Element = fourth(x)")]}))

    run(where, condition(agent=puppet("opener", answer), handover=[step], notes=notes, generations=3))
    TrialReader.open(where).read()
    return views[1:]


def told(views: list[TenureView]) -> str:
    """All that the researchers could read, and the data that they got."""
    return "\n".join(
        view.observation.inheritance.model_dump_json()
        + "".join(reply.model_dump_json() for turn in view.turns for reply in turn.replies)
        for view in views
    )


@pytest.mark.parametrize("notes", ["journal", "ledger", "ledger(cap=300)"])
@pytest.mark.parametrize(
    ("step", "secret_is", "crosses"),
    [
        ("shuffled", "remark", True),
        ("blank", "remark", False),
        ("blank", "statement", False),
        ("lost(p=1)", "remark", False),
        ("lost(p=1)", "statement", False),
        ("stripped(remarks=true)", "remark", False),
        ("stripped(remarks=true)", "statement", True),
        ("stripped(statements=true)", "statement", False),
        ("stripped(statements=true)", "remark", True),
    ],
)
def test_what_a_step_takes_out_does_not_cross(
    tmp_path: Path, step: str, secret_is: str, crosses: bool, notes: str
) -> None:
    """The secret stands wherever an author can put it: in a remark, a text or a comment; or in a statement."""
    stated = [state(SQUARE), state(FOURTH), *([state(HIDDEN)] if secret_is == "statement" else [])]
    if secret_is == "statement":
        texts = [record(SECRET, "no secret"), write(f"no secret\n```relay\n{HIDDEN}\n```")]
    else:
        commented = f"{FOURTH}  # {SECRET}"
        texts = [
            record("square", f"{SECRET} " * 20),
            record(commented, SECRET),
            {"action": "note", "text": SECRET},
            write(f"{SECRET}\n```relay\n# {SECRET}\n{commented}\n{SECRET}\n```\n{SECRET}"),
        ]
    filler = [record("fourth", "word " * 30), *({"action": "note", "text": f"{n} " * 40} for n in range(5))]
    views = views_after(tmp_path / "a", [*stated, *texts, *filler], step, notes)
    assert len(views) >= 4 and (SECRET in told(views)) == crosses


@pytest.mark.parametrize("notes", ["journal", "ledger(cap=300)"])
def test_statements_that_were_taken_out_can_not_be_called(tmp_path: Path, notes: str) -> None:
    many = [record("square"), record("fourth"), write(f"```relay\n{SQUARE}\n{FOURTH}\n```")]
    many += [{"action": "note", "text": f"{number} " * 30} for number in range(6)]
    for step in STEPS:
        where = tmp_path / step
        views_after(where, [state(SQUARE), state(FOURTH), *many], step, notes)
        last = of_type(where, "generation_ended")[-1]
        later = [event for event in of_type(where, "acted") if event.generation > 1]
        replies = [event for event in later if event.action["action"] == "state"]
        gone = step in ("blank", "stripped(statements=true)")
        if gone:
            assert not any(event.ok for event in replies) and last.readable == () and last.retained == ()
            assert not any(event.names or event.readable for event in of_type(where, "shown"))
        elif not step.startswith("lost"):
            assert all(event.ok for event in replies) and last.retained == ("fourth", "square")


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("notes", ["ledger(cap=300)", "journal"])
def test_trials_with_steps_resume_and_are_judged_again(tmp_path: Path, step: str, notes: str) -> None:
    memory = "immortal" if step == "shuffled" and notes == "journal" else "fresh"
    chosen = condition(handover=["shuffled", step], notes=notes, memory=memory, width=2, generations=4)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    for generation in (2, 4):
        own = own_events(tmp_path / "a", generation, 1)
        reopen(tmp_path / "a", generation, {1: own[: len(own) // 2], 2: own_events(tmp_path / "a", generation, 2)})
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert (tmp_path / "b/events.jsonl").read_bytes() == wanted


@pytest.mark.parametrize("step", STEPS)
def test_what_takes_something_out_of_notes_is_refused_beside_messages(tmp_path: Path, step: str) -> None:
    for memory in ("carryover", "immortal", "summary(across=true)", "window(across=true)", "window", "summary"):
        where = tmp_path / memory
        chosen = condition(handover=["shuffled", step], memory=memory, generations=1)
        if step == "shuffled" or ("across" not in memory and memory not in ("carryover", "immortal")):
            run(where, chosen)
            continue
        told = f"the hand-over step `{step.partition('(')[0]}` takes .* `{memory.partition('(')[0]}` would hand it on"
        with pytest.raises(UsageError, match=rf"^{told}[^\n]*; give --memory fresh[^\n]*$"):
            run(where, chosen)
        assert not where.exists() or not list(where.iterdir())


def test_the_log_says_what_was_taken_out(tmp_path: Path) -> None:
    """Who states anew what the notes hold and a step took out has found it on its own, and the reader knows."""
    agent = scripted([state(SQUARE), record("square"), {"action": "end"}])
    for step in ("blank", "shuffled"):
        where = tmp_path / step
        run(where, condition(agent=agent, handover=[step], generations=2))
        key = next(event.key for event in of_type(where, "judged"))
        assert [event.withheld for event in of_type(where, "shown")] == [(), (key,) if step == "blank" else ()]
        reached = [event.measures["orientation_reached"] for event in of_type(where, "generation_ended")]
        assert reached == [1.0, 1.0 if step == "blank" else 0.0]
        TrialReader.open(where).read()
    assert "withheld" not in (tmp_path / "shuffled/events.jsonl").read_text()


def test_without_components_the_texts_may_be_others(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), record("square", SECRET), {"action": "end"}])
    run(tmp_path / "a", condition(agent=agent, handover=["blank"], generations=2))
    past = list(Replay.of(tmp_path / "a").tenures())
    assert [(each.stepped, each.exact) for each in past] == [(True, False)] * 2 and SECRET in past[1].page
    out = StringIO()
    print_tenure(LinePrinter(Console(file=out, width=500)), past[1], reveal=False)
    assert "hand-over steps may have changed them" in out.getvalue()
    seen = list(Replay.of(tmp_path / "a").with_components(trust=True).tenures())
    assert all(each.exact for each in seen) and SECRET not in seen[1].page and "blank blank" in seen[1].page


def test_each_step_has_coins_of_its_own(tmp_path: Path) -> None:
    many = [{"action": "note", "text": str(number)} for number in range(60)]
    shown = []
    for steps in (["lost(p=0.5)"], ["lost(p=0.5)", "lost(p=0.5)"]):
        where = tmp_path / str(len(steps))
        run(where, condition(agent=scripted(many), handover=steps, notes="ledger(words=1)", generations=2, width=2))
        found = [{ref.id for ref in event.notes} for event in of_type(where, "shown") if event.generation == 2]
        assert found[0] == found[1]
        shown.append(found[0])
    assert 10 < len(shown[1]) < 45 < len(shown[0]) < 75 and shown[1] < shown[0]


def test_a_trial_without_steps_has_the_same_events(tmp_path: Path) -> None:
    run(tmp_path / "a", condition())
    assert "interventions" not in (tmp_path / "a/condition.yaml").read_text()
    assert len(events(tmp_path / "a")) > 20

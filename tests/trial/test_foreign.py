"""Notes of another trial in the place of a trial's own."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from relay.component_files import needed_trials
from relay.components import available
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.condition import Condition
from relay.records.events import FOREIGN
from relay.records.reader import TrialReader
from relay.researcher.observation import Answer, Inheritance, TenureView
from relay.researcher.turn import TurnContext
from relay.schemes.notes.evolving import METHOD_TITLE
from relay.trial.contract import improviser
from relay.trial.directory import condition_in
from relay.trial.opening import open_tenure
from relay.trial.replay import Replay
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState
from relay.trial.trial import run_trial
from tests.trial.helpers import condition, events, of_type, own_events, record, reopen, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.test_rescore import again
from tests.trial.toy import FOURTH, HERE, SQUARE, Toy, ToyJudge

SCHEMES = [name for name in available("relay.notes") if name != "none"]
IMPROVISER = {"name": f"{Path(improviser.__file__).resolve()}:Improviser", "parameters": {}}
BUDGET = Budget(turns=3, tokens=60_000, context=8_000, evaluations=60)
ANOTHER = {"name": f"{HERE}:Toy", "parameters": {"brief": "Another theory."}}
SECRET = "xyzzy"
ROOT = Path(__file__).parents[2]


def real(where: Path, notes: str, seed: int, *handover: str, **options: Any) -> Condition:
    """Run a trial whose researchers use and misuse every action."""
    schemes = Schemes(notes=notes, handover=handover)
    options = {"generations": 3, "width": 2, "agent": IMPROVISER, **options}
    chosen = resolve_condition("alien(q=3, layers=1)", schemes=schemes, budget=BUDGET, seed=seed, **options)
    asyncio.run(run_trial(chosen, where))
    return chosen


def handed(where: Path) -> list[Inheritance]:
    """What the first tenure of each generation was handed, and of the one that would come next."""
    reader = TrialReader.open(where)
    setup = TrialSetup.of(condition_in(reader.files, reader.condition), reader.task)
    past = TrialState(setup.reader)
    found = [open_tenure(setup, past, 1, 1).observation.inheritance]
    for block in reader.blocks():
        for line in block.events:
            past.apply(line.event)
        if block.last.type == "generation_ended":
            found.append(open_tenure(setup, past, block.last.generation + 1, 1).observation.inheritance)
    return found


def other(where: Path, *actions: Any, notes: str = "ledger", generations: int = 2) -> Path:
    """Run another trial on another theory, whose first researcher does this."""
    stated = [state(SQUARE), state(FOURTH), *actions, {"action": "end"}]
    agent = scripted(stated, [{"action": "end"}])
    run(where, condition(agent=agent, task=ANOTHER, notes=notes, generations=generations))
    return where


@pytest.mark.parametrize("notes", SCHEMES)
def test_every_scheme_lays_them_out_as_they_stood(tmp_path: Path, notes: str) -> None:
    real(tmp_path / "other", notes, 1)
    real(tmp_path / "a", notes, 2, f"foreign(trial={tmp_path / 'other'})", generations=5)
    theirs, ours = handed(tmp_path / "other"), handed(tmp_path / "a")
    assert len(theirs) == 4 and len(ours) == 6
    told = " ".join(event.text for event in of_type(tmp_path / "other", "note_changed")).split()
    wanted = [theirs[min(generation, 3)] for generation in range(6)]
    for there, here in zip(wanted, ours, strict=True):
        assert [entry.id for entry in here.entries] == [f"{FOREIGN}{entry.id}" for entry in there.entries]
        assert not any(entry.names or entry.explains for entry in here.entries)
        # what differs are ids, and names that were changed for a reader who could call them
        assert set(here.text.replace(FOREIGN, "").split()) <= {*there.text.split(), *told}
        assert bool(here.text) == bool(there.text)
    shown = of_type(tmp_path / "a", "shown")
    assert [event.foreign for event in shown] == [0, 0, 1, 1, 2, 2, 3, 3, 3, 3]
    assert all(ref.id.startswith(FOREIGN) for event in shown for ref in (*event.notes, *event.listed, *event.dropped))
    assert not any(event.readable or event.names for event in shown)
    assert all(event.retained == () == event.readable for event in of_type(tmp_path / "a", "generation_ended"))
    changed = of_type(tmp_path / "a", "note_changed")
    assert changed and not any(event.id.startswith(FOREIGN) for event in changed)
    opened = of_type(tmp_path / "a", "note_opened")
    assert not any(event.names or event.called for event in opened if event.note.id.startswith(FOREIGN))
    assert TrialReader.open(tmp_path / "a").read().reason == "completed"
    assert all(tenure.exact for tenure in Replay.of(tmp_path / "a").with_components(trust=True).tenures())
    again(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b/events.jsonl").read_bytes() == (tmp_path / "a/events.jsonl").read_bytes()


def test_the_page_that_everybody_reads_is_shown_too(tmp_path: Path) -> None:
    create = {"action": "create", "title": METHOD_TITLE, "text": f"Be brief. {SECRET}"}
    other(tmp_path / "other", create, notes="evolving")
    chosen = condition(notes="evolving", handover=[f"foreign(trial={tmp_path / 'other'})"], generations=2)
    run(tmp_path / "a", chosen)
    assert f"Be brief. {SECRET}" in handed(tmp_path / "a")[1].text


def views_of(where: Path, there: Path, notes: str, *actions: Any, handover: Any = ()) -> list[TenureView]:
    """The views of the second generation, which does `actions`."""
    views: list[TenureView] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        views.append(view)
        done = [{"action": "end"}] if len(view.turns) else [*actions]
        return Answer(text=json.dumps({"actions": done if view.observation.inheritance.text else [{"action": "end"}]}))

    steps = [f"foreign(trial={there})", *handover]
    run(where, condition(agent=puppet("reader", answer), notes=notes, handover=steps, generations=2))
    TrialReader.open(where).read()
    return [view for view in views if view.observation.inheritance.text]


def test_nothing_in_them_can_be_called_and_what_they_explain_is_not_explained(tmp_path: Path) -> None:
    there = other(tmp_path / "other", record("square", SECRET), record("fourth"))
    calls = [state("define again(x: Element) -> Element = fourth(x)"), {"action": "evaluate", "term": "square(1)"}]
    views = views_of(tmp_path / "a", there, "ledger", *calls, record(SQUARE), state(SQUARE), state(FOURTH))
    assert SECRET in views[0].observation.inheritance.text and "explains 1" in views[0].observation.inheritance.text
    assert not any(entry.explains for entry in views[0].observation.inheritance.entries)
    replies = [(reply.action, reply.ok) for reply in views[1].turns[0].replies]
    assert replies == [
        ("state", False), ("evaluate", False), ("record", False), ("state", True), ("state", True),
    ]  # fmt: skip
    # who states them has found them
    assert [event.leap for event in of_type(tmp_path / "a", "credited")] == [False, False]
    assert of_type(tmp_path / "a", "generation_ended")[-1].measures["orientation_reached"] == 1.0


@pytest.mark.parametrize(
    ("notes", "wrote", "action", "told"),
    [
        ("ledger", record("square"), {"action": "strike", "id": "0.1.1.1"}, "You have seen no entry `0.1.1.1`"),
        (
            "wiki",
            {"action": "create", "title": "A", "text": "one two"},
            {"action": "delete", "page": "A"},
            "You have seen no page `A`",
        ),
        (
            "textbook",
            {"action": "chapter", "title": "A", "text": "one two"},
            {"action": "rewrite", "id": "0.1.1.1", "text": "three"},
            "You have seen no chapter `0.1.1.1`",
        ),
        (
            "retrieval",
            {"action": "file", "text": "one two"},
            {"action": "strike", "id": "0.1.1.1"},
            "There is no note `0.1.1.1`",
        ),
    ],
)
def test_they_can_not_be_changed(tmp_path: Path, notes: str, wrote: Any, action: Any, told: str) -> None:
    there = other(tmp_path / "other", wrote, notes=notes)
    views = views_of(tmp_path / "a", there, notes, action, wrote | {"text": "four five"} if "text" in wrote else wrote)
    assert told in views[1].turns[0].replies[0].text
    assert not views[1].turns[0].replies[0].ok
    assert not any(event.id.startswith(FOREIGN) for event in of_type(tmp_path / "a", "note_changed"))


def test_they_can_be_opened_and_looked_for(tmp_path: Path) -> None:
    page = {"action": "create", "title": "A", "text": f"{SECRET}\n```relay\n{SQUARE}\n```"}
    there = other(tmp_path / "wiki", page, notes="wiki")
    views = views_of(tmp_path / "a", there, "wiki", {"action": "view", "page": "A"})
    assert SECRET in views[1].turns[0].replies[0].text
    (opened,) = of_type(tmp_path / "a", "note_opened")
    assert opened.note.id == "0.1.1.1" and not opened.names
    slips = [{"action": "file", "text": f"slip {number} of some words"} for number in range(12)]
    first = {"action": "file", "text": f"{SECRET} and more"}
    found = other(tmp_path / "slips", first, *slips, notes="retrieval(cap=100)")
    views = views_of(tmp_path / "b", found, "retrieval(cap=100)", {"action": "search", "query": "more"})
    assert SECRET not in views[0].observation.inheritance.text
    assert SECRET in views[1].turns[0].replies[0].text


def test_a_textbook_that_is_full_of_them_can_be_written_in(tmp_path: Path) -> None:
    chapter = {"action": "chapter", "title": "A", "text": "so it is " * 20}
    there = other(tmp_path / "other", chapter, notes="textbook(cap=100)")
    views = views_of(tmp_path / "a", there, "textbook(cap=100)", chapter, {"action": "add", "text": "more"})
    assert [reply.ok for reply in views[1].turns[0].replies] == [True, True]
    assert [event.id for event in of_type(tmp_path / "a", "note_changed") if event.applied] == ["2.1.1", "2.1.1"]


@pytest.mark.parametrize("step", ["shuffled", "blank", "lost(p=0.5)", "stripped(statements=true)"])
def test_other_steps_act_on_them(tmp_path: Path, step: str) -> None:
    there = other(tmp_path / "other", write(f"{SECRET}\n```relay\n{SQUARE}\n```"), write("more"), notes="journal")
    views = views_of(tmp_path / "a", there, "journal", handover=[step])
    text = "\n".join(view.observation.inheritance.text for view in views)
    assert (SECRET in text) == (step in ("shuffled", "stripped(statements=true)")) or step.startswith("lost")
    assert "Entry 0.1.1." in text or step.startswith("lost")


def test_a_trial_with_them_resumes_byte_for_byte(tmp_path: Path) -> None:
    there = other(tmp_path / "other", *(record("square", f"{n} " * 30) for n in range(9)), notes="ledger(cap=300)")
    chosen = condition(
        handover=[f"foreign(trial={there})", "shuffled"], notes="ledger(cap=300)", memory="window", width=2
    )
    run(tmp_path / "a", chosen)
    shutil.rmtree(there)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    copied = condition_in(TrialReader.open(tmp_path / "a").files, chosen)
    for generation in (2, 3):
        own = own_events(tmp_path / "a", generation, 1)
        reopen(tmp_path / "a", generation, {1: own[: len(own) // 2], 2: own_events(tmp_path / "a", generation, 2)})
        run(tmp_path / "a", copied)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert (tmp_path / "b/events.jsonl").read_bytes() == wanted


def test_the_condition_names_a_copy_and_no_path(tmp_path: Path) -> None:
    there = other(tmp_path / "other", record("square"))
    shutil.copytree(there, tmp_path / "moved/elsewhere")
    first, second = (condition(handover=[f"foreign(trial={place})"]) for place in (there, tmp_path / "moved/elsewhere"))
    assert first == second and str(tmp_path) not in first.to_yaml()
    run(tmp_path / "a", first)
    copy = tmp_path / "a" / str(first.handover[0].parameters["trial"])
    copy.write_bytes(copy.read_bytes().replace(b"square", b"sqware"))
    with pytest.raises(UsageError, match=r"notes\.json was changed after the trial began"):
        TrialReader.open(tmp_path / "a")


def test_only_generations_that_have_ended_are_copied(tmp_path: Path) -> None:
    there = other(tmp_path / "other", record("square"), generations=3)
    own = own_events(there, 2, 1)
    reopen(there, 2, {1: own})
    run(tmp_path / "a", condition(handover=[f"foreign(trial={there})"], generations=4))
    assert [event.foreign for event in of_type(tmp_path / "a", "shown")] == [0, 1, 1, 1]


def test_trials_without_them_have_the_same_events(tmp_path: Path) -> None:
    run(tmp_path / "a", condition(handover=["shuffled"]))
    assert "foreign" not in (tmp_path / "a/events.jsonl").read_text() and len(events(tmp_path / "a")) > 20


def test_what_can_not_be_used_is_refused_in_one_line(tmp_path: Path) -> None:
    there = other(tmp_path / "other", record("square"))
    run(tmp_path / "same", condition(agent=scripted([state(SQUARE), record("square")]), notes="ledger"))
    run(tmp_path / "silent", condition(agent=scripted([{"action": "end"}]), task=ANOTHER))
    (tmp_path / "file.json").write_text("{}")

    def refused(match: str, trial: Path | str, **options: Any) -> None:
        with pytest.raises(UsageError, match=match) as told:
            run(tmp_path / "a", condition(handover=[f"foreign(trial={trial})"], **options))
        assert "\n" not in str(told.value) and not (tmp_path / "a").exists()

    refused(
        "the other trial has notes of `ledger`, and this one of `journal`; give --notes ledger", there, notes="journal"
    )
    refused("the other trial has the very theory of this one", tmp_path / "same")
    refused("has no notes yet; give the directory", tmp_path / "silent")
    refused(r"file\.json is no trial's directory; give one", tmp_path / "file.json")
    refused("the trial's notes .*nowhere can't be read: No such file", tmp_path / "nowhere")
    refused("contains no trial", tmp_path)
    chosen = resolve_condition("alien(q=3, layers=1)", schemes=Schemes(handover=(f"foreign(trial={there})",)))
    with pytest.raises(UsageError, match=r"has the task `.*:Toy`, and this one `alien`; give a trial with this task"):
        asyncio.run(run_trial(chosen, tmp_path / "a"))


@pytest.mark.parametrize("memory", ["immortal", "carryover", "summary(across=true)"])
def test_no_messages_hand_on_what_the_notes_do_not(tmp_path: Path, memory: str) -> None:
    there = other(tmp_path / "other", record("square"))
    told = r"`foreign` takes something out of the notes, .* would hand it on in messages"
    with pytest.raises(UsageError, match=told):
        run(tmp_path / "a", condition(handover=[f"foreign(trial={there})"], memory=memory))


def test_tasks_in_files_are_told_apart_by_their_own_names(tmp_path: Path) -> None:
    places = [ROOT / "examples" / "counting.yaml", tmp_path / "copy.yaml"]
    places[1].write_text(places[0].read_text(encoding="utf-8").replace("name: counting", "name: other"), "utf-8")
    named = [f"file(path={place})" for place in places]
    first = resolve_condition(named[0], agent=IMPROVISER, budget=BUDGET, generations=1)
    asyncio.run(run_trial(first, tmp_path / "first"))
    schemes = Schemes(handover=(f"foreign(trial={tmp_path / 'first'})",))
    second = resolve_condition(named[1], agent=IMPROVISER, budget=BUDGET, generations=1, schemes=schemes)
    with pytest.raises(UsageError, match="the other trial has the task `counting`, and this one `other`"):
        asyncio.run(run_trial(second, tmp_path / "second"))


def test_a_study_can_tell_which_trials_come_first() -> None:
    assert needed_trials("relay.handover", "foreign(trial=runs/other)") == (Path("runs/other"),)
    assert needed_trials("relay.handover", "lost(p=0.2)") == needed_trials("relay.handover", "foreign") == ()

"""Charters in whole trials: who is given a rule, where it stands, and how its keeping is measured."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import pytest

from relay.components import available, build
from relay.errors import UsageError
from relay.records.kept import CharterKept, TenureKept
from relay.records.reader import TrialReader
from relay.researcher.observation import Answer, TenureView
from relay.researcher.prompting import WORDS, render
from relay.researcher.turn import TurnContext
from relay.schemes.handover.charter import Kept
from relay.schemes.handover.conduct import Conduct
from tests.trial.characters import HERE as CHARACTERS
from tests.trial.helpers import condition, events, of_type, own_events, record, reopen, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.test_rescore import again
from tests.trial.toy import SQUARE, Toy, ToyJudge

ROOT = Path(__file__).parents[2]
SHIPPED = ("mark_unchecked", "never_strike", "leave_plan")
MINE = """
from relay.schemes.handover.charter import Charter, Kept
class Mine(Charter):
    rule: str = "Be brief."
    def kept(self, conduct):
        {body}
"""


def of_manner(manner: str) -> dict[str, Any]:
    return {"name": f"{CHARACTERS}:Character", "parameters": {"manner": manner}}


def shares(where: Path) -> dict[str, list[str]]:
    """Name of a charter -> for each generation, `kept/chances` of all its tenures."""
    found: dict[str, list[str]] = {}
    for event in of_type(where, "charter_kept"):
        kept, chances = (sum(getattr(each, name) for each in event.tenures) for name in ("kept", "chances"))
        found.setdefault(event.by, []).append(f"{kept}/{chances}")
    return found


def own(tmp_path: Path, body: str) -> str:
    file = tmp_path / "mine.py"
    file.write_text(MINE.format(body=body), encoding="utf-8")
    return f"{file}:Mine"


@pytest.mark.parametrize("notes", available("relay.notes"))
@pytest.mark.parametrize("manner", ["keeper", "forgetter", "heir", "breaker"])
def test_the_measured_shares_are_those_that_were_made(tmp_path: Path, notes: str, manner: str) -> None:
    """With every rule given to the first generation alone."""
    chosen = condition(of_manner(manner), handover=SHIPPED, notes=notes, truth="hidden", generations=4, width=2)
    run(tmp_path / "a", chosen)
    found = shares(tmp_path / "a")
    assert list(found) == list(SHIPPED)
    if notes == "none":
        assert all(each == "0/0" for generations in found.values() for each in generations)
        return
    later = {"keeper": "2/2", "forgetter": "0/2", "heir": "2/2", "breaker": "0/2"}[manner]
    first = "0/2" if manner == "breaker" else "2/2"
    assert found["leave_plan"] == [first, *[later] * 3]
    assert found["mark_unchecked"] == [first, *[later] * 3]
    # nobody has written anything before the first generation, and entries of a journal can't be struck
    assert found["never_strike"] == ["0/0", *["0/0" if notes == "journal" else later] * 3]
    given = [[each.given for each in event.tenures] for event in of_type(tmp_path / "a", "charter_kept")]
    assert given == [[True, True]] * 3 + [[False, False]] * 9


@pytest.mark.parametrize(
    ("when", "generations"), [("first", [1]), ("every", [1, 2, 3, 4, 5]), (2, [1, 3, 5]), (3, [1, 4])]
)
def test_the_rule_stands_in_the_prompts_of_the_generations_that_it_is_given_to(
    tmp_path: Path, when: Any, generations: list[int]
) -> None:
    prompts: list[str] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        prompts.append(render(view)[0].content)
        return Answer(text=json.dumps({"actions": [{"action": "end"}]}))

    step = {"name": "leave_plan", "parameters": {"when": when, "rule": "Sweep the floor."}}
    run(tmp_path / "a", condition(puppet("reader", answer), handover=[step], generations=5))
    told = [at for at, prompt in enumerate(prompts, 1) if prompt.endswith(f"\n\n{WORDS}\n\nSweep the floor.")]
    assert told == generations
    assert [at for at, prompt in enumerate(prompts, 1) if "Sweep" in prompt] == generations
    logged = [event.generation for event in of_type(tmp_path / "a", "shown") if event.words == ("Sweep the floor.",)]
    assert logged == generations


@pytest.mark.parametrize("memory", ["immortal", "carryover(turns=9)", "summary(across=true)", "window(across=true)"])
def test_no_memory_scheme_hands_a_rule_on(tmp_path: Path, memory: str) -> None:
    seen: list[str] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        seen.append("\n".join(message.content for message in render(view)))
        return Answer(text=json.dumps({"actions": [state(SQUARE), record("square"), {"action": "end"}]}))

    run(tmp_path / "a", condition(puppet("mute", answer), handover=["leave_plan(rule=Sweep)"], memory=memory))
    assert ["Sweep" in each for each in seen] == [True, False, False]


def test_a_rule_takes_room_from_the_notes_and_the_log_counts_it(tmp_path: Path) -> None:
    rule = "Be brief. " * 190
    agent = scripted([write(f"{number} " * 400) for number in range(6)])
    step = {"name": "leave_plan", "parameters": {"when": 2, "rule": rule}}
    for where, steps in (("bare", []), ("told", [step])):
        run(tmp_path / where, condition(agent, handover=steps, notes="journal"))
    bare, told = (of_type(tmp_path / where, "shown") for where in ("bare", "told"))
    assert told[0].tokens > 100 and bare[0].tokens == 0
    assert told[1].model_copy(update={"seq": bare[1].seq}) == bare[1]  # the second generation is not given it
    assert len(told[2].notes) < len(bare[2].notes)
    assert told[2].tokens <= bare[2].tokens + 210  # less than a note more


def test_words_without_room_are_refused_before_the_trial_begins(tmp_path: Path) -> None:
    step = {"name": "leave_plan", "parameters": {"rule": "Sweep the floor. " * 110}}
    chosen = condition(handover=[step], budget={"turns": 3, "context": 1_900})
    with pytest.raises(UsageError, match=r"`leave_plan`\) hands on words of \d+ tokens, and there is room for \d+"):
        run(tmp_path / "a", chosen)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("step", "match"),
    [
        ("leave_plan(rule='  ')", "its rule is empty"),
        (f"leave_plan(rule='{'a' * 2_001}')", "has 2001 characters, and may have 2000"),
        ("leave_plan(when=1)", "can't have when"),
        ("leave_plan(when=last)", "can't have when"),
    ],
)
def test_mistakes_are_named(step: str, match: str) -> None:
    with pytest.raises(UsageError, match=match):
        build("relay.handover", step)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return 1 / 0", "ZeroDivisionError: division by zero"),
        ("return True", "it returned a bool, and no `Kept`"),
        ("async def later(): ...\n        return later()", "it returned a coroutine, and no `Kept`"),
        ("return Kept(chances=1, kept=2)", "kept=2 is more than chances=1"),
    ],
)
def test_a_predicate_that_fails_is_named_before_the_trial_begins(tmp_path: Path, body: str, told: str) -> None:
    with pytest.raises(UsageError, match=r"the charter `files/mine.py:Mine` failed") as failed:
        run(tmp_path / "a", condition(handover=[own(tmp_path, body)]))
    assert told in str(failed.value) and "\n" not in str(failed.value)
    assert not (tmp_path / "a").exists()


def test_a_predicate_that_fails_later_costs_the_trial_nothing(tmp_path: Path) -> None:
    body = "return Kept(chances=1, kept=1) if len(conduct.left) != 1 else [][len(conduct.left)]"
    agent = scripted([write("a note")])
    run(tmp_path / "a", condition(agent, handover=[own(tmp_path, body)], notes="journal", width=2))
    assert [event.type for event in events(tmp_path / "a")][-1] == "trial_ended"
    told = of_type(tmp_path / "a", "charter_kept")[1].tenures
    assert told[0] == TenureKept(tenure=1, given=False, chances=0, kept=0, failed="IndexError: list index out of range")
    TrialReader.open(tmp_path / "a").read()


@pytest.mark.parametrize("notes", ["ledger", "wiki"])
def test_trials_with_charters_resume_and_are_judged_again(tmp_path: Path, notes: str) -> None:
    chosen = condition(handover=[*SHIPPED, "shuffled"], notes=notes, width=2, truth="hidden", generations=4)
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    for generation in (2, 4):
        half = own_events(tmp_path / "a", generation, 1)
        reopen(tmp_path / "a", generation, {1: half[: len(half) // 2], 2: own_events(tmp_path / "a", generation, 2)})
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert (tmp_path / "b/events.jsonl").read_bytes() == wanted


def test_judging_again_asks_installed_charters_anew_and_leaves_others_as_they_were(tmp_path: Path) -> None:
    steps = ["never_strike", own(tmp_path, 'import os; return Kept(chances=1, kept=len(os.environ.get("KEPT", "")))')]
    run(tmp_path / "a", condition(of_manner("breaker"), handover=steps))
    where, other = tmp_path / "a", Kept(chances=1, kept=1)
    wanted = of_type(where, "charter_kept")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("relay.schemes.handover.never_strike.NeverStrike.kept", lambda self, conduct: other)
        patched.setenv("KEPT", "1")
        again(where, tmp_path / "b", ToyJudge(Toy().build(0)))
        again(where, tmp_path / "c", ToyJudge(Toy().build(0)), trust=True)
    assert [each.tenures[0].kept for each in of_type(tmp_path / "c", "charter_kept")] == [1] * 6
    found = of_type(tmp_path / "b", "charter_kept")
    assert found[1::2] == wanted[1::2]
    assert [each.tenures[0].kept for each in found[::2]] == [1, 1, 1] != [each.tenures[0].kept for each in wanted[::2]]


def test_the_example_is_measured(tmp_path: Path) -> None:
    file = ROOT / "examples/charter.py"
    assert len(file.read_text(encoding="utf-8").splitlines()) < 40
    cite = [write("builds on [1.1.1]"), write("builds on nothing")]
    run(tmp_path / "a", condition(scripted(cite), handover=[f"{file}:CiteNotes"], notes="journal"))
    assert shares(tmp_path / "a") == {"files/charter.py:CiteNotes": ["0/0", "1/2", "1/2"]}
    kept = runpy.run_path(str(file))["CiteNotes"]().kept(Conduct())
    assert kept == Kept()


def test_a_tenure_that_has_done_nothing_gives_no_chances() -> None:
    for name in SHIPPED:
        assert build("relay.handover", name).kept(Conduct()) == Kept()
        assert CharterKept(by=name, place=1, tenures=()).generation == 0


def test_a_predicate_changes_nothing_whatever_it_does_with_what_it_gets(tmp_path: Path) -> None:
    """Neither the notes that a successor reads, nor the events that are logged, nor what the next charter sees."""
    body = """
        for note in conduct.notes.values():
            note.rests_on.clear()
            note.data["title"] = "changed"
        for deed in conduct.deeds:
            deed.action["remark"] = "changed"
        return Kept(chances=len(conduct.notes), kept=0)"""
    agent = scripted([state(SQUARE), record("square")], [{"action": "end"}])
    plain = condition(agent=agent, generations=3, handover=["never_strike(when=every)"])
    run(tmp_path / "plain", plain)
    mine = own(tmp_path, body.strip())
    run(tmp_path / "a", condition(agent=agent, generations=3, handover=[mine, "never_strike(when=every)"]))
    for kind in ("note_changed", "acted", "credited"):
        assert [event.model_dump(exclude={"seq"}) for event in of_type(tmp_path / "a", kind)] == [
            event.model_dump(exclude={"seq"}) for event in of_type(tmp_path / "plain", kind)
        ]
    assert shares(tmp_path / "a")["never_strike"] == shares(tmp_path / "plain")["never_strike"]
    assert shares(tmp_path / "a")[next(iter(shares(tmp_path / "a")))][-1] != "0/0"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("return Kept(chances=10**5000 if conduct.events else 0)", "chances"),
        ("return Kept.model_construct(chances='x', kept=-3) if conduct.events else Kept()", "chances"),
        ("if conduct.events: raise ValueError(chr(27) + '[31m ' + chr(0xD800))\n        return Kept()", "ValueError: "),
        ("if conduct.events: raise SystemExit(7)\n        return Kept()", "SystemExit: 7"),
    ],
)
def test_whatever_a_predicate_answers_the_trial_can_be_read(tmp_path: Path, body: str, told: str) -> None:
    run(tmp_path / "a", condition(agent=scripted([{"action": "end"}]), handover=[own(tmp_path, body)]))
    TrialReader.open(tmp_path / "a").read()
    for event in of_type(tmp_path / "a", "charter_kept"):
        assert all(told in each.failed and each.failed.isprintable() for each in event.tenures)


def test_two_charters_of_the_same_words_are_told_apart(tmp_path: Path) -> None:
    steps = ["never_strike(when=first)", "never_strike(when=every)"]
    run(tmp_path / "a", condition(agent=scripted([{"action": "end"}]), handover=steps))
    given = [(event.place, event.tenures[0].given) for event in of_type(tmp_path / "a", "charter_kept")]
    assert given == [(1, True), (2, True), (1, False), (2, True), (1, False), (2, True)]

"""Interventions: what a trial's control writes into the notes, and what follows from it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from relay.components import available, find
from relay.errors import UsageError
from relay.notation.syntax import Definition, Statement
from relay.records.condition import Condition
from relay.records.events import NoteChanged, NoteRef
from relay.records.intervened import Intervened
from relay.records.notes import apply_change
from relay.records.reader import TrialReader
from relay.researcher.actions import note_action, written
from relay.scoring.examiner import Examination
from relay.trial.interventions.symbol_errors import one_symbol_errors
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tests.trial.helpers import (
    condition,
    events,
    of_type,
    own_events,
    record,
    reopen,
    rewind,
    run,
    scripted,
    state,
    write,
)
from tests.trial.test_foreign import handed
from tests.trial.test_rescore import again
from tests.trial.toy import FOURTH, LAW, SQUARE, Toy, ToyJudge

ALL = ("junk(k=6)", "planted(at=1, k=2)", "planted(at=2, what=lemma)", "oracle", "oracle(depth=2)")
WRITING = [
    name
    for name in available("relay.notes")
    if written([note_action(kind) for kind in find("relay.notes", name).model_construct().actions], "", "")  # type: ignore[attr-defined]
]


def alien(*interventions: str, **options: Any) -> Condition:
    options = {"generations": 3, "seed": 2, **options}
    schemes = Schemes(
        notes=options.pop("notes", "ledger"), truth=options.pop("truth", "shown"), interventions=interventions
    )
    return resolve_condition("alien(q=4, layers=3, width=2)", schemes=schemes, **options)


def real(where: Path, chosen: Condition) -> None:
    asyncio.run(run_trial(chosen, where))
    TrialReader.open(where).read()


@pytest.mark.parametrize("notes", WRITING)
def test_junk_is_true_and_useless_or_false_and_plausible(tmp_path: Path, notes: str) -> None:
    real(tmp_path / "a", alien("junk(k=7)", notes=notes))
    for generation in (1, 2, 3):
        stated = [event for event in of_type(tmp_path / "a", "intervened") if event.generation == generation]
        assert [event.role for event in stated] == ["useless"] * 4 + ["false"] * 3
        assert {event.status for event in stated if event.role == "useless"} == {"defined"}
        assert {event.status for event in stated if event.role == "false"} == {"refuted"}
        assert not any(event.concepts for event in stated)
        assert {(event.by, event.place, event.tenure) for event in stated} == {("junk", 1, 0)}
    keys = [event.key for event in of_type(tmp_path / "a", "intervened")]
    assert len(set(keys)) == len(keys) == 21
    changed = [event for event in of_type(tmp_path / "a", "note_changed") if event.author == "control"]
    assert [event.id for event in changed] == [event.note for event in of_type(tmp_path / "a", "intervened")]
    assert all(event.applied and event.statements for event in changed)
    # a claim's note says nothing of it, and a note that several are added to says what it said before
    assert {event.sure for event in changed if len(event.statements) == 1} <= {"defined", ""}
    assert {event.sure for event in changed} <= {"defined", ""}
    kept: dict[str, set[str]] = {}
    for event in of_type(tmp_path / "a", "note_changed"):
        if event.applied and event.author == "control":
            assert kept.get(event.id, set()) <= set(event.statements)
            kept[event.id] = set(event.statements)


def test_what_is_of_use_is_no_junk(tmp_path: Path) -> None:
    class Half(ToyJudge):
        """Every other definition is a concept."""

        async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
            found = await super().examine(statement, definitions)
            return found.model_copy(update={"concepts": ("pair",) if of_use(statement.key) else ()})

    def of_use(key: str) -> bool:
        return int(key[0], 16) % 2 == 1

    chosen = condition(interventions=["junk(k=12)"], generations=1)
    asyncio.run(run_trial(chosen, tmp_path / "a", judge=Half(Toy().build(0))))
    keys = [event.key for event in of_type(tmp_path / "a", "intervened") if event.kind == "define"]
    assert len(keys) == 6 and not any(map(of_use, keys))


def test_interventions_cost_nothing_and_earn_nothing(tmp_path: Path) -> None:
    """The first generation is what it is without them, up to its end."""
    blocks = []
    for name, interventions in {"bare": (), "all": ALL}.items():
        real(tmp_path / name, alien(*interventions, generations=1))
        found = [event for event in events(tmp_path / name) if event.generation == 1]
        blocks.append([event for event in found if event.tenure])
        ends = of_type(tmp_path / name, "generation_ended")
        blocks.append([(end.established, end.spent, end.laws, end.explained) for end in ends])
    assert blocks[:2] == blocks[2:]


def test_an_error_is_one_symbol_of_what_a_researcher_wrote(tmp_path: Path) -> None:
    real(tmp_path / "a", alien("planted(k=3)", generations=2, notes="journal"))
    planted = of_type(tmp_path / "a", "intervened")
    assert [event.role for event in planted] == ["error"] * 3 and len({event.original for event in planted}) == 3
    # the first who stated it: a key does not hold the definition's own name
    sources = {event.key: event.source for event in reversed(of_type(tmp_path / "a", "judged"))}
    for event in planted:
        was, now = (re.findall(r"\w+|\S", text) for text in (sources[event.original], event.source))
        assert len(was) == len(now) and sum(one != other for one, other in zip(was, now, strict=True)) == 1
        assert event.status == ("refuted" if event.kind == "claim" else "defined") and event.key != event.original
    changed = [event for event in of_type(tmp_path / "a", "note_changed") if event.applied]
    for event in planted:
        at = next(
            number
            for number, each in enumerate(changed)
            if (each.id, each.author) == (event.note, "control") and event.key in each.statements
        )
        note = changed[at]
        before = next(each for each in reversed(changed[:at]) if each.id == event.note)
        assert (note.version, note.author) == (before.version + 1, "control")
        assert note.parents == (NoteRef(id=before.id, version=before.version),)
        assert event.source in note.text and event.source not in before.text
        assert len(note.text.split()) == len(before.text.split())
        assert (note.sure, note.explains, note.data) == (before.sure, before.explains, before.data)
        assert event.original in before.statements and event.original not in note.statements
        names = [event.name] if event.kind == "define" else []
        assert all(note.rests_on[name] == event.key for name in names)


def test_a_note_with_an_error_may_be_silent(tmp_path: Path) -> None:
    for told, sure in (("true", "defined"), ("false", "")):
        real(tmp_path / told, alien(f"planted(told={told})", generations=1))
        (note,) = (event for event in of_type(tmp_path / told, "note_changed") if event.author == "control")
        assert (note.sure, bool(note.explains)) == (sure, told == "true")


def test_no_statement_calls_one_that_gets_an_error(tmp_path: Path) -> None:
    """It would call a definition that is gone, and show the error at once."""
    real(tmp_path / "a", alien("planted(at=3, k=64)", generations=3))
    notes: dict[str, NoteChanged] = {}
    errors = called = 0
    for event in events(tmp_path / "a"):
        if isinstance(event, Intervened):
            errors += 1
            assert not any(event.original in note.rests_on.values() for id, note in notes.items() if id != event.note)
            called += any(len(note.rests_on) > 1 for note in notes.values())
        elif isinstance(event, NoteChanged) and event.applied:
            apply_change(notes, event, event)
    assert errors > 1 and called


@pytest.mark.parametrize("notes", WRITING)
def test_no_page_says_what_the_control_wrote(tmp_path: Path, notes: str) -> None:
    real(tmp_path / "a", alien("junk(k=4)", "planted", notes=notes))
    pages = [each.model_dump_json() for each in handed(tmp_path / "a")]
    assert all(pages[1:]) and not any("control" in page for page in pages)
    assert any(event.author == "control" for event in of_type(tmp_path / "a", "note_changed"))
    said = [event.model_dump_json() for event in events(tmp_path / "a") if event.type == "acted"]
    assert said and not any("control" in each for each in said)


def test_an_error_waits_for_a_statement(tmp_path: Path) -> None:
    lines = [state(SQUARE), state(FOURTH), state(LAW), record("square, fourth"), record(LAW)]
    agent = scripted([state(SQUARE)], lines, [{"action": "end"}])
    chosen = condition(agent=agent, interventions=["planted(at=1)"], generations=3, notes="ledger")
    run(tmp_path / "a", chosen)
    (planted,) = of_type(tmp_path / "a", "intervened")
    # `square` carries the others, and the toy's judge tells no two definitions apart
    assert planted.kind == "claim" and planted.source.count("!=") == 1 and planted.status == "refuted"
    none = condition(agent=scripted([state(SQUARE)]), interventions=["planted(at=1)"], generations=2)
    run(tmp_path / "b", none)
    assert of_type(tmp_path / "b", "intervened") == []


def test_a_lemma_is_false_and_says_nothing_of_itself(tmp_path: Path) -> None:
    real(tmp_path / "a", alien("planted(at=2, what=lemma, k=2)", generations=4))
    stated = of_type(tmp_path / "a", "intervened")
    assert [(event.generation, event.status, event.role) for event in stated] == [(2, "refuted", "false")] * 2
    notes = [event for event in of_type(tmp_path / "a", "note_changed") if event.author == "control"]
    assert [event.sure for event in notes] == ["", ""]


@pytest.mark.parametrize("notes", WRITING)
def test_an_oracle_teaches_what_it_says(tmp_path: Path, notes: str) -> None:
    real(tmp_path / "a", alien("oracle(depth=2)", notes=notes, generations=2))
    (first, second) = of_type(tmp_path / "a", "generation_ended")
    depth = TrialReader.open(tmp_path / "a").task
    shallow = {concept.id for concept in depth.concepts if load_depth(depth, concept.id) <= 2}
    assert shallow <= set(first.retained) and not shallow <= set(first.established)
    given = {concept for event in of_type(tmp_path / "a", "intervened") for concept in event.concepts}
    assert given and given <= shallow
    # who builds on the textbook does not leap
    assert not any(event.leap for event in of_type(tmp_path / "a", "credited"))
    assert {event.tenure for event in of_type(tmp_path / "a", "credited")} == {1}
    assert len(second.established) >= len(first.established)


def load_depth(task: Any, concept: str) -> int:
    needs = next(each.prerequisites for each in task.concepts if each.id == concept)
    return 1 + max((load_depth(task, each) for each in needs), default=0)


def test_an_oracle_of_what_was_established_gives_it_back(tmp_path: Path) -> None:
    """Nobody writes anything down, and nothing is lost."""
    agent = scripted([state(SQUARE), state(FOURTH)], [{"action": "end"}])
    run(tmp_path / "a", condition(agent=agent, interventions=["oracle"], generations=3))
    ends = of_type(tmp_path / "a", "generation_ended")
    assert [end.retained for end in ends] == [("fourth", "square")] * 3 == [end.established for end in ends]
    stated = of_type(tmp_path / "a", "intervened")
    assert [event.name for event in stated] == ["square", "fourth"]
    assert [event.role for event in stated] == ["textbook"] * 2


def test_an_oracle_repeats_nothing_that_can_be_called(tmp_path: Path) -> None:
    agent = scripted([state(SQUARE), state(FOURTH), write(f"```relay\n{SQUARE}\n```")], [{"action": "end"}])
    run(tmp_path / "a", condition(agent=agent, interventions=["oracle"], generations=3, notes="journal"))
    assert [event.name for event in of_type(tmp_path / "a", "intervened")] == ["fourth"]


@pytest.mark.parametrize("intervention", [("junk(k=6)", "planted(k=2)"), ("oracle", "planted"), ("oracle(depth=2)",)])
def test_trials_resume_and_are_judged_again(tmp_path: Path, intervention: tuple[str, ...]) -> None:
    chosen = condition(interventions=intervention, width=2, generations=3, notes="ledger(cap=200)")
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    assert b'"intervened"' in wanted
    for size in range(len(wanted) // 2, len(wanted), len(wanted) // 12):
        rewind(tmp_path / "a", size)
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    own = own_events(tmp_path / "a", 2, 1)
    reopen(tmp_path / "a", 2, {1: own[: len(own) // 2]})
    run(tmp_path / "a", chosen)
    assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    report = again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert report.same and (tmp_path / "b/events.jsonl").read_bytes() == wanted


def test_a_real_trial_is_judged_again(tmp_path: Path) -> None:
    real(tmp_path / "a", alien(*ALL))
    assert {event.role for event in of_type(tmp_path / "a", "intervened")} == {"useless", "false", "error", "textbook"}
    report = again(tmp_path / "a", tmp_path / "b")
    assert report.same
    assert (tmp_path / "b/events.jsonl").read_bytes() == (tmp_path / "a/events.jsonl").read_bytes()


def test_what_a_control_stated_is_decided_again(tmp_path: Path) -> None:
    class Other(ToyJudge):
        """Another checker, to which nothing is a concept."""

        def __init__(self) -> None:
            super().__init__(Toy().build(0))
            self.concepts = {}

    run(tmp_path / "a", condition(interventions=["oracle(depth=1)"], generations=1, agent=scripted([state(LAW)])))
    again(tmp_path / "a", tmp_path / "b", Other())
    for name, retained in (("a", ("square",)), ("b", ())):
        assert of_type(tmp_path / name, "generation_ended")[-1].retained == retained
        assert [event.concepts for event in of_type(tmp_path / name, "intervened")] == [retained]


def test_under_hidden_truth_the_control_tells_nothing(tmp_path: Path) -> None:
    real(tmp_path / "a", alien("junk(k=4)", "oracle(depth=1)", truth="hidden", generations=2))
    notes = [event for event in of_type(tmp_path / "a", "note_changed") if event.author == "control"]
    assert notes and {(event.sure, event.explains) for event in notes} <= {("defined", ()), ("", ())}


def test_without_notes_there_is_nothing_to_write_into(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"`none` has no action that writes a statement, so `junk` can write nothing"):
        run(tmp_path / "a", condition(interventions=["junk"], notes="none"))
    assert not (tmp_path / "a").exists()


def test_in_linear_algebra_too(tmp_path: Path) -> None:
    schemes = Schemes(interventions=("junk(k=4)", "oracle(depth=1)"))
    real(tmp_path / "a", resolve_condition("linear_algebra", generations=1, schemes=schemes))
    stated = of_type(tmp_path / "a", "intervened")
    assert [event.role for event in stated][:2] == ["useless", "useless"]
    assert {event.role for event in stated} >= {"useless", "textbook"}


@pytest.mark.parametrize(
    ("source", "names", "some"),
    [
        (SQUARE, {"op"}, set()),
        ("define f(x: Element, y: Element) -> Element = op(x, y)", {"op", "g"}, {"op(y, y)", "op(x, x)", "g(x, y)"}),
        (
            "claim law over reals (n: Nat) where n > 2: n * 3 == 2 ** n",
            (),
            {"n + 3 == 2 ** n", "n * 4 == 2 ** n", "n * 3 != 2 ** n"},
        ),
        ("claim (x: Element): any(x == y for y in Element)  # all", (), {"all(x == y for y in Element)  # all"}),
    ],
)  # fmt: skip
def test_errors_of_one_symbol(source: str, names: set[str], some: set[str]) -> None:
    found = list(one_symbol_errors(source, names))
    head = re.match(r".*?(?:-> Element =|\)(?: where n > 2)?:)", source)
    assert head is not None and all(each.startswith(head[0]) and each != source for each in found)
    assert some <= {each[head.end() :].strip() for each in found} and len(set(found)) == len(found)

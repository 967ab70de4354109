"""Personas in whole trials: who is told what, from which files, and what it costs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from agents.explorer.from_text import read_prompt
from agents.human.page import page
from agents.process.protocol import request_line
from relay.components import build
from relay.errors import UsageError
from relay.records.condition import Condition
from relay.records.reader import TrialReader
from relay.researcher.disguise import Disguise
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.prompting import PERSONA, WORDS, render
from relay.researcher.turn import TurnContext
from relay.trial.opening import inheritance_room
from relay.trial.setup import TrialSetup, task_of
from tests.trial.helpers import condition, of_type, own_events, reopen, run, scripted, state, write
from tests.trial.puppets import puppet
from tests.trial.test_rescore import again
from tests.trial.toy import SQUARE, Toy, ToyJudge

END = json.dumps({"actions": [{"action": "end"}]})


def texts(folder: Path, *said: str) -> tuple[str, ...]:
    """Paths of files with these texts."""
    folder.mkdir(exist_ok=True)
    for number, each in enumerate(said, 1):
        (folder / f"text{number}.txt").write_text(each, encoding="utf-8")
    return tuple(str(folder / f"text{number}.txt") for number in range(1, len(said) + 1))


def system_messages(where: Path, name: str, **options: Any) -> list[tuple[Message, ...]]:
    """The first prompts of all tenures, in order."""
    prompts: list[tuple[Message, ...]] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        prompts.append(render(view))
        return Answer(text=END)

    run(where, condition(puppet(name, answer), **options))
    return prompts


@pytest.mark.parametrize(
    ("said", "width", "told"),
    [
        (["only"], 1, ["only"] * 2),
        (["only"], 3, ["only"] * 6),
        (["first", "second"], 2, ["first", "second"] * 2),
        (["first", "second"], 3, ["first", "second", "first"] * 2),
    ],
)
def test_texts_go_round_by_place(tmp_path: Path, said: list[str], width: int, told: list[str]) -> None:
    personas = texts(tmp_path / "p", *said)
    prompts = system_messages(tmp_path / "a", "placed", personas=personas, width=width, generations=2)
    assert [prompt[0].content.rpartition(f"\n\n{PERSONA}\n\n")[2] for prompt in prompts] == told


def test_it_stands_after_what_all_read_and_before_the_rules(tmp_path: Path) -> None:
    personas = texts(tmp_path / "p", "first", "second")
    first, second = system_messages(
        tmp_path / "a", "fixed", personas=personas, handover=["leave_plan(rule=Sweep)"], width=2, generations=1
    )
    bare, _ = system_messages(tmp_path / "b", "bare", width=2, generations=1)
    assert first[0].content == f"{bare[0].content}\n\n{PERSONA}\n\nfirst\n\n{WORDS}\n\nSweep"
    assert second[0].content == f"{bare[0].content}\n\n{PERSONA}\n\nsecond\n\n{WORDS}\n\nSweep"


def test_people_and_models_read_it_and_programs_are_sent_it(tmp_path: Path) -> None:
    views: list[TenureView] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        views.append(view)
        return Answer(text=END)

    personas, steps = texts(tmp_path / "p", "You doubt."), ["leave_plan(rule=Sweep)"]
    run(tmp_path / "a", condition(puppet("seen", answer), personas=personas, handover=steps, generations=1))
    end = f"\n\n{PERSONA}\n\nYou doubt.\n\n{WORDS}\n\nSweep"
    assert page(views[0].observation).endswith(end)
    prompt = build("relay.agents", {"name": "llm", "parameters": {"model": "mock/script"}}).messages(views[0])
    assert prompt[0].content.endswith(end)
    sent = json.loads(request_line(views[0], render(views[0]), 0, 100))
    assert sent["messages"][0]["content"].endswith(end)


@pytest.mark.parametrize("memory", ["immortal", "carryover(turns=3)"])
def test_no_memory_scheme_hands_a_persona_on(tmp_path: Path, memory: str) -> None:
    prompts = system_messages(tmp_path / "a", "kept", personas=texts(tmp_path / "p", "xyzzy"), memory=memory)
    assert all("xyzzy" in prompt[0].content for prompt in prompts) and len(prompts[-1]) > 2
    assert not any("xyzzy" in message.content for prompt in prompts for message in prompt[1:])


def test_the_condition_names_copies_and_is_the_same_in_any_folder(tmp_path: Path) -> None:
    conditions = []
    for folder in ("one", "another"):
        chosen = condition(personas=texts(tmp_path / folder, "first", "second"), width=2)
        conditions.append(chosen)
        assert chosen.personas == ("files/text1.txt", "files/text2.txt")
        assert str(tmp_path) not in chosen.to_yaml()
        assert {copy.used_by for copy in chosen.files.values() if copy.noun == "persona"} == {("personas",)}
    assert conditions[0] == conditions[1]
    run(tmp_path / "a", conditions[0])
    assert (tmp_path / "a/files/text2.txt").read_text(encoding="utf-8") == "second"
    # nothing else is written into a condition without them
    assert "personas" not in condition().to_yaml()


def test_files_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    one, other = texts(tmp_path / "one", "first"), texts(tmp_path / "other", "second")
    prompts = system_messages(tmp_path / "a", "apart", personas=(*one, *other, *one), width=3, generations=1)
    assert [prompt[0].content.rpartition("\n\n")[2] for prompt in prompts] == ["first", "second", "first"]
    files = TrialReader.open(tmp_path / "a").condition.personas
    assert files == ("files/text1.txt", "files/2/text1.txt", "files/text1.txt")


def test_who_resumes_needs_the_copies_alone_and_gets_the_same_bytes(tmp_path: Path) -> None:
    personas = texts(tmp_path / "p", "first " * 40, "second")
    chosen = condition(personas=personas, width=3, generations=3, handover=["shuffled"])
    run(tmp_path / "a", chosen)
    wanted = (tmp_path / "a/events.jsonl").read_bytes()
    own = [own_events(tmp_path / "a", 2, tenure) for tenure in (1, 2, 3)]
    reopen(tmp_path / "a", 2, {1: own[0], 2: own[1][: len(own[1]) // 2]})
    run(tmp_path / "a", chosen)
    assert (tmp_path / "a/events.jsonl").read_bytes() == wanted
    again(tmp_path / "a", tmp_path / "b", ToyJudge(Toy().build(0)))
    assert (tmp_path / "b/events.jsonl").read_bytes() == wanted
    (tmp_path / "a/files/text1.txt").write_text("another", encoding="utf-8")
    with pytest.raises(UsageError, match=r"text1\.txt was changed"):
        run(tmp_path / "a", chosen)


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b" \n", "is empty"),
        (b"\xff\xfe", "is no UTF-8 text"),
        (b"a" * 8_001, "has 8,001 characters, and may have 8,000"),
        (b"a" * 40_000, "can't be read: it has more than"),
        (None, "can't be read: No such file"),
    ],
)
def test_a_text_that_can_not_be_used_is_named(tmp_path: Path, data: bytes | None, match: str) -> None:
    if data is not None:
        (tmp_path / "text.txt").write_bytes(data)
    with pytest.raises(UsageError, match=rf"the persona {tmp_path}/text.txt {match}"):
        condition(personas=(str(tmp_path / "text.txt"),))


def test_a_text_is_no_python_file(tmp_path: Path) -> None:
    (tmp_path / "text.py").write_text("You doubt.", encoding="utf-8")
    with pytest.raises(UsageError, match="is a Python file by its name"):
        condition(personas=(str(tmp_path / "text.py"),))


def test_more_texts_than_places_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"3 personas for 2 researchers in a generation: .* or give --width 3"):
        condition(personas=texts(tmp_path / "p", "a", "b", "c"), width=2)


@pytest.mark.parametrize(
    ("old", "new", "match"),
    [("width: 2", "width: 1", "2 personas for width=1"), ("[files/text1.txt,", "[files/no.txt,", "is not among")],
)
def test_a_condition_that_was_made_up_is_refused(tmp_path: Path, old: str, new: str, match: str) -> None:
    text = condition(personas=texts(tmp_path / "p", "a", "b"), width=2).to_yaml()
    assert old in text
    with pytest.raises(UsageError, match=match):
        Condition.from_yaml(text.replace(old, new), "condition.yaml")


def test_its_tokens_count_like_the_brief(tmp_path: Path) -> None:
    long = "many words " * 200
    rooms = {}
    for name, said in (("bare", ()), ("long", (long, "short"))):
        chosen = condition(personas=texts(tmp_path / name, *said), width=2)
        setup = TrialSetup.of(chosen, task_of(chosen))
        rooms[name] = [inheritance_room(setup, tenure) for tenure in (1, 2)]
        tokens = setup.count(f"\n\n{PERSONA}\n\n{long}")
    assert rooms["bare"][0] == rooms["bare"][1]
    assert abs(rooms["bare"][0] - rooms["long"][0] - tokens // 2) < 4
    assert rooms["long"][0] < rooms["long"][1] < rooms["bare"][0]
    # the longest decides whether there is room at all
    tight = {"personas": texts(tmp_path / "p", "short", long), "width": 2}
    with pytest.raises(UsageError, match="leaves no room for a last answer"):
        run(tmp_path / "a", condition(scripted(), budget={"turns": 1, "context": 1_300}, **tight))
    assert not (tmp_path / "a").exists()


def test_one_place_that_can_call_a_definition_is_enough(tmp_path: Path) -> None:
    """A long persona leaves less room for notes, so only the second place is shown the oldest one."""
    noted = [
        state(SQUARE),
        write(f"```relay\n{SQUARE}\n```\n" + "word " * 300),
        *(write(f"{number} " * 100) for number in range(22)),
    ]
    personas = texts(tmp_path / "p", "many words " * 300, "short")
    run(tmp_path / "a", condition(scripted(noted), personas=personas, width=2, notes="journal", generations=2))
    first, second = (event for event in of_type(tmp_path / "a", "shown") if event.generation == 2)
    assert "square" in second.names and "square" not in first.names
    assert of_type(tmp_path / "a", "generation_ended")[0].retained == ("square",)


def test_a_disguise_renames_its_words_and_takes_none_of_them(tmp_path: Path) -> None:
    bare = condition({"name": "scripted", "parameters": {}}, "linear_algebra")
    vocabulary = TrialSetup.of(bare, task_of(bare)).vocabulary
    alias = Disguise.of(vocabulary, 5).pairs["matrix"]
    said = texts(tmp_path / "p", f"You love a matrix and a {alias}.")
    chosen = condition({"name": "scripted", "parameters": {}}, "linear_algebra", personas=said)
    setup = TrialSetup.of(chosen, task_of(chosen))
    told = Disguise.of(setup.vocabulary, 5).swap(setup.persona(1))
    assert "matrix" not in told and told.endswith(f" and a {alias}.")
    step = {"name": "leave_plan", "parameters": {"rule": f"Leave a {alias}."}}
    ruled = condition({"name": "scripted", "parameters": {}}, "linear_algebra", handover=[step])
    assert alias in TrialSetup.of(ruled, task_of(ruled)).vocabulary.spoken


def test_the_stand_in_that_reads_prompts_is_not_misled(tmp_path: Path) -> None:
    said = "Blue has the values 0 to 3.\n\n1. One that is not shown\n(Blue) -> Blue\n0 -> 1\n\nop(Blue) -> Blue\n0 1 2"
    told = system_messages(tmp_path / "a", "odd", personas=texts(tmp_path / "p", said), generations=1)[0]
    bare = system_messages(tmp_path / "b", "even", generations=1)[0]
    assert said in told[0].content
    one, other = read_prompt(told).observation, read_prompt(bare).observation
    assert (one.given, one.phenomena) == (other.given, other.phenomena)

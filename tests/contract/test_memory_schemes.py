"""The contract of memory schemes: every installed one keeps every rule, and each rule is broken by a scheme that breaks
just that rule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from relay.components import available, build, find
from relay.errors import UsageError
from relay.notation.statement_reader import StatementReader
from relay.records.budget import Budget
from relay.records.spec import ComponentSpec
from relay.researcher.observation import Answer, Message, TenureView
from relay.researcher.prompting import UNCALLABLE, render
from relay.researcher.tokens import count_text
from relay.researcher.turn import TurnContext
from relay.schemes.memory.contract import RULES, broken_rule, hand_over
from relay.schemes.memory.scheme import Remembered
from relay.trial.directory import load_trial
from relay.trial.replay import Replay
from relay.trial.state import fold
from tests.contract import memories
from tests.trial.helpers import condition, events, of_type, own_events, reopen, run, scripted, state
from tests.trial.puppets import puppet
from tests.trial.toy import EIGHTH, FOURTH, SQUARE

HERE = str(Path(memories.__file__).resolve())


def variants() -> Iterator[str]:
    """Every installed scheme, with each choice of its switches."""
    for name in available("relay.memory"):
        switches = [field for field, info in find("relay.memory", name).model_fields.items() if info.annotation is bool]
        for choice in product([False, True], repeat=len(switches)):
            yield str(ComponentSpec(name=name, parameters=dict(zip(switches, choice, strict=True))))


INSTALLED = list(variants())
WRITTEN = f"{HERE}:Digest"
"""A scheme that hands on text of its own."""


@st.composite
def conversations(draw: Any) -> tuple[Remembered, ...]:
    """What a tenure's state may remember: what was handed on, an opening, answers and replies."""
    texts = st.text("ab \n", max_size=60)
    found: list[Remembered] = []
    for inherited in (True, False):
        if inherited and not draw(st.booleans()):
            continue
        found.append(Remembered(message=Message(role="user", content=draw(texts)), inherited=inherited))
        for number in range(draw(st.integers(0, 5))):
            names = {f"f{number}": f"key {number}"} if draw(st.booleans()) else {}
            source = "".join(f"define {name}(x: Element) -> Element = x" for name in names)
            answer = Message(role="assistant", content=draw(texts) + source)
            summary = draw(st.booleans())
            found.append(Remembered(message=answer, names=names, inherited=inherited, summary=summary))
            if draw(st.integers(0, 4)):  # nothing may have been replied
                found.append(Remembered(message=Message(role="user", content=draw(texts)), inherited=inherited))
    return tuple(found)


@pytest.mark.parametrize("spelt", [*INSTALLED, WRITTEN])
@settings(max_examples=150, deadline=None)
@given(conversations(), st.integers(0, 300))
def test_every_rule_is_kept(spelt: str, remembered: tuple[Remembered, ...], room: int) -> None:
    scheme = build("relay.memory", spelt)
    assert broken_rule(hand_over(scheme, remembered, room, count_text)) == ""


REMEMBERED = (
    memories.said("There are no notes for you."),
    memories.said("define f(x: Element) -> Element = op(x, x)", "assistant", f="key"),
    memories.said("It is defined. " * 10),
    memories.said("And now?", "assistant"),
    memories.said("Nothing was done."),
)


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("Lists", "messages_only"),
        ("Bare", "messages_only"),
        ("Silent", "nothing_undeclared"),
        ("Greedy", "room_kept"),
        ("StartsAnywhere", "begins_with_user"),
        ("Invents", "logged"),
        ("Leafs", "logged"),
        ("Smuggles", "names_stand_in_text"),
        ("Unheard", "names_stand_in_text"),
        ("Fickle", "repeatable"),
    ],
)
def test_each_rule_is_broken_by_a_scheme_that_breaks_just_it(name: str, rule: str) -> None:
    broken = getattr(memories, name)()
    room = 60 if name == "Greedy" else 300
    done = hand_over(broken, REMEMBERED, room, count_text)
    found = []
    for each in RULES:
        if told := each(done):
            found.append(each.__name__)
            assert "\n" not in told and told == broken_rule(done)
            if each.__name__ == "messages_only":
                break  # the others rely on it
    assert found == [rule]


@pytest.mark.parametrize("name", ["Lists", "Raises", "Greedy", "StartsAnywhere", "Invents", "Smuggles"])
def test_the_engine_refuses_what_breaks_the_contract_and_names_the_scheme(tmp_path: Path, name: str) -> None:
    agent = scripted([state(SQUARE)], "thinking " * 400, "thinking " * 400)
    with pytest.raises(UsageError, match=rf"^the memory scheme `(files/memories\.py:)?{name}` [^\n]*$"):
        run(tmp_path / "a", condition(agent=agent, notes="none", memory=f"{HERE}:{name}", generations=3))


def test_a_message_that_was_never_logged_is_refused_from_a_step_too(tmp_path: Path) -> None:
    chosen = {"agent": scripted([state(SQUARE)]), "memory": "immortal", "generations": 2}
    with pytest.raises(UsageError, match=r"the hand-over step `files/memories\.py:Replaces` handed on messages"):
        run(tmp_path / "a", condition(handover=[f"{HERE}:Replaces"], **chosen))
    run(tmp_path / "b", condition(handover=[f"{HERE}:Rewrites"], **chosen))
    written = of_type(tmp_path / "b", "handed_on")
    assert [[each.content for each in event.messages] for event in written] == [["a rumour"], ["a rumour"]]


BUDGET = Budget(turns=4, tokens=40_000, context=6_000, evaluations=60)
FULL = Budget(turns=7, tokens=60_000, context=3_600, evaluations=60)
"""A context that is full before the turns are over."""


@pytest.mark.parametrize("notes", ["ledger", "none"])
@pytest.mark.parametrize("memory", [*INSTALLED, WRITTEN])
def test_a_trial_goes_on_byte_for_byte_and_its_log_tells_everything(tmp_path: Path, memory: str, notes: str) -> None:
    seen: list[tuple[Message, ...]] = []

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        seen.append(render(view))
        drawn = int(turn.rng.integers(4))
        source = [SQUARE, FOURTH, EIGHTH, f"define own{drawn}(x: Element) -> Element = op(x, op(x, x))"][drawn]
        actions = [state(source), {"action": "evaluate", "term": "op(1, 2)"}]
        return Answer(text=json.dumps({"thinking": "".ljust(500, "-"), "actions": actions}))

    chosen = condition(agent=puppet("drawn", answer), memory=memory, notes=notes, width=2, budget=FULL)
    final, where = run(tmp_path / "a", chosen), tmp_path / "a"
    whole = (where / "events.jsonl").read_bytes()
    # the log alone gives the prompts that were sent
    past = Replay.of(where).with_components(trust=True)
    views = [turn.view for tenure in past.tenures() for turn in tenure.turns]
    assert all(tenure.exact for tenure in past.tenures())
    assert sorted(map(str, map(render, filter(None, views)))) == sorted(map(str, seen))
    # and the state
    loaded = load_trial(where, trust=True)
    kept = build("relay.memory", chosen.memory).transcripts if memory != WRITTEN else True
    folded = fold(events(where), StatementReader(loaded.task.given), transcripts=kept)
    assert folded.snapshot() == final.snapshot()
    # wherever it is killed in its second generation
    own = own_events(where, 2, 1)
    answers = [place for place, event in enumerate(own) if event.type == "answered"]
    for cut in (1, 2, answers[0] + 1, answers[1], answers[-1] + 2, len(own)):
        reopen(where, 2, {1: own[:cut]})
        run(where, chosen)
        assert (where / "events.jsonl").read_bytes() == whole


@pytest.mark.parametrize("memory", [*INSTALLED, "carryover(turns=2)", "carryover(turns=3)", WRITTEN])
def test_definitions_that_are_handed_on_can_be_called_or_the_successor_is_told(tmp_path: Path, memory: str) -> None:
    """The first definition is in a turn that may be left out; the others rest on it."""
    seen: list[TenureView] = []
    lines = [[state(SQUARE)], [state(FOURTH)], [state(EIGHTH)], []]

    def answer(view: TenureView, turn: TurnContext) -> str:
        if view.observation.inheritance.messages and not view.turns:
            seen.append(view)
            terms = [f"all({name}(x) == x for x in Element)" for name in MADE]
            return json.dumps({"actions": [{"action": "evaluate", "term": term} for term in terms]})
        return json.dumps({"actions": lines[min(view.spent.turns, 3)]})

    run(
        tmp_path / "a",
        condition(agent=puppet("hands on", answer), notes="none", memory=memory, generations=2, budget=BUDGET),
    )
    if not seen:
        return
    called = [event.ok for event in of_type(tmp_path / "a", "acted") if event.generation == 2]
    told = dict(zip(MADE, called, strict=False))
    inheritance = seen[0].observation.inheritance
    text = "\n".join(message.content for message in inheritance.messages)
    opening = render(seen[0])[1 + len(inheritance.messages)].content
    for name in MADE:
        if f"define {name}(" in text:
            assert told[name] != (name in inheritance.uncallable), name
            assert (f"`{name}`" in opening) == (name in inheritance.uncallable)
        else:
            assert not told[name]
    assert (UNCALLABLE in opening) == bool(inheritance.uncallable)
    if memory == "carryover(turns=2)":
        assert inheritance.uncallable == {"eighth": ("fourth", "square")}
        assert f"{UNCALLABLE} for want of `fourth`, `square`: `eighth`.\n" in opening


MADE = ("square", "fourth", "eighth")

"""The explorer works with any note scheme that marks its actions: it writes, and its successor builds and strikes."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import pytest

from agents.explorer.note_actions import note_actions, strike_actions
from relay.components import available, build
from relay.records.budget import Budget
from relay.records.log import read_chain
from relay.records.task import Given
from relay.researcher.actions import Action, Purpose, Role, note_action
from relay.researcher.observation import Inheritance, Observation
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import run_trial
from tests.agents.explorer import wall
from tests.agents.explorer.chains import ALIEN, ARRAYS, Chain, chain

WALL = f"{Path(wall.__file__).resolve()}:Wall"
SCHEMES = [*available("relay.notes"), "ledger(cap=400)", pytest.param(WALL, id="wall")]
"""Every installed note scheme, found by itself, and one in words of its own."""

STRIKING = {"ledger(cap=400)": ("record", "strike"), f"{WALL}(width=400)": ("hang", "peel")}
"""Scheme without room for everything -> its actions that the explorer uses."""


def read_and_built_on(lived: Chain, generation: int) -> bool:
    """Whether the researcher of a generation could call what its predecessors wrote, and did so."""
    written = {key for event in lived.of("note_changed") for key in event.statements}
    (shown,) = lived.of("shown", generation)
    opened = {key for event in lived.of("note_opened", generation) for key in event.names.values()}
    called = {key for event in lived.of("judged", generation) for key in event.rests_on.values()}
    return bool(written & called & opened.union(shown.readable))


@pytest.mark.parametrize("task", [ALIEN, ARRAYS])
@pytest.mark.parametrize("notes", SCHEMES)
def test_it_writes_and_its_successor_builds_on_what_was_written(notes: str, task: str) -> None:
    lived = chain(task, notes)
    acted = lived.of("acted")
    assert acted and all(event.ok or event.action["action"] == "state" for event in acted)
    if notes == "none":  # it has no action to write with
        assert {event.action["action"] for event in acted} == {"state", "end"}
    else:
        assert lived.of("note_changed", 1) and read_and_built_on(lived, 2)


@pytest.mark.parametrize("notes", available("relay.notes"))
def test_it_writes_as_well_behind_text(tmp_path: Path, notes: str) -> None:
    """`mock/explorer` reads the actions of a scheme from the prompt."""
    agent = {"name": "llm", "parameters": {"model": "mock/explorer"}}
    condition = resolve_condition("alien", agent=agent, schemes=Schemes(notes=notes), generations=3, width=2, seed=2)
    asyncio.run(run_trial(condition, tmp_path / "trial"))
    events = [line.event for line in read_chain(tmp_path / "trial/events.jsonl", "")]
    assert not [event for event in events if event.type == "fault"]
    written = [event for event in events if event.type == "note_changed" and event.statements]
    shown = [event for event in events if event.type == "shown" and event.generation == 3]
    opened = {event.tenure for event in events if event.type == "note_opened" and event.generation == 3 and event.names}
    assert notes == "none" or (written and all(event.readable or event.tenure in opened for event in shown))
    acted = [event for event in events if event.type == "acted"]
    assert acted and all(event.ok or event.action["action"] == "state" for event in acted)


def test_it_strikes_out_with_any_scheme_what_is_no_longer_worth_its_room() -> None:
    for notes, actions in STRIKING.items():
        lived = chain(ARRAYS, notes)
        struck = {event.id for event in lived.of("note_changed", 2) if not event.text and event.applied}
        (second,), (third,) = lived.of("shown", 2), lived.of("shown", 3)
        assert struck and struck <= {ref.id for ref in second.notes}
        assert struck.isdisjoint(ref.id for ref in third.notes) and read_and_built_on(lived, 3)
        assert {event.action["action"] for event in lived.of("acted")} == {"state", "end", *actions}


@pytest.mark.parametrize("task", [ALIEN, ARRAYS])
@pytest.mark.parametrize("notes", SCHEMES)
def test_the_data_of_an_inheritance_hold_nothing_that_its_text_does_not_tell(notes: str, task: str) -> None:
    observed = chain(task, notes).observed
    for observation in observed:
        text = observation.inheritance.text
        words = set(re.sub(r"[],;[]", " ", text).split())
        for entry in observation.inheritance.entries:
            told = [entry.status, *map(str, entry.explains)]
            assert all(piece in words for piece in told if piece), entry
            assert entry.id in words, entry
            assert all(f"define {name}(" in text for name in entry.names), entry
        limit = observation.notes_room
        assert limit is None or str(limit) in observation.instructions
    assert notes == "none" or any(observation.inheritance.entries for observation in observed)


@pytest.mark.parametrize("name", available("relay.notes"))
def test_every_action_of_an_installed_scheme_is_marked(name: str) -> None:
    for kind in build("relay.notes", name).actions:
        action = note_action(kind)
        assert action.purpose is not None and all(field.role is not None for field in action.fields), action
        assert action.example in build("relay.notes", name).instructions()


class _Scrawl(Action):
    purpose: ClassVar[Purpose | None] = Purpose.WRITE
    action: Literal["scrawl"] = "scrawl"
    words: Annotated[str, Role.TEXT]


class _Sign(Action):
    purpose: ClassVar[Purpose | None] = Purpose.WRITE
    action: Literal["sign"] = "sign"
    sentence: Annotated[str, Role.STATEMENT]
    hand: str


class _Pin(Action):
    purpose: ClassVar[Purpose | None] = Purpose.WRITE
    action: Literal["pin"] = "pin"
    sentence: Annotated[str, Role.STATEMENT]


class _Burn(Action):
    action: Literal["burn"] = "burn"
    which: Annotated[str, Role.NOTE]


def _observation(*kinds: type[Action]) -> Observation:
    return Observation(
        brief="", given=Given(scalars=True), given_text="", phenomena=(), inheritance=Inheritance(), instructions="",
        note_actions=tuple(map(note_action, kinds)), budget=Budget(), statement_size=9,
    )  # fmt: skip


def test_it_uses_what_it_can_fill_and_prefers_a_field_for_a_statement() -> None:
    entry = [("s", "r")]
    assert note_actions(_observation(_Scrawl, _Pin), entry) == [{"action": "pin", "sentence": "s"}]
    assert note_actions(_observation(_Scrawl), entry) == [{"action": "scrawl", "words": "r\n```relay\ns\n```"}]
    assert note_actions(_observation(_Sign), entry) == []  # nobody says what `hand` holds
    assert strike_actions(_observation(_Burn), ["1.1.1"]) == []  # an action without a purpose
    assert strike_actions(_observation(wall.Peel), ["1.1.1"]) == [{"action": "peel", "which": "1.1.1"}]

"""How a tenure begins: what the note scheme, the memory scheme and the hand-over steps let through, and nothing else.

Of what a prompt may have, beside what the brief takes, half is for what is handed on and half is left for the tenure's
own work; where messages are handed on too, notes get a half of that half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relay.notation.dependencies import grounded
from relay.notation.syntax import Definition
from relay.records.budget import Spent
from relay.records.events import NotesShown
from relay.researcher.actions import answer_schema
from relay.researcher.observation import Inheritance, Observation, TenureView
from relay.researcher.prompting import opening
from relay.schemes.handover.step import HandoverView
from relay.schemes.notes.naming import Read, read_parts
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Layout
from relay.seeds import generator
from relay.trial.allowance import Allowance
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState

__all__ = ["Opening", "hand_over", "open_tenure", "readable_keys"]

LOGGED_DROPS = 32
"""Dropped notes that are named in the log; of the others it holds the number."""


@dataclass(frozen=True)
class Opening:
    """A tenure's first view, the event that tells of it, and what it can reach."""

    observation: Observation
    shown: NotesShown
    """Without its place in the log."""
    notes: dict[str, Note]
    """Id -> note that was shown or can be opened."""
    names: dict[str, str]
    """Names that were read -> keys, those in messages too."""
    labels: dict[str, str]
    """The same with names that were only seen called."""
    definitions: Mapping[str, Definition]
    """What these keys mean, and what they rest on."""


def hand_over(setting: TrialSetup, state: TrialState, generation: int, tenure: int) -> HandoverView:
    """The store and the predecessor's messages after every hand-over step."""
    remembered = state.remembered.get(tenure, ())
    view = HandoverView(notes=state.notes, definitions=state.definitions, remembered=remembered)
    for number, step in enumerate(setting.steps):
        view = step.step(view, generator(setting.seed, f"handover {number}", generation, tenure))
    return view


def open_tenure(setting: TrialSetup, state: TrialState, generation: int, tenure: int) -> Opening:
    """The observation of a tenure, from the state as it stood when its generation began."""
    view = hand_over(setting, state, generation, tenure)
    bare = _observation(setting, Inheritance())
    room = max(_room(setting, bare), 0)
    messages = setting.memory.hand_on(view.remembered, room - room // 2, setting.count)
    used = sum(message.tokens(setting.count) for message in messages)
    known = {name: key for message in messages for name, key in message.names.items()}
    layout, read, _ = _lay_out(setting, view, room // 2 if setting.memory.transcripts else room - used, known)
    inheritance = Inheritance(text=read.text, messages=tuple(message.message for message in messages))
    observation = _observation(setting, inheritance)
    names = {**known, **read.names}
    return Opening(
        observation=observation,
        shown=NotesShown(
            notes=tuple(note.ref for note in layout.shown),
            listed=tuple(note.ref for note in layout.listed),
            dropped=tuple(note.ref for note in layout.dropped[:LOGGED_DROPS]),
            dropped_count=len(layout.dropped),
            messages=len(messages),
            dropped_messages=len(view.remembered) - len(messages),
            tokens=used + setting.count(read.text),
            readable=tuple(sorted(grounded(set(names.values()), view.definitions))),
            names=read.names,
            text=opening(observation) if setting.memory.transcripts else "",
        ),
        notes={note.id: note for note in (*layout.shown, *layout.listed)},
        names=names,
        labels=read.labels,
        definitions=view.definitions,
    )


def readable_keys(setting: TrialSetup, state: TrialState, generation: int) -> frozenset[str]:
    """Keys of the definitions that some tenure of a generation could be shown, or open within its context and turns."""
    found: set[str] = set()
    places = range(1, setting.condition.width + 1) if setting.steps or setting.memory.transcripts else (1,)
    for tenure in places:
        view = hand_over(setting, state, generation, tenure)
        total = max(_room(setting, _observation(setting, Inheritance())), 0)
        messages = setting.memory.hand_on(view.remembered, total - total // 2, setting.count)
        used = sum(message.tokens(setting.count) for message in messages)
        room = total // 2 if setting.memory.transcripts else total - used
        known = {name: key for message in messages for name, key in message.names.items()}
        _, _, asked = _lay_out(setting, view, room, known)
        notes = setting.notes.readable(view.notes, asked, total, setting.budget.turns, setting.count)
        keys = {key for note in notes for key in note.defines.values()}
        keys |= {key for message in messages for key in message.names.values()}
        found |= grounded(keys, view.definitions)
    return frozenset(found)


def _lay_out(setting: TrialSetup, view: HandoverView, room: int, known: dict[str, str]) -> tuple[Layout, Read, int]:
    """What the scheme shows, in the reader's names, and the room that it was asked to fill. Names with suffixes are
    longer than those that the scheme counted, so it is asked again for less when they make the text too long."""
    asked = room
    while True:
        layout = setting.notes.show(view.notes, max(asked, 0), setting.count)
        read = read_parts(layout.parts, known)
        over = setting.count(read.text) - room
        if over <= 0 or asked <= 0:
            return layout, read, max(asked, 0)
        asked -= over


def _empty_prompt(setting: TrialSetup, bare: Observation, last: bool = False) -> int:
    """Tokens of a prompt with nothing handed on."""
    view = TenureView(observation=bare, turns=(), spent=Spent(), last=last)
    return setting.agent.count(setting.agent.messages(view))


def _room(setting: TrialSetup, bare: Observation) -> int:
    """Tokens for what is handed on: half of what a prompt may have beside the brief, if all turns shall be paid."""
    most = Allowance(setting.budget, Spent(), setting.condition.prices).fair_prompt
    return (most - _empty_prompt(setting, bare)) // 2


def _observation(setting: TrialSetup, inheritance: Inheritance) -> Observation:
    return Observation(
        brief=setting.task.brief,
        given=setting.task.given,
        given_text=setting.given_text,
        phenomena=setting.phenomena,
        inheritance=inheritance,
        instructions=setting.notes.instructions(),
        answers=answer_schema(setting.notes.actions),
        budget=setting.budget,
        statement_size=setting.task.statement_size,
        truth_told=setting.truth.tells,
        passes_notes=bool(setting.notes.actions),
        passes_messages=setting.memory.transcripts,
        telling=setting.telling,
    )

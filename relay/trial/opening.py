"""How a tenure begins: what the note scheme, the memory scheme and the hand-over steps let through, and nothing else.

Of the tokens that a prompt may have beside the brief, half is for what is handed on, and half is left for the tenure's
own work. Words of hand-over steps come first. If the memory scheme hands on messages, messages and notes get half of
what is left each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relay.errors import UsageError
from relay.notation.dependencies import grounded
from relay.notation.syntax import Definition
from relay.records.budget import Spent
from relay.records.events import AnyEvent, HandedOn, NotesShown
from relay.researcher.actions import answer_schema, note_action
from relay.researcher.observation import Inheritance, Observation, TenureView
from relay.researcher.prompting import opening, told_uncallable
from relay.researcher.tokens import Counter
from relay.schemes.handover.step import HandoverView
from relay.schemes.memory.scheme import Remembered
from relay.schemes.notes.naming import Read, read_parts
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Layout, Notes, NoteScheme
from relay.trial.asking import ask, laid_out, named, place_in, prompt_tokens
from relay.trial.handing_on import as_event, handed_view, messages_within, uncallable, words_within
from relay.trial.setup import TrialSetup
from relay.trial.state import TrialState

__all__ = ["Opening", "empty_prompt", "inheritance_room", "lay_out", "observe", "open_tenure"]

LOGGED_DROPS = 32
"""Most dropped notes that the log names for one tenure. Beside their names, it holds the number of all dropped
notes."""


@dataclass(frozen=True)
class Opening:
    """A tenure's first view, its event, and what the tenure can reach."""

    observation: Observation
    shown: NotesShown
    """The `notes_shown` event, before its `generation`, `tenure` and `seq` are set."""
    handed_on: HandedOn | None
    """The event with the text of the messages that were handed on, if they are no end of what the log holds."""
    notes: dict[str, Note]
    """Id -> note that was shown or can be opened, in the order of the store."""
    room: int
    """Most tokens of the notes."""
    tenure: int
    """The tenure's place in its generation, from 1."""
    openable: tuple[str, ...]
    """Ids of the notes that were not shown and can be opened, those that an index names first."""
    names: dict[str, str]
    """Name whose definition the tenure read in a note or a message -> key."""
    labels: dict[str, str]
    """The entries of `names`, and also those of names that the tenure only saw called."""
    definitions: Mapping[str, Definition]
    """Key -> definition, for the keys in `labels` and everything that they rest on."""

    @property
    def events(self) -> tuple[AnyEvent, ...]:
        """The events that tell what the tenure was handed, in order."""
        return (self.shown,) if self.handed_on is None else (self.handed_on, self.shown)


def open_tenure(setup: TrialSetup, state: TrialState, generation: int, tenure: int) -> Opening:
    """The opening of a tenure. Precondition: `state` is the state at the start of the tenure's generation.

    Raises `UsageError` if the memory scheme or a hand-over step hands on what no log would hold.
    """
    view = handed_view(setup, state, generation, tenure)
    room = inheritance_room(setup, tenure)
    said = words_within(setup, view, room)
    room -= said
    # Messages get half of the room. Notes get the other half, even if messages leave more.
    half = asked = room - room // 2
    while True:
        page = _page(setup, view, messages_within(setup, view, asked), room)
        over = page.used - half
        if over <= 0 or not page.messages:
            break
        asked -= over  # what is told of the messages takes room too
    layout, read = page.layout, page.read
    inheritance = Inheritance(
        text=read.text,
        entries=read.entries,
        messages=tuple(message.message for message in page.messages),
        uncallable=page.uncallable,
        words=view.words,
    )
    observation = observe(setup, inheritance, tenure)
    names = {**page.known, **read.names}
    reachable = {note.id for note in (*layout.shown, *layout.openable)}
    notes = {id: note for id, note in view.notes.items() if id in reachable}
    return Opening(
        observation=observation,
        shown=NotesShown(
            notes=tuple(note.ref for note in layout.shown),
            listed=tuple(note.ref for note in layout.listed),
            dropped=tuple(note.ref for note in layout.dropped[:LOGGED_DROPS]),
            dropped_count=len(layout.dropped),
            messages=len(page.messages),
            dropped_messages=max(len(view.remembered) - len(page.messages), 0),
            tokens=said + page.used + setup.count(read.text),
            readable=tuple(sorted(page.readable)),
            names=read.names,
            remembered=dict(sorted(page.known.items())),
            text=opening(observation) if setup.memory.transcripts else "",
            withheld=_withheld(state.store.notes, notes) if setup.steps else (),
            words=view.words,
        ),
        handed_on=as_event(page.messages, state.transcripts.remembered.get(tenure, ())),
        notes=notes,
        room=page.asked,
        tenure=tenure,
        openable=tuple(note.id for note in layout.openable),
        names=names,
        labels=read.labels,
        definitions=view.definitions,
    )


def _withheld(stored: Mapping[str, Note], handed: Mapping[str, Note]) -> tuple[str, ...]:
    """Keys of the definitions in notes of the store that the notes handed on under the same ids no longer have."""
    left = {key for note in handed.values() for key in note.defines.values()}
    there = {key for id in handed if id in stored for key in stored[id].defines.values()}
    return tuple(sorted(there - left))


@dataclass(frozen=True)
class _Page:
    """What one tenure is handed: messages and notes."""

    messages: tuple[Remembered, ...]
    used: int
    """Tokens of the messages, and of what is told of them."""
    known: dict[str, str]
    """Name whose definition is in a message -> key."""
    layout: Layout
    read: Read
    asked: int
    """Tokens that the note scheme was given room for."""
    readable: frozenset[str]
    """Keys of the definitions that the tenure may call."""
    uncallable: dict[str, tuple[str, ...]]


def _page(setup: TrialSetup, view: HandoverView, messages: tuple[Remembered, ...], room: int) -> _Page:
    used = sum(message.tokens(setup.count) for message in messages)
    known = {name: key for message in messages for name, key in message.names.items()}
    notes_room = room // 2 if setup.memory.transcripts else room - used
    layout, read, asked = lay_out(setup.notes, view.notes, notes_room, setup.count, known)
    seen = {*known.values(), *read.names.values()}
    readable = grounded(seen, view.definitions)
    lacking = uncallable(known, seen, view.definitions, readable)
    if lacking:
        used += setup.count(f"{told_uncallable(lacking)}\n\n")
    return _Page(messages, used, known, layout, read, asked, readable, lacking)


def lay_out(
    scheme: NoteScheme, notes: Notes, room: int, count: Counter, known: Mapping[str, str]
) -> tuple[Layout, Read, int]:
    """The note scheme's layout, its text in the reader's names, and the room that the scheme was given.

    The text has at most `room` tokens, and at most the scheme's limit. `known` maps names that the reader knows already
    to keys. Names with suffixes are longer than the names that the scheme counted. If they make the text too long, the
    scheme is called again with less room. Raises `UsageError` if it shows too much even then.
    """
    asked = room
    most = room if scheme.limit is None else min(room, scheme.limit)
    while True:
        layout = laid_out(scheme, notes, max(asked, 0), count)
        read = read_parts(layout.parts, known)
        over = count(read.text) - most
        if over > 0 and asked <= 0 and read.text:
            raise UsageError(
                f"{named(scheme)} shows {count(read.text)} tokens where there is room for {most}"
                f"{place_in(scheme, 'show')}; show no more than `room` allows"
            )
        if over <= 0 or asked <= 0:
            return layout, read, max(asked, 0)
        asked = min(asked, most) - over


def empty_prompt(setup: TrialSetup, bare: Observation, last: bool = False) -> int:
    """Tokens of a tenure's first prompt if nothing is handed on: `bare` is its observation. `last`: whether the prompt
    announces the last turn."""
    room = setup.budget.context
    view = TenureView(observation=bare, turns=(), spent=Spent(), last=last, answer_room=room)
    return prompt_tokens(setup.agent, view)


def inheritance_room(setup: TrialSetup, tenure: int = 1) -> int:
    """Tokens for what is handed on: half of what a prompt of the length `Allowance.fair_prompt` has beside the
    brief. A persona is counted like the brief: that of the place `tenure`."""
    most = setup.allowance(Spent()).fair_prompt
    return max((most - empty_prompt(setup, observe(setup, Inheritance(), tenure))) // 2, 0)


def observe(setup: TrialSetup, inheritance: Inheritance, tenure: int = 1) -> Observation:
    """The first observation of a tenure with this inheritance. `tenure`: its place in the generation, from 1."""
    return Observation(
        brief=setup.task.brief,
        given=setup.task.given,
        given_text=setup.given_text,
        phenomena=setup.phenomena,
        inheritance=inheritance,
        instructions=ask(setup.notes, "instructions", str),
        note_actions=tuple(map(note_action, setup.notes.actions)),
        notes_room=setup.notes.limit,
        answers=answer_schema(setup.notes.actions),
        budget=setup.budget,
        statement_size=setup.task.statement_size,
        truth_told=setup.truth.tells,
        truth_delay=setup.truth.delay,
        passes_notes=bool(setup.notes.actions),
        passes_messages=setup.memory.transcripts and ("summary" if setup.memory.summarises else True),
        persona=setup.persona(tenure),
        vocabulary=setup.vocabulary,
    )

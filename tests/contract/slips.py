"""A tiny note scheme that keeps the contract, `Slips`, and for each rule a scheme that breaks just that rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import count as numbers
from typing import Annotated, ClassVar, Literal

from relay.records.events import NoteChanged
from relay.researcher.actions import Action, Purpose, Role, note_action
from relay.researcher.tokens import Counter
from relay.schemes.notes.scheme import (
    Layout,
    Mention,
    NotePlace,
    Notes,
    NoteScheme,
    Opened,
    Outcome,
    Part,
    Refused,
    Written,
)

CAP = 300
ROOMY = 20_000
"""A room that no trial has."""


class Pin(Action):
    purpose: ClassVar[Purpose | None] = Purpose.WRITE
    action: Literal["pin"] = "pin"
    text: Annotated[str, Role.TEXT]


class Amend(Action):
    purpose: ClassVar[Purpose | None] = Purpose.EDIT
    action: Literal["amend"] = "amend"
    slip: Annotated[str, Role.NOTE]
    text: Annotated[str, Role.TEXT]


class Tear(Action):
    purpose: ClassVar[Purpose | None] = Purpose.STRIKE
    action: Literal["tear"] = "tear"
    slip: Annotated[str, Role.NOTE]


class Unfold(Action):
    purpose: ClassVar[Purpose | None] = Purpose.OPEN
    action: Literal["unfold"] = "unfold"
    slip: Annotated[str, Role.NOTE]


class Slips(NoteScheme):
    """Slips of paper: those that fit are shown, and the ids of a few others."""

    actions = (Pin, Amend, Tear, Unfold)

    @property
    def limit(self) -> int | None:
        return CAP

    def instructions(self) -> str:
        examples = " ".join(note_action(kind).example for kind in self.actions)
        return f"Slips of paper, up to {CAP} tokens of them: {examples}"

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        room = min(room, CAP)
        parts, dropped, listed = [], [], []
        for note in notes.values():
            part = Part(f"Slip {note.id}:\n{note.text}", note, (Mention(note.id),))
            if part.tokens(count) <= room:
                room -= part.tokens(count)
                parts.append(part)
            else:
                dropped.append(note)
        for note in dropped:
            part = Part(f"More: {note.id}", mentions=(Mention(note.id),))
            if part.tokens(count) <= room:
                room -= part.tokens(count)
                parts.append(part)
                listed.append(note)
        return Layout(tuple(parts), tuple(listed), tuple(dropped))

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        match action:
            case Pin(text=text) if text.strip():
                return Written(place.fresh_id(), text, "Pinned.", linked=place.link(text))
            case Amend(slip=id, text=text) if id in place.notes and text.strip():
                note = place.notes[id]
                linked = place.link(text, of=note)
                return Written(id, text, "Amended.", version=note.version + 1, parents=(note.ref,), linked=linked)
            case Tear(slip=id) if id in place.notes:
                note = place.notes[id]
                return Written(id, "", "Torn.", version=note.version + 1, parents=(note.ref,))
            case Unfold(slip=id) if id in place.notes:
                return Opened(place.notes[id])
        return Refused("There is no such slip, or no text.")


# --- one for each rule -----------------------------------------------------------------------------------------------


class Fainting(Slips):
    """It can't show anything in no room."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        if notes and room == 1:
            raise ZeroDivisionError("no room")
        return super().show(notes, room, count)


_CALLS = numbers()


class Moody(Slips):
    """Its pages differ from call to call."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        layout = super().show(notes, room, count)
        turned = room >= ROOMY and next(_CALLS) % 2
        return replace(layout, dropped=layout.dropped[::-1]) if turned else layout


class Talkative(Slips):
    """It shows more than its limit where there is room."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        layout = super().show(notes, room, count)
        return replace(layout, parts=(*layout.parts, Part("and so on " * CAP))) if room >= ROOMY else layout


class Stuttering(Slips):
    """It shows its first slip twice if that still fits."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        layout = super().show(notes, room, count)
        twice = (*layout.parts, *layout.parts[:1])
        fits = layout.shown and sum(part.tokens(count) for part in twice) <= min(room, CAP)
        return replace(layout, parts=twice) if fits else layout


class Forgetful(Slips):
    """It does not tell the last note that it drops, where there is room."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        layout = super().show(notes, room, count)
        kept = layout.dropped[:-1]
        listed = tuple(note for note in layout.listed if note in kept)
        return replace(layout, listed=listed, dropped=kept) if room >= ROOMY else layout


class Whispering(Slips):
    """It tells programs more than people."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        layout = super().show(notes, room, count)
        parts = (
            replace(part, mentions=tuple(replace(m, status="proved") for m in part.mentions)) for part in layout.parts
        )
        return replace(layout, parts=tuple(parts))


class Mumbling(Slips):
    """It claims to show statements that nobody can read."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        layout = super().show(notes, room, count)
        parts = (replace(part, text=part.text.replace("```relay", "```words")) for part in layout.parts)
        return replace(layout, parts=tuple(parts))


class Rootless(Slips):
    """Its edits do not say what they change."""

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        outcome = super().apply(action, place)
        return replace(outcome, parents=()) if isinstance(outcome, Written) and outcome.text else outcome


class Pushing(Slips):
    """Whoever comes last is right."""

    def merge(self, notes: Notes, change: NoteChanged) -> NoteChanged:
        there = notes.get(change.id)
        return change.model_copy(update={"version": there.version + 1, "parents": (there.ref,)}) if there else change


class Obliging(Slips):
    """It tears what is not there."""

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        if isinstance(action, Tear) and action.slip == "no such note":
            return Written(action.slip, "", "Torn.", version=2)
        return super().apply(action, place)


class Silent(Slips):
    """It does not say how to tear a slip."""

    def instructions(self) -> str:
        return super().instructions().replace(note_action(Tear).example, "")


class Rambling(Slips):
    """It says everything several times."""

    def instructions(self) -> str:
        return super().instructions() * 10


class Counting(Slips):
    """What it replies depends on what it was asked before, in this process."""

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        outcome = super().apply(action, place)
        return (
            replace(outcome, reply=f"Pinned, {next(_CALLS)}.")
            if isinstance(action, Pin) and isinstance(outcome, Written)
            else outcome
        )


class Slugging(Slips):
    """It joins words, so that a disguise does not find them."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        layout = super().show(notes, room, count)
        heads = (Part(f"File {_slug(note.text)}") for note in layout.shown[:1])
        parts = (*heads, *layout.parts)
        fits = sum(part.tokens(count) for part in parts) <= min(room, CAP)
        return replace(layout, parts=parts) if fits else layout


def _slug(text: str) -> str:
    return re.sub(r"\W+", "_", text[:80])


class Fleeing(Slips):
    """It never lays anything out in a trial."""

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        raise ZeroDivisionError("nothing")


def _breaking() -> Iterator[tuple[str, type[Slips]]]:
    yield "lived", Fleeing
    yield "total", Fainting
    yield "pure", Moody
    yield "caps", Talkative
    yield "once", Stuttering
    yield "covered", Forgetful
    yield "told", Whispering
    yield "callable", Mumbling
    yield "history", Rootless
    yield "conflicts", Pushing
    yield "misuse", Obliging
    yield "marked", Silent
    yield "short", Rambling
    yield "resumed", Counting
    yield "disguise", Slugging


BREAKING = {rule: scheme.__name__ for rule, scheme in _breaking()}
"""Rule -> the scheme that breaks it."""

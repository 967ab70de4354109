"""The usual ways to write a note and to show some, for schemes that do nothing special there."""

from __future__ import annotations

from collections.abc import Iterable

from relay.researcher.tokens import Counter
from relay.schemes.notes.authors import heading, told_of
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Layout, Mention, NotePlace, Notes, Outcome, Part, Refused, Written

__all__ = ["edited_note", "new_note", "page_of", "struck_note"]


def page_of(chosen: Iterable[Note], notes: Notes, room: int, count: Counter, *, noun: str = "Note") -> Layout:
    """The `chosen` notes in their order, each that still fits into `room` tokens, under a line with its id and author.

    All others of `notes` are dropped: first those of `chosen` that did not fit, then the rest. `count` counts the
    tokens of a text.
    """
    parts: list[Part] = []
    dropped: list[Note] = []
    for note in chosen:
        part = Part(f"{heading(note, noun)}\n{note.text}", note, (Mention(note.id),))
        tokens = part.tokens(count)
        if tokens <= room:
            parts.append(part)
            room -= tokens
        else:
            dropped.append(note)
    taken = {part.note.id for part in parts if part.note} | {note.id for note in dropped}
    return Layout(tuple(parts), dropped=(*dropped, *(note for note in notes.values() if note.id not in taken)))


def new_note(place: NotePlace, text: str, reply: str = "The note is written.") -> Outcome:
    """A new note with this text, linked to the statements in its fences; refused if there is no text."""
    if not text.strip():
        return Refused("A note needs a text.")
    linked = place.link(text)
    return Written(place.fresh_id(), text, f"{reply}{linked.warning}", linked=linked, sure=told_of(linked))


def edited_note(place: NotePlace, id: str, text: str, reply: str = "The note is changed.") -> Outcome:
    """A note with another text; refused if the researcher can't see such a note, or if there is no text. Whatever it
    calls keeps its meaning. The new text is in names as the researcher knows them (`place.reading`)."""
    if id not in place.notes:
        return _no_such_note(place)
    if not text.strip():
        return Refused("A note needs a text.")
    note = place.notes[id]
    linked = place.link(text, of=note)
    return Written(
        id,
        text,
        f"{reply}{linked.warning}",
        version=note.version + 1,
        parents=(note.ref,),
        linked=linked,
        sure=told_of(linked),
        data=note.data,
    )


def struck_note(place: NotePlace, id: str, reply: str = "The note is struck out.") -> Outcome:
    """A note taken out of the store; refused if the researcher can't see such a note. It stays in the log."""
    if id not in place.notes:
        return _no_such_note(place)
    note = place.notes[id]
    return Written(id, "", reply, version=note.version + 1, parents=(note.ref,))


def _no_such_note(place: NotePlace) -> Refused:
    return Refused(f"There is no such note; you can see: {', '.join(place.notes) or 'none'}.")

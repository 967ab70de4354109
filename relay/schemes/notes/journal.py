"""`journal`: entries are appended and never changed. A successor gets the newest entries until the room is full."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relay.researcher.actions import Action, Purpose, Role, note_action
from relay.researcher.tokens import Counter
from relay.schemes.notes.authors import told_of
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import (
    CALLABLE,
    Layout,
    Mention,
    NotePlace,
    Notes,
    NoteScheme,
    Outcome,
    Part,
    Refused,
    Written,
)

__all__ = ["Journal", "Write"]


class Write(Action):
    """Append an entry; statements go in fences marked ```` ```relay ````."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["write"] = "write"
    text: Annotated[str, Role.TEXT]


class Journal(NoteScheme):
    """Append-only entries, newest first until the room is full."""

    actions = (Write,)

    def instructions(self) -> str:
        """The scheme and its action, in words."""
        return (
            "Notes are a journal. Whoever comes after you is shown its newest entries, as many as there is room for. "
            f"Append an entry with {note_action(Write).example}. {CALLABLE}"
        )

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        """The newest entries, up to the first that no longer fits. Entries longer than the whole room are skipped."""
        parts: list[Part] = []
        dropped: list[Note] = []
        left = room
        newest = iter(reversed(list(notes.values())))
        for note in newest:
            since = f" ({note.told_since})" if note.told else ""
            part = Part(f"Entry {note.id}{since}\n{note.text}", note, (Mention(note.id),))
            tokens = part.tokens(count)
            if tokens <= left:
                parts.append(part)
                left -= tokens
            else:
                dropped.append(note)
                # The first entry that could have fitted ends the page, so that what is shown has no gap in time.
                if tokens <= room:
                    break
        return Layout(parts=tuple(parts), dropped=(*dropped, *newest))

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        """Append an entry."""
        assert isinstance(action, Write)
        if not action.text.strip():
            return Refused("An entry needs a text.")
        linked = place.link(action.text)
        reply = f"The entry is written; whoever comes after you may be shown it.{linked.warning}"
        return Written(
            id=place.fresh_id(),
            text=action.text,
            reply=reply,
            linked=linked,
            sure=told_of(linked),
        )

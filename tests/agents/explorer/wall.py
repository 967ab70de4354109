"""A note scheme with none of the words of relay's own: other actions, other fields, other headings."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relay.researcher.actions import Action, Purpose, Role
from relay.researcher.tokens import Counter
from relay.schemes.notes.scheme import Layout, Mention, NotePlace, Notes, NoteScheme, Outcome, Part, Refused, Written


class Hang(Action):
    """Hang up a sheet."""

    purpose: ClassVar[Purpose | None] = Purpose.WRITE

    action: Literal["hang"] = "hang"
    sheet: Annotated[str, Role.STATEMENT]
    margin: Annotated[str, Role.REMARK] = ""


class Peel(Action):
    """Peel off a sheet."""

    purpose: ClassVar[Purpose | None] = Purpose.STRIKE

    action: Literal["peel"] = "peel"
    which: Annotated[str, Role.NOTE]


class Wall(NoteScheme):
    """Sheets on a wall, the oldest first, with what was told of each, until the wall is full."""

    width: int = 1_000
    """Most tokens of the text shown to a successor."""

    actions = (Hang, Peel)

    @property
    def limit(self) -> int | None:
        return self.width

    def instructions(self) -> str:
        return f"A wall, {self.width} wide. Hang and peel."

    def show(self, notes: Notes, room: int, count: Counter) -> Layout:
        parts: list[Part] = []
        left = min(room, self.width)
        for note in notes.values():
            head = " ".join(["~", note.id, "~", note.sure, *map(str, note.explains)])
            part = Part(f"{head}\n{note.text}", note, (Mention(note.id, note.sure, note.explains),))
            left -= part.tokens(count)
            if left < 0:
                break
            parts.append(part)
        return Layout(tuple(parts), dropped=tuple(notes.values())[len(parts) :])

    def apply(self, action: Action, place: NotePlace) -> Outcome:
        match action:
            case Hang(sheet=sheet, margin=margin):
                text = f"{margin}\n~~~ relay\n{sheet}\n~~~"
                linked = place.link(text)
                if not linked.statements:
                    return Refused("Blank.")
                return Written(place.fresh_id(), text, "Hung.", linked=linked, sure=linked.told[0])
            case Peel(which=id) if id in place.notes:
                note = place.notes[id]
                return Written(id, "", "Peeled.", version=note.version + 1, parents=(note.ref,))
        return Refused("No.")

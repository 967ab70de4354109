"""A note scheme: a board, the newest first. `relay run alien --agent explorer --notes examples/notes.py:Board -g 3`"""

from typing import Annotated, Literal

from pydantic import Field

from relay.schemes.notes import CALLABLE, Action, NoteScheme, Purpose, Role, new_note, note_action, page_of


class Pin(Action):
    """The one action that this scheme adds to those of every researcher."""

    purpose = Purpose.WRITE
    action: Literal["pin"] = "pin"
    text: Annotated[str, Role.TEXT]


class Board(NoteScheme):
    """Notes are pinned to a board. A successor is shown the newest ones, as many as the board holds."""

    most: int = Field(default=8, ge=1)
    """Most notes that a successor is shown."""

    actions = (Pin,)

    def instructions(self) -> str:
        """What researchers are told of the scheme."""
        return f"Your successors see the {self.most} newest notes. Pin one: {note_action(Pin).example}. {CALLABLE}"

    def show(self, notes, room, count):
        """What a successor is shown: the newest notes first."""
        newest = list(reversed(notes.values()))
        return page_of(newest[: self.most], notes, room, count)

    def apply(self, action, place):
        """What an action does: it writes a note."""
        return new_note(place, action.text)

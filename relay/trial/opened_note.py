"""A note as it is shown to a tenure that opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relay.records.events import Acted, NoteOpened
from relay.records.reply_data import OpenedData
from relay.researcher.actions import Action
from relay.schemes.notes.naming import Naming
from relay.schemes.notes.note import Note
from relay.trial.replies import acted

__all__ = ["OpenedNote"]


@dataclass(frozen=True)
class OpenedNote:
    """A note with its names rewritten, so that each name has one meaning for its reader."""

    note: Note
    text: str
    names: dict[str, str]
    """The reader's name -> key, for what the note defines."""
    called: dict[str, str]
    """The same for what it only calls."""

    @classmethod
    def of(cls, note: Note, labels: Mapping[str, str]) -> OpenedNote:
        """`note` for a reader to whom `labels` have a meaning already: name -> key."""
        naming = Naming(labels)
        naming.avoid(note.text)
        names = {naming.label(spelt, key): key for spelt, key in note.defines.items()}
        text = naming.rewrite(note.text, note)
        called = {naming.label(spelt, key): key for spelt, key in sorted(note.rests_on.items())}
        # A definition of the note is in `names` already, also where the note calls it.
        called = {name: key for name, key in called.items() if name not in names}
        return cls(note, text, names, called)

    @property
    def reply(self) -> str:
        """The reply to the action that opens it."""
        sure = self.note.data.get("sure")
        said = f" (its author: {sure})" if isinstance(sure, str) and sure else ""
        return f"Entry {self.note.id}{said}:\n{self.text}"

    def event(self, tokens: int) -> NoteOpened:
        """The event of its opening; `tokens`: those of its text."""
        return NoteOpened(note=self.note.ref, tokens=tokens, names=dict(sorted(self.names.items())), called=self.called)

    @property
    def data(self) -> OpenedData:
        """What the reply says, for programs."""
        return OpenedData(id=self.note.id, text=self.text)

    def acted(self, action: Action) -> Acted:
        """The event of the action that opened it."""
        return acted(action, True, self.reply, self.data)

"""A note as it is shown to a tenure that opens it, in full or in part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from relay.records.events import Acted, NoteOpened
from relay.records.reply_data import OpenedData
from relay.researcher.actions import Action
from relay.schemes.notes.naming import Naming
from relay.schemes.notes.scheme import Opened
from relay.trial.replies import acted

__all__ = ["OpenedNote"]


@dataclass(frozen=True)
class OpenedNote:
    """A note with its names rewritten, so that each name has one meaning for its reader."""

    opened: Opened
    """The note, and what of it is shown."""
    text: str
    names: dict[str, str]
    """The reader's name -> key, for what the note defines; empty if it is shown in part."""
    called: dict[str, str]
    """The same for what it only calls, or, if it is shown in part, for all that it names."""

    @classmethod
    def of(cls, opened: Opened, labels: Mapping[str, str]) -> OpenedNote:
        """What is `opened` for a reader to whom `labels` have a meaning already: name -> key."""
        note, naming = opened.note, Naming(labels)
        naming.avoid(note.text)
        names = {naming.label(spelt, key): key for spelt, key in note.defines.items()}
        text = naming.rewrite(note.text, note) if opened.lines is None else naming.part(note, *opened.lines)
        called = {naming.label(spelt, key): key for spelt, key in sorted(note.links.items())}
        # A definition of the note is in `names` already, also where the note calls it.
        called = {name: key for name, key in called.items() if name not in names}
        if opened.lines is not None:
            names, called = {}, names | called
        return cls(opened, text, names, called)

    @property
    def reply(self) -> str:
        """The reply to the action that opens it."""
        return f"{self.opened.head or self._head}:\n{self.text}"

    @property
    def _head(self) -> str:
        sure = self.opened.note.data.get("sure")
        said = f" (its author: {sure})" if isinstance(sure, str) and sure else ""
        return f"Entry {self.opened.note.id}{said}"

    def event(self, tokens: int) -> NoteOpened:
        """The event of its opening; `tokens`: those of its text."""
        note, part = self.opened.note, self.opened.lines
        return NoteOpened(
            note=note.ref, tokens=tokens, names=dict(sorted(self.names.items())), called=self.called, part=part
        )

    @property
    def data(self) -> OpenedData:
        """What the reply says, for programs, if all of the note is shown."""
        return OpenedData(id=self.opened.note.id, text=self.text)

    def acted(self, action: Action) -> Acted:
        """The event of the action that opened it."""
        return acted(action, True, self.reply, self.data if self.opened.lines is None else None)

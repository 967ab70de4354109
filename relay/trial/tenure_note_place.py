"""A tenure as its note scheme sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from relay.notation import rename_calls
from relay.researcher.tokens import Counter
from relay.schemes.notes.linking import KnownStatement, link
from relay.schemes.notes.naming import Naming
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import Linked
from relay.trial.setup import TrialSetup
from relay.trial.tenure_state import TenureState

__all__ = ["TenureNotePlace"]


@dataclass(frozen=True)
class TenureNotePlace:
    """The `NotePlace` of a tenure."""

    setup: TrialSetup
    state: TenureState
    id_prefix: str
    """Prefix of the ids of notes that this tenure writes."""
    explained: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Key of a statement -> numbers of the phenomena that it is just about to be reported to explain."""
    own: bool = False
    """Whether notes of another trial are left out."""

    @property
    def notes(self) -> Mapping[str, Note]:
        """The notes that the tenure was shown, may open, or wrote; by id."""
        notes = self.state.reach.notes
        return MappingProxyType({id: note for id, note in notes.items() if not note.foreign} if self.own else notes)

    @property
    def read(self) -> set[str]:
        """Ids of the notes that the tenure read in full or wrote."""
        return self.state.reach.read

    @property
    def count(self) -> Counter:
        """Counts the tokens of a text as the agent does."""
        return self.setup.count

    @property
    def number(self) -> int:
        """The tenure's place in its generation, from 1 to `width`."""
        return self.state.reach.tenure

    @property
    def width(self) -> int:
        """The number of tenures in a generation."""
        return self.setup.condition.width

    def link(self, text: str, of: Note | None = None) -> Linked:
        """The statements in the fences of a text, as this tenure reads them. `of`: the note that the text is a new
        version of. What it calls keeps its meaning, whether this tenure can read that or not."""
        symbols = self.state.symbols
        names = symbols.linkable()
        if of is not None:
            naming = Naming(symbols.labels)
            names = {naming.label(spelt, key): key for spelt, key in of.rests_on.items()} | names
        known = dict(self.state.statements.told) if self.explained else self.state.statements.told
        for key, numbers in self.explained.items():
            known[key] = KnownStatement(known[key].status, numbers)
        return link(text, self.setup.reader, names, symbols.definitions, known)

    def reading(self, note: Note) -> str:
        """The text of a note with all names as this tenure knows them."""
        return Naming(self.state.symbols.labels).renamed(note.text, note)

    def source(self, name: str) -> str | None:
        """The source of the statement that this tenure knows as `name`, with all names as the tenure knows them; None
        if it knows no such statement."""
        symbols = self.state.symbols
        key = symbols.linkable().get(name)
        if key is None:
            return self.state.statements.claims.get(name)
        naming = Naming(symbols.labels)
        definition = symbols.definitions[key]
        renamed = {spelt: naming.label(spelt, below) for spelt, below in definition.rests_on}
        return rename_calls(definition.source, {**renamed, definition.name: name})

    @property
    def room(self) -> int:
        """Most tokens of the notes that the tenure was shown."""
        return self.state.reach.room

    def fresh_id(self, after: int = 0) -> str:
        """An id that no note has or will have; `after`: the number of new notes that the same action writes before."""
        return f"{self.id_prefix}{self.state.reach.written + 1 + after}"

"""Note schemes: how notes are laid out, capped, shown, read and written.

`scheme` is the base class, `note` one note; `none`, `journal` and `ledger` are schemes. `linking` finds the statements
in a note's text and `naming` makes names unambiguous for one reader, under every scheme. When changes are merged into
the store is up to `relay.trial`.
"""

from relay.schemes.notes.journal import Journal
from relay.schemes.notes.ledger import Ledger
from relay.schemes.notes.none import NoNotes
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import NoteScheme

__all__ = ["Journal", "Ledger", "NoNotes", "Note", "NoteScheme"]

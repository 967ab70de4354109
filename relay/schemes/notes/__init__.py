"""Note schemes: how notes are laid out, capped, shown, read and written.

`scheme` is the base class, `note` is one note, and `none`, `journal` and `ledger` are schemes. Under every scheme,
`linking` finds the statements in a note's text and `naming` makes names unambiguous for one reader. `relay.trial`
decides when changes are merged into the store.
"""

from relay.schemes.notes.journal import Journal
from relay.schemes.notes.ledger import Ledger
from relay.schemes.notes.none import NoNotes
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import NoteScheme

__all__ = ["Journal", "Ledger", "NoNotes", "Note", "NoteScheme"]

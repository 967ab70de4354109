"""Note schemes: how notes are laid out, capped, shown, read and written.

`scheme` is the base class, `note` is one note; the other files are schemes, by their names, and parts of them. Under
every scheme, `linking` finds the statements in a note's text and `naming` makes names unambiguous for one reader.
`relay.trial` decides when changes are merged into the store.
"""

from relay.schemes.notes.evolving import Evolving
from relay.schemes.notes.journal import Journal
from relay.schemes.notes.ledger import Ledger
from relay.schemes.notes.none import NoNotes
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import NoteScheme
from relay.schemes.notes.wiki import Wiki

__all__ = ["Evolving", "Journal", "Ledger", "NoNotes", "Note", "NoteScheme", "Wiki"]

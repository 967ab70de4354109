"""Note schemes: how notes are laid out, capped, shown, read and written.

`scheme` is the base class, and `note` is one note. Every other module with a scheme's name is that scheme; they are
found by entry point. Under every scheme, `linking` finds the statements in a note's text and `naming` makes names
unambiguous for one reader; `authors` tells who wrote a note, and `holders` which notes others rest on. `page` and
`common_actions` have what several schemes share, and `bm25` scores texts for a search. `relay.trial` decides when
changes are merged into the store, and `relay.trial.contract` has the rules that every scheme keeps.
"""

from relay.schemes.notes.evolving import Evolving
from relay.schemes.notes.journal import Journal
from relay.schemes.notes.ledger import Ledger
from relay.schemes.notes.none import NoNotes
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import NoteScheme
from relay.schemes.notes.wiki import Wiki

__all__ = ["Evolving", "Journal", "Ledger", "NoNotes", "Note", "NoteScheme", "Wiki"]

"""Note schemes: how notes are laid out, capped, shown, read and written.

`scheme` is the base class, and `note` is one note. Every other module with a scheme's name is that scheme; they are
found by entry point, and those that need a package of their own are not imported here. Under every scheme, `linking`
finds the statements in a note's text and `naming` makes names unambiguous for one reader; `authors` tells who wrote a
note, and `holders` which notes others rest on; `entries` has the usual ways to write and show notes, `page` and
`common_actions` what several schemes share, and `bm25` scores texts for a search. `relay.trial` decides when changes
are merged into the store, and `relay.trial.contract` has the rules that every scheme keeps.

What the author of a scheme needs can be imported from here ([docs/components.md](../../../docs/components.md)).
"""

from relay.researcher.actions import Action, Purpose, Role, note_action
from relay.researcher.tokens import Counter
from relay.schemes.notes.entries import edited_note, new_note, page_of, struck_note
from relay.schemes.notes.evolving import Evolving
from relay.schemes.notes.journal import Journal
from relay.schemes.notes.ledger import Ledger
from relay.schemes.notes.none import NoNotes
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import (
    CALLABLE,
    FoundNotes,
    Layout,
    Linked,
    Mention,
    NotePlace,
    Notes,
    NoteScheme,
    Opened,
    Outcome,
    Part,
    Refused,
    Several,
    Written,
)
from relay.schemes.notes.wiki import Wiki

__all__ = [
    "CALLABLE", "Action", "Counter", "Evolving", "FoundNotes", "Journal", "Layout", "Ledger", "Linked", "Mention",
    "NoNotes", "Note", "NotePlace", "NoteScheme", "Notes", "Opened", "Outcome", "Part", "Purpose", "Refused", "Role",
    "Several", "Wiki", "Written", "edited_note", "new_note", "note_action", "page_of", "struck_note",
]  # fmt: skip

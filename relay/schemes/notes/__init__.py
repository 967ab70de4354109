"""Note schemes: how what is passed on is laid out, capped, shown, read and written."""

from relay.schemes.notes.journal import Journal
from relay.schemes.notes.ledger import Ledger
from relay.schemes.notes.none import NoNotes
from relay.schemes.notes.note import Note
from relay.schemes.notes.scheme import NoteScheme

__all__ = ["Journal", "Ledger", "NoNotes", "Note", "NoteScheme"]

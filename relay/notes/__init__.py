"""Note schemes: how what is passed on is laid out, capped, shown, read and written."""

from relay.notes.journal import Journal
from relay.notes.ledger import Ledger
from relay.notes.note import Note
from relay.notes.scheme import NoteScheme
from relay.notes.silence import Silence

__all__ = ["Journal", "Ledger", "Note", "NoteScheme", "Silence"]

"""`mark_unchecked`: a charter. Claims whose truth nobody told are marked where they are written down."""

from __future__ import annotations

import re

from relay.records.events import NoteChanged
from relay.records.status import Status
from relay.schemes.handover.charter import Charter, Kept
from relay.schemes.handover.conduct import Conduct

__all__ = ["MarkUnchecked"]

_MARK = re.compile(r"\bunchecked\b", re.IGNORECASE)
UNSURE = ("likely", "guess")
"""What a note may say in the field for how sure its author is, in place of the mark."""


class MarkUnchecked(Charter):
    """A charter: whoever writes down a claim, and was not told whether it is true, marks it as unchecked.

    A chance is a note that a tenure leaves with such a claim of its own; it is kept if what the tenure wrote there has
    the word, or if the note says that its author is not certain. Claims in plain words are not seen.
    """

    rule: str = (
        "Mark what is not checked: wherever you write down a claim of yours, and were not told whether it is true, "
        "add the word `unchecked` in plain words."
    )

    def kept(self, conduct: Conduct) -> Kept:
        """The notes with unchecked claims, and those of them that are marked."""
        open_claims = {
            key
            for key, judged in conduct.stated.items()
            if judged.kind == "claim" and judged.told in (None, Status.UNDECIDED)
        }
        notes = [change for change in conduct.left.values() if not open_claims.isdisjoint(change.statements)]
        return Kept(chances=len(notes), kept=sum(_is_marked(change, conduct) for change in notes))


def _is_marked(change: NoteChanged, conduct: Conduct) -> bool:
    added = "\n".join(conduct.added(change.id, change.text))
    return _MARK.search(added) is not None or change.data.get("sure") in UNSURE

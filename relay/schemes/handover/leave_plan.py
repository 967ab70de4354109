"""`leave_plan`: a charter. The last turn leaves a plan for whoever comes next."""

from __future__ import annotations

from relay.researcher.actions import Purpose
from relay.schemes.handover.charter import Charter, Kept
from relay.schemes.handover.conduct import Conduct
from relay.schemes.handover.plain_words import plain_words

__all__ = ["LeavePlan"]

WORDS = 8
"""Fewest words of a plan: a remark on a statement is shorter."""


class LeavePlan(Charter):
    """A charter: in its last turn each researcher writes down, in plain words, what to do next.

    A chance is a tenure that had a turn, and notes to write in. It is kept if, in its last turn, it wrote eight words
    or more outside of fences that did not stand in that note before. What the words mean is not judged.
    """

    rule: str = (
        "In your last turn, leave a note in plain words for whoever comes next: what you tried in vain, and what to do "
        "next."
    )

    def kept(self, conduct: Conduct) -> Kept:
        """One chance, if there is any."""
        last = conduct.last_turn
        if not last or not conduct.offers(Purpose.WRITE, Purpose.EDIT):
            return Kept()
        changes = (change for deed in conduct.deeds if deed.turn == last for change in deed.changes)
        added = (" ".join(conduct.added(change.id, plain_words(change.text))) for change in changes)
        return Kept(chances=1, kept=int(any(len(text.split()) >= WORDS for text in added)))

"""`never_strike`: a charter. Nobody takes out or changes what another researcher wrote."""

from __future__ import annotations

from relay.researcher.actions import Purpose
from relay.schemes.handover.charter import Charter, Kept
from relay.schemes.handover.conduct import Conduct

__all__ = ["NeverStrike"]

CHANGING = (Purpose.STRIKE, Purpose.EDIT)
"""Purposes of the actions that take out or change what is there. Adding to it is no change."""


class NeverStrike(Charter):
    """A charter: nobody strikes or edits what another researcher wrote.

    A chance is a tenure that could have: the note scheme has an action for it, and a note of another was within reach.
    It is kept if the tenure did so to none.
    """

    rule: str = (
        "Never strike, delete, edit or rewrite a note that another researcher wrote. If it is wrong, say so in a note "
        "of your own."
    )

    def kept(self, conduct: Conduct) -> Kept:
        """One chance, if there is any."""
        changed = {
            change.id
            for deed in conduct.deeds
            if deed.ok and deed.purpose in CHANGING
            for change in deed.changes
            if change.id in conduct.notes
        }
        # whoever changed a note had it within reach, however the scheme lets notes be found
        if not conduct.offers(*CHANGING) or not (conduct.within_reach or changed):
            return Kept()
        return Kept(chances=1, kept=int(not changed))

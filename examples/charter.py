"""A charter: whoever writes cites. `relay run alien --notes wiki --handover examples/charter.py:CiteNotes -g 3`"""

from relay.schemes.handover import Charter, Conduct, Kept


class CiteNotes(Charter):
    """Whoever writes a note cites another one, if there are any."""

    rule: str = "In every note that you write, cite the note that it builds on by its id, as in [1.1.2]."

    def kept(self, conduct: Conduct) -> Kept:
        """A chance is a note that the tenure leaves, where it could read notes of others. It is kept if the note has
        the id of one of these in square brackets."""
        ids = [f"[{note.id}]" for note in conduct.within_reach]
        written = [change.text for change in conduct.left.values() if ids]
        return Kept(chances=len(written), kept=sum(any(id in text for id in ids) for text in written))

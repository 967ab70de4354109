"""The event of what a control writes into the notes of a trial."""

from __future__ import annotations

from typing import Literal

from relay.records.event import Event

CONTROL = "control"
"""The author of notes that interventions wrote."""

Role = Literal["useless", "false", "error", "textbook"]
"""What an intervention wrote a statement for: to be of no use, to be false, to be wrong in one symbol, to teach."""


class Intervened(Event):
    """A trial's control stated something at the end of a generation, and a change of a note follows that holds it. It
    is judged like any statement, and belongs to no tenure. What it is a form of is retained, and not established."""

    type: Literal["intervened"] = "intervened"
    by: str
    """The intervention, by its name in the condition."""
    place: int
    """Its place there, from 1."""
    role: Role
    key: str = ""
    """Hash of the canonical statement."""
    kind: str
    """`define` or `claim`."""
    name: str = ""
    source: str
    rests_on: dict[str, str] = {}
    """Called name, as written in `source` -> key."""
    status: str
    message: str
    concepts: tuple[str, ...] = ()
    """Concepts that a definition is a form of, sorted. Never reported to researchers."""
    note: str
    """Id of the note that holds it."""
    original: str = ""
    """Key of the statement that stood in the note in its place, for an error."""

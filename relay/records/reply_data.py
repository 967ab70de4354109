"""What a reply says, as data: small frozen records, distinguished by `about`.

A reply is text for people and models. Code reads these records and never the text. They hold nothing that the text does
not tell.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field

from relay.records.record import Record, later
from relay.records.status import Status

__all__ = [
    "AgreementData",
    "FoundData",
    "LengthData",
    "MatchData",
    "NoteData",
    "OpenedData",
    "ReplyData",
    "StatementData",
    "ValueData",
]


class AgreementData(Record):
    """At how many points a definition or a term has the values of a phenomenon."""

    number: int
    """The number of the phenomenon."""
    agreed: int
    points: int

    @property
    def rank(self) -> tuple[Fraction, int]:
        """The place among others: the largest share of points comes first, and of equals the lowest number."""
        return -Fraction(self.agreed, max(self.points, 1)), self.number


class LengthData(Record):
    """A definition has the values of phenomena, and is longer than an explanation may be."""

    phenomena: tuple[int, ...]
    """Their numbers."""
    length: int
    """Its term nodes, with those of its helpers."""
    most: int
    """The most that an explanation may have."""


class StatementData(Record):
    """What the reply to a statement says. Of an ill-formed statement only the status is known."""

    about: Literal["statement"] = "statement"
    name: str = ""
    kind: str = ""
    """`define` or `claim`."""
    key: str = ""
    status: Status | None = None
    """The status that was reported; None if it was withheld."""
    explained: tuple[int, ...] | None = None
    """Numbers of the phenomena that a definition was reported to explain; None if nothing was reported."""
    note: str = later("")
    """The id of the note into which the statement was written at once; empty if it was not."""
    near: AgreementData | None = later(None)
    """The phenomenon that a definition which explains none nearly explains; None if none was reported."""
    long: LengthData | None = later(None)
    """The phenomena that a definition would explain if it were shorter; None if none was reported."""


class NoteData(Record):
    """What the reply says to an action that wrote, edited or struck notes: their ids."""

    about: Literal["note"] = "note"
    id: str
    more: tuple[str, ...] = later(())
    """Ids of the notes after the first one."""


class OpenedData(Record):
    """What the reply says to an action that opened a note: its id and its text, in the reader's names."""

    about: Literal["opened"] = "opened"
    id: str
    text: str


class FoundData(Record):
    """What the reply says to a search: the notes that it shows in full."""

    about: Literal["found"] = "found"
    opened: tuple[OpenedData, ...] = ()


class ValueData(Record):
    """What the reply to a term says beside its value."""

    about: Literal["value"] = "value"
    by_machine: bool = False
    """Whether there is no value because the process that computed it failed."""


class MatchData(Record):
    """What the reply to a `match` says: how its term compares with phenomena, best first. Those that the reply only
    counts are not here."""

    about: Literal["match"] = "match"
    agreements: tuple[AgreementData, ...] = ()
    by_machine: bool = later(False)
    """Whether nothing was found because the process that computed it failed."""


ReplyData = Annotated[
    StatementData | NoteData | OpenedData | FoundData | ValueData | MatchData, Field(discriminator="about")
]

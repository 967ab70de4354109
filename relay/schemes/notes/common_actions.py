"""Actions that several note schemes have in the same form."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from relay.researcher.actions import Action, Purpose, Role

__all__ = ["OpenNote", "StrikeNote"]


class OpenNote(Action):
    """Read a note by its id."""

    purpose: ClassVar[Purpose | None] = Purpose.OPEN

    action: Literal["open"] = "open"
    id: Annotated[str, Role.NOTE]


class StrikeNote(Action):
    """Take a note out."""

    purpose: ClassVar[Purpose | None] = Purpose.STRIKE

    action: Literal["strike"] = "strike"
    id: Annotated[str, Role.NOTE]

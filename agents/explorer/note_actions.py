"""Actions that write notes and strike them out, with whatever actions the note scheme has.

The explorer finds the actions in the observation's data, by their purpose and by what their fields hold.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from relay.researcher.actions import NoteAction, Purpose, Role
from relay.researcher.observation import Observation

Action = dict[str, Any]


def note_actions(observation: Observation, entries: Iterable[tuple[str, str]]) -> list[Action]:
    """Return actions that write `entries`, which are pairs of statement and remark, in order.

    There are none if the scheme has no action that the explorer can write notes with.
    """
    offered = _offered(observation, Purpose.WRITE)
    written = (_written(offered, source, remark) for source, remark in entries)
    return [action for action in written if action is not None]


def strike_actions(observation: Observation, ids: Iterable[str]) -> list[Action]:
    """Return actions that strike out the notes with these `ids`. There are none if the scheme does not offer that."""
    offered = _offered(observation, Purpose.STRIKE)
    struck = (_filled(offered, {Role.NOTE: id}) for id in ids)
    return [action for action in struck if action is not None]


def _offered(observation: Observation, purpose: Purpose) -> list[NoteAction]:
    return [action for action in observation.note_actions if action.purpose is purpose]


def _written(offered: list[NoteAction], source: str, remark: str) -> Action | None:
    """Return an action that writes a statement with a remark.

    A field for a statement is preferred to one for free text. If there is no field for the remark, it is part of the
    free text, or left out.
    """
    return (
        _filled(offered, {Role.STATEMENT: source, Role.REMARK: remark})
        or _filled(offered, {Role.STATEMENT: source})
        or _filled(offered, {Role.TEXT: fenced(source), Role.REMARK: remark})
        or _filled(offered, {Role.TEXT: f"{remark}\n{fenced(source)}"})
    )


def _filled(offered: list[NoteAction], values: dict[Role, str]) -> Action | None:
    filled = (action.fill(values) for action in offered)
    return next((action for action in filled if action is not None), None)


def fenced(source: str) -> str:
    """Return a statement as a fenced block in free text."""
    return f"```relay\n{source}\n```"

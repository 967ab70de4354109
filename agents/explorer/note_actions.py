"""Actions that write notes, strike them out and open them, with whatever actions the note scheme has.

The explorer finds the actions in the observation's data, by their purpose and by what their fields hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agents.explorer.answers import Action
from relay.researcher.actions import Purpose, Role, filled, written
from relay.researcher.observation import Observation


def note_actions(observation: Observation, entries: Iterable[tuple[str, str]]) -> list[Action]:
    """Return actions that write `entries`, which are pairs of statement and remark, in order.

    There are none if the scheme has no action that the explorer can write notes with.
    """
    actions = (written(observation.note_actions, source, remark) for source, remark in entries)
    return [action for action in actions if action is not None]


def strike_actions(observation: Observation, ids: Iterable[str]) -> list[Action]:
    """Return actions that strike out the notes with these `ids`. There are none if the scheme does not offer that."""
    struck = (filled(observation.note_actions, Purpose.STRIKE, {Role.NOTE: id}) for id in ids)
    return [action for action in struck if action is not None]


def open_actions(observation: Observation) -> list[Action]:
    """Return actions that open the notes which are only listed, in order. There are none if the scheme does not offer
    that."""
    ids = [entry.id for entry in observation.inheritance.entries if not entry.full]
    opened = (filled(observation.note_actions, Purpose.OPEN, {Role.NOTE: id}) for id in ids)
    return [action for action in opened if action is not None]


def only_opens(observation: Observation, actions: Sequence[Action]) -> bool:
    """Return whether an answer with these actions did nothing but open notes."""
    opening = {action.name for action in observation.note_actions if action.purpose is Purpose.OPEN}
    return bool(actions) and all(action.get("action") in opening for action in actions)

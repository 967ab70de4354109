"""Actions that write notes, in the form that the note scheme offers.

The explorer finds the available actions in the scheme's instructions, as every other agent must.
"""

from __future__ import annotations

from typing import Any

from relay.researcher.observation import Observation

Action = dict[str, Any]


def note_actions(observation: Observation, entries: list[tuple[str, str]]) -> list[Action]:
    """Return actions that write `entries`, which are pairs of statement and remark, in order.

    There are none if the scheme has no notes to write.
    """
    if not entries:
        return []
    if '"record"' in observation.instructions:
        return [{"action": "record", "statement": source, "remark": remark} for source, remark in entries]
    if '"write"' in observation.instructions:
        return [{"action": "write", "text": f"{remark}\n{fenced(source)}"} for source, remark in entries]
    return []


def strike_actions(observation: Observation, ids: list[str]) -> list[Action]:
    """Return actions that strike out the entries with these `ids`. There are none if the scheme does not offer that."""
    if '"strike"' not in observation.instructions:
        return []
    return [{"action": "strike", "id": id} for id in ids]


def fenced(source: str) -> str:
    """Return a statement as a fenced block in free text."""
    return f"```relay\n{source}\n```"

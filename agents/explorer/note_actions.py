"""Writing down what is worth passing on, with whichever actions the note scheme offers.

The explorer reads the scheme's instructions as anybody does: it looks for the actions that they spell out.
"""

from __future__ import annotations

from typing import Any

from relay.researcher.observation import Observation

Action = dict[str, Any]


def note_actions(observation: Observation, entries: list[tuple[str, str]]) -> list[Action]:
    """Actions that write entries (statement, remark) down, best first; none where nothing can be written."""
    if not entries:
        return []
    if '"record"' in observation.instructions:
        return [{"action": "record", "statement": source, "remark": remark} for source, remark in entries]
    if '"write"' in observation.instructions:
        return [{"action": "write", "text": f"{remark}\n{fenced(source)}"} for source, remark in entries]
    return []


def strike_actions(observation: Observation, ids: list[str]) -> list[Action]:
    """Actions that take entries out; none where the scheme has no such thing."""
    if '"strike"' not in observation.instructions:
        return []
    return [{"action": "strike", "id": id} for id in ids]


def fenced(source: str) -> str:
    """A statement as free text carries it."""
    return f"```relay\n{source}\n```"

"""What a researcher can do in a turn. Note schemes add their own actions to these (see `relay.schemes.notes`).

An answer is JSON text `{"actions": [...]}`. Text that is not JSON is read for fences marked ```` ```relay ````: each
statement found there is a `state` action; anything else in it is thinking aloud.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any, Literal

from relay.records.record import Record

MOST_ACTIONS = 32
"""In an answer whose shape is held to a schema."""
LONGEST_TEXT = 4_000
"""Characters of a text in one, where the action does not say."""


class Action(Record):
    """Base of the union; `action` tells the classes apart."""

    action: str


class State(Action):
    """State one definition or claim; costs one evaluation."""

    action: Literal["state"] = "state"
    source: str


class Evaluate(Action):
    """Ask for the value of a closed term on each of the task's public models; costs one evaluation."""

    action: Literal["evaluate"] = "evaluate"
    term: str


class End(Action):
    """End the tenure before its budget is spent."""

    action: Literal["end"] = "end"


def answer_schema(more: Iterable[type[Action]]) -> dict[str, Any]:
    """The JSON schema of an answer: a list of actions, those of the note scheme among them."""
    kinds: tuple[type[Action], ...] = (State, Evaluate, End, *more)
    items = [_schema(kind) for kind in kinds]
    actions = {"type": "array", "items": {"anyOf": items}, "minItems": 1, "maxItems": MOST_ACTIONS}
    return {
        "type": "object",
        "properties": {"actions": actions},
        "required": ["actions"],
        "additionalProperties": False,
    }


@cache
def _schema(kind: type[Action]) -> dict[str, Any]:
    """The schema of one action: every field is there, and every text has an end. Each observation has it, and it takes
    longer to make than all else in one."""
    properties = {}
    for name, schema in kind.model_json_schema()["properties"].items():
        kept = {key: value for key, value in schema.items() if key not in ("title", "default")}
        if kept.get("type") == "string" and "const" not in kept:
            kept.setdefault("maxLength", LONGEST_TEXT)
        properties[name] = kept
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}

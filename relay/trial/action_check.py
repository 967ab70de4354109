"""Checks of the actions of a note scheme, before a trial begins: that they can be told from each other, and that
programs can fill them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from relay.component_code import defined_at
from relay.errors import UsageError
from relay.researcher.actions import Action, End, Evaluate, Match, Role, State, note_action
from relay.schemes.notes.scheme import NoteScheme
from relay.trial.asking import named

__all__ = ["actions_of", "check_actions"]

OWN = tuple(kind.model_fields["action"].default for kind in (State, Evaluate, Match, End))
"""Names of the actions of every researcher."""


def actions_of(notes: NoteScheme) -> tuple[type[Action], ...]:
    """The actions of a note scheme. Raises `UsageError` if they are none."""
    found: object = notes.actions
    who, place = named(notes), defined_at(type(notes))
    if not isinstance(found, tuple):
        item = getattr(found, "__name__", "Pin") if isinstance(found, type) else "Pin"
        raise UsageError(f"{who} {place}: its `actions` must be a tuple; write `actions = ({item},)`")
    for kind in found:
        if not (isinstance(kind, type) and issubclass(kind, Action)):
            raise UsageError(f"{who} has {kind!r} among its `actions` {place}; give subclasses of `Action`")
        if not isinstance(kind.model_fields["action"].default, str):
            raise UsageError(f"{who}: {_nameless(kind, kind.__name__.lower())} {defined_at(kind)}".rstrip())
    return found


def check_actions(notes: NoteScheme) -> None:
    """Check each action of a note scheme: its name, its purpose, and what its fields hold. Raises `UsageError` that
    names the class and its place."""
    names: dict[str, str] = {}
    for kind in actions_of(notes):
        if told := _wrong(kind, names):
            raise UsageError(f"{named(notes)}: {told} {defined_at(kind)}".rstrip())
        names[kind.model_fields["action"].default] = kind.__name__


def _wrong(kind: type[Action], taken: Mapping[str, str]) -> str:
    """What is wrong with an action, in words; empty if nothing is. `taken`: names of actions before it -> classes."""
    schema = kind.model_json_schema()
    name = kind.model_fields["action"].default
    if schema["properties"]["action"].get("const") != name:
        return _nameless(kind, name)
    if name in OWN:
        return f"the name `{name}` of `{kind.__name__}` is taken by an action of every researcher; give another one"
    if name in taken:
        return f"the name `{name}` of `{kind.__name__}` is taken by `{taken[name]}`; give another one"
    if kind.purpose is None:
        return f"`{kind.__name__}` has no `purpose`, so programs can't use it: write `purpose = Purpose.WRITE`"
    for field in note_action(kind).fields:
        shape = schema["properties"][field.name]
        if field.role is not None and not _holds_text(shape, schema.get("$defs", {}), field.role):
            told = f"the field `{kind.__name__}.{field.name}` can't hold any text, as `{field.role!s}` needs"
            return f"{told}: make it a `str`"
    return ""


def _nameless(kind: type[Action], name: str) -> str:
    return f'`{kind.__name__}.action` must be `Literal["{name}"]`: write `action: Literal["{name}"] = "{name}"`'


def _holds_text(shape: Mapping[str, Any], defined: Mapping[str, Any], role: Role) -> bool:
    """Whether a field of this schema can hold what its role says."""
    if (reference := shape.get("$ref")) is not None:
        shape = defined[reference.rpartition("/")[2]]
    if any(_holds_text(each, defined, role) for each in shape.get("anyOf", ())):
        return True
    if role is Role.LINES and shape.get("type") in ("integer", "array"):
        return True
    # a word for how sure one is may be one of a few
    return shape.get("type") == "string" and (role is Role.SURE or not shape.keys() & {"enum", "const"})

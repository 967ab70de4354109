"""What a researcher can do in a turn. Note schemes add their own actions (see `relay.schemes.notes`).

An answer is JSON text `{"actions": [...]}`. If the text is not JSON, each statement in its fences marked ```` ```relay
```` is a `state` action, and the rest of the text is ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator

from relay.records.record import Record, later

MOST_ACTIONS = 32
"""Most actions of an answer that a server generates under the schema."""
LONGEST_TEXT = 4_000
"""Most characters of a text that a server generates in an action, if the action sets no limit of its own."""


class Purpose(StrEnum):
    """What an action does with notes."""

    WRITE = "write"
    """Write a new note."""
    STRIKE = "strike"
    """Take a note out."""
    OPEN = "open"
    """Read a note in full."""
    FIND = "find"
    """Read the notes that fit some words best."""
    EDIT = "edit"
    """Change a note that is there."""


class Role(StrEnum):
    """What a field of a note action holds. A field is marked with `Annotated[str, Role.STATEMENT]`."""

    STATEMENT = "statement"
    """One statement, by its source."""
    REMARK = "remark"
    """Plain words about the statement."""
    TEXT = "text"
    """Free text, with statements in fences marked ```` ```relay ````."""
    NOTE = "note"
    """The id of a note."""
    TITLE = "title"
    """The title of a note."""
    QUOTE = "quote"
    """Text as it stands in a note."""
    LINES = "lines"
    """Numbers of lines of a note, from 1."""
    QUERY = "query"
    """Words that notes are looked for with."""
    SURE = "sure"
    """How sure the author is."""


CERTAINTIES = ("certain", "likely", "guess")
"""The words for how sure an author is. None is a status, so that nothing sounds checked that is not."""


def _certainty(said: object) -> object:
    """What is none of the words counts as nothing said: no note is lost for it."""
    return said if said in CERTAINTIES else ""


Sure = Annotated[Literal["", "certain", "likely", "guess"], BeforeValidator(_certainty), Role.SURE]
"""The author's own word for how sure it is, or nothing."""


class Action(Record):
    """Base of all actions; `action` distinguishes the classes."""

    purpose: ClassVar[Purpose | None] = None
    """What the action does with notes; None if it does anything else."""

    action: str


class State(Action):
    """State one definition or claim. It costs one evaluation, and more if its terms search
    (`relay.checker.pricing`)."""

    action: Literal["state"] = "state"
    source: str
    record: bool = later(False)
    """Whether the statement is written into the notes at once, unless it is refused. `remark` goes with it."""
    remark: str = later("")


class Evaluate(Action):
    """Request the value of a closed term on each of the task's public models. It is paid for as a statement is."""

    action: Literal["evaluate"] = "evaluate"
    term: str


class Match(Action):
    """Hold a term with its parameters, or a function, against the phenomena of its type. It is paid for as a statement
    is."""

    action: Literal["match"] = "match"
    term: str


class End(Action):
    """End the tenure before its budget is spent."""

    action: Literal["end"] = "end"


class NoteField(Record):
    """A field of a note action, for programs."""

    name: str
    role: Role | None = None
    """None if the field is not marked. Programs can't fill such a field."""
    required: bool = True


class NoteAction(Record):
    """An action of a note scheme, for programs: how to use it without reading the scheme's instructions."""

    name: str
    purpose: Purpose | None = None
    fields: tuple[NoteField, ...] = ()

    @property
    def example(self) -> str:
        """The action as JSON with every field left open. Instructions consist of such examples, so that an agent whose
        researcher types actions in another form can replace them."""
        return json.dumps({"action": self.name, **{field.name: "..." for field in self.fields}})

    def fill(self, values: Mapping[Role, str]) -> dict[str, Any] | None:
        """The action with `values` in the fields that have these roles, as it stands in an answer. None if one of
        `values` has no field, or if a field that is required has no value."""
        filled = {field.name: values[field.role] for field in self.fields if field.role and field.role in values}
        placed = {field.role for field in self.fields if field.name in filled}
        if placed != values.keys() or any(field.required and field.name not in filled for field in self.fields):
            return None
        return {"action": self.name, **filled}


@cache
def note_action(kind: type[Action]) -> NoteAction:
    """The data about one action of a note scheme, from the class of the action."""
    fields = tuple(
        NoteField(
            name=name,
            role=next((mark for mark in field.metadata if isinstance(mark, Role)), None),
            required=field.is_required(),
        )
        for name, field in kind.model_fields.items()
        if name != "action"
    )
    return NoteAction(name=kind.model_fields["action"].default, purpose=kind.purpose, fields=fields)


def written(offered: Sequence[NoteAction], source: str, remark: str) -> dict[str, Any] | None:
    """An action of `offered` that writes a statement with a remark into the notes, as it stands in an answer. None if
    there is none.

    A field for a statement is preferred to one for free text. If there is no field for the remark, it is part of the
    free text, or left out.
    """
    fenced = f"```relay\n{source}\n```"
    return (
        filled(offered, Purpose.WRITE, {Role.STATEMENT: source, Role.REMARK: remark})
        or filled(offered, Purpose.WRITE, {Role.STATEMENT: source})
        or filled(offered, Purpose.WRITE, {Role.TEXT: fenced, Role.REMARK: remark})
        or filled(offered, Purpose.WRITE, {Role.TEXT: f"{remark}\n{fenced}"})
    )


def filled(offered: Sequence[NoteAction], purpose: Purpose, values: Mapping[Role, str]) -> dict[str, Any] | None:
    """The first action of `offered` with this purpose that has a field for each of `values`, and needs no more."""
    found = (action.fill(values) for action in offered if action.purpose is purpose)
    return next((action for action in found if action is not None), None)


RECORDING = ("record", "remark")
"""Fields of `State` that the schema of an answer asks for only where a statement is to be recorded."""


def answer_schema(more: Iterable[type[Action]]) -> dict[str, Any]:
    """The JSON schema of an answer: a list of actions. `more` are the actions of the note scheme."""
    more = tuple(more)
    items = [_schema(State, RECORDING), *map(_schema, (Evaluate, Match, End, *more))]
    # every field of a schema is required, so a statement that records itself is an object of its own
    if written([note_action(kind) for kind in more], "", "") is not None:
        recording = _schema(State)
        true = {"record": {"const": True, "type": "boolean"}}
        items.insert(1, {**recording, "properties": {**recording["properties"], **true}})
    actions = {"type": "array", "items": {"anyOf": items}, "minItems": 1, "maxItems": MOST_ACTIONS}
    return {
        "type": "object",
        "properties": {"actions": actions},
        "required": ["actions"],
        "additionalProperties": False,
    }


@cache
def _schema(kind: type[Action], without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The schema of one action, apart from the fields `without`. Every field is required, and every text has a limit,
    so that generation under it ends.

    It is cached, since it is part of every observation and takes longer to make than the rest of the observation.
    """
    properties = {}
    for name, schema in kind.model_json_schema()["properties"].items():
        if name in without:
            continue
        kept = {key: value for key, value in schema.items() if key not in ("title", "default")}
        if kept.get("type") == "string" and kept.keys().isdisjoint(("const", "enum")):
            kept.setdefault("maxLength", LONGEST_TEXT)
        properties[name] = kept
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}

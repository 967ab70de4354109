"""How actions are typed: `ACTION FIELD: value FIELD: value`. The forms are made from the schema of an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from relay.errors import RelayError
from relay.researcher.actions import answer_schema
from relay.text import excerpt

__all__ = ["ActionForm", "Mistyped", "read_forms"]

MARK = re.compile(r"(?:^|(?<=\s))(\w+):(?=\s|$)")
"""A word with a colon, after which the value of a field may begin."""


class Mistyped(RelayError):
    """A line that can't be understood. Nothing is sent, and nothing is charged."""


@dataclass(frozen=True)
class ActionForm:
    """How one action is typed."""

    name: str
    fields: Mapping[str, Mapping[str, Any]]
    """Field -> its schema."""

    @property
    def example(self) -> str:
        """A line that shows how the action is typed."""
        return " ".join([self.name, *(f"{field}: ..." for field in self.fields)])

    def given(self, rest: str) -> dict[str, str]:
        """Field -> text, for the fields in `rest`, the part of the line after the action. The name of the first field
        may be left out."""
        if not self.fields:
            if rest:
                raise Mistyped(f"`{self.name}` takes no value; type it alone on its line.")
            return {}
        found: dict[str, str] = {}
        # text before the first mark is the value of the first field
        field, start = next(iter(self.fields)), 0
        for mark in MARK.finditer(rest):
            before = rest[start : mark.start()].strip()
            # such a mark is part of a value: no field, one that has its value already, or the unnamed first one
            if mark[1] not in self.fields or mark[1] in found or (mark[1] == field and before):
                continue
            if before:
                found[field] = before
            field, start = mark[1], mark.end()
        last = rest[start:].strip()
        return {**found, field: last} if last else found

    def value(self, field: str, text: str) -> Any:
        """The value to send for a field. Raises `Mistyped` if the text can't be a value of the field."""
        schema = self.fields[field]
        if schema.get("type", "string") != "string":
            try:
                return json.loads(text)
            except ValueError:
                raise Mistyped(
                    f"`{field}` must be of type {schema['type']}, written as in JSON, not `{excerpt(text, 40)}`."
                ) from None
        if text not in schema.get("enum", (text,)):
            raise Mistyped(f"`{field}` must be one of {', '.join(schema['enum'])}, not `{excerpt(text, 40)}`.")
        if len(text) > schema.get("maxLength", len(text)):
            raise Mistyped(f"`{field}` may have at most {schema['maxLength']} characters; this text has {len(text)}.")
        return text


def read_forms(answers: Mapping[str, Any]) -> dict[str, ActionForm]:
    """Action -> its form, from the schema of an answer. An empty schema gives the actions that always exist. If an
    action has several variants, people type the first one: they record a statement with an action of its own."""
    forms: dict[str, ActionForm] = {}
    for kind in (answers or answer_schema(()))["properties"]["actions"]["items"]["anyOf"]:
        fields = dict(kind["properties"])
        name = fields.pop("action")["const"]
        forms.setdefault(name, ActionForm(name, fields))
    return forms

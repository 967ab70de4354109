"""The installed components of each kind, with their parameters and defaults, for `relay list`.

The descriptions are read from the classes: a component's summary is the first paragraph of its docstring, and a
parameter's description is the string under its field. No component is built or run.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Annotated, Any

from pydantic import PydanticUserError, TypeAdapter
from pydantic.errors import PydanticInvalidForJsonSchema
from pydantic.fields import FieldInfo

from relay.commands.announcement import each_has
from relay.components import available, default, find
from relay.errors import UsageError
from relay.records.budget import Budget
from relay.records.record import Record
from relay.records.spec import TASK_FILE, spell

__all__ = ["KINDS", "TASK_FILES", "Component", "ComponentParameter", "installed", "words"]

KINDS: Mapping[str, tuple[str, str]] = {
    "tasks": ("relay.tasks", "TASK"),
    "agents": ("relay.agents", "--agent"),
    "models": ("relay.models", "--model"),
    "notes": ("relay.notes", "--notes"),
    "memory": ("relay.memory", "--memory"),
    "truth": ("relay.truth", "--truth"),
    "handover": ("relay.handover", "--handover"),
    "interventions": ("relay.interventions", "--intervention"),
}
"""Kind -> its entry-point group, and the option or argument that selects a component of it."""

LONG = 60
"""Most characters of a parameter with its default, for descriptions to stand in a column beside it."""
TASK_FILES = "The path of a YAML file is a task too; with parameters, 'file(path=FILE.yaml, brief=NAME)'."
"""Printed by `relay list` instead of the task `file`, which the path of a YAML file stands for."""


class ComponentParameter(Record):
    """A parameter of a component."""

    needed: bool
    """Whether the parameter has no default."""
    default: Any
    """The default as JSON data; None for a needed parameter."""
    allowed: str
    """The allowed values in words, as `3 to 9`; empty if the type alone limits them."""
    words: str
    """The description: the string under the field."""


class Component(Record):
    """An installed component."""

    name: str
    summary: str
    parameters: dict[str, ComponentParameter] = {}
    usual: Budget | None = None
    """For an agent: its default budget."""


def installed(kind: str) -> tuple[Component, ...]:
    """Return the components of a kind, sorted by name. If one can't be loaded, its summary says why."""
    group = KINDS[kind][0]
    return tuple(_component(group, name) for name in available(group) if (group, name) != ("relay.tasks", TASK_FILE))


def words(kind: str, components: tuple[Component, ...], width: int) -> str:
    """Return the components of a kind as text with lines of at most `width` characters, unless a word is longer."""
    lines: list[str] = []
    for component in components:
        called = f"{component.name}/NAME" if kind == "models" else component.name
        lines += [
            *([""] if lines else []),
            *textwrap.wrap(f"{called}: {component.summary}", width, subsequent_indent="    "),
        ]
        # All descriptions of one component begin in the same column, one to the right of the longest head. A head that
        # has a whole sentence as its default has no column.
        heads = {name: _head(name, parameter) for name, parameter in component.parameters.items()}
        column = 4 + max((len(head) for head in heads.values() if len(head) <= LONG), default=0) + 3
        for name, parameter in component.parameters.items():
            long = len(heads[name]) > LONG
            head = f"    {heads[name]}{' ' * 3 * long}".ljust(column if parameter.words else 0)
            indent = " " * (8 if long else column)
            lines += textwrap.wrap(head + parameter.words, width, subsequent_indent=indent, break_on_hyphens=False)
        if component.usual:
            lines += textwrap.wrap(f"    default budget: {each_has(component.usual)}", width, subsequent_indent=" " * 8)
    if not components:
        lines.append("No component is installed.")
    if kind == "tasks":
        lines += ["", *textwrap.wrap(TASK_FILES, width)]
    return "\n".join(lines)


def _component(group: str, name: str) -> Component:
    try:
        kind = find(group, name)
    except UsageError as error:  # a broken plugin must not hide the other components
        return Component(name=name, summary=str(error))
    descriptions = _documented(kind)
    parameters = {
        field: ComponentParameter(
            needed=info.is_required(),
            default=None if info.is_required() else default(kind, field),
            allowed=_limit(_schema(info)),
            words=descriptions.get(field, ""),
        )
        for field, info in kind.model_fields.items()
    }
    paragraph = inspect.cleandoc(kind.__doc__ or "").partition("\n\n")[0]
    usual = getattr(kind, "usual", None)
    return Component(
        name=name,
        summary=" ".join(paragraph.split()),
        parameters=parameters,
        usual=usual if isinstance(usual, Budget) else None,
    )


def _documented(kind: type[Record]) -> dict[str, str]:
    """Map each field to the string under it, in the class or in a base class. The nearest class wins.

    Pydantic's `use_attribute_docstrings` is not used: it would parse the sources at every import, and would put the
    strings into the JSON schemas that constrain the answers of language models.
    """
    found: dict[str, str] = {}
    for owner in kind.__mro__:
        if issubclass(owner, Record) and owner is not Record:
            found = dict(_strings(owner)) | found
    return found


def _strings(owner: type) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    except (OSError, TypeError, SyntaxError):  # no source, as for a class made in a console: list it undescribed
        return
    body = tree.body[0].body if isinstance(tree.body[0], ast.ClassDef) else []
    for field, below in pairwise(body):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                yield name, " ".join(text.split())


def _schema(info: FieldInfo) -> Mapping[str, Any]:
    kind: Any = Annotated[info.annotation, *info.metadata] if info.metadata else info.annotation
    try:
        return TypeAdapter(kind).json_schema()
    except (PydanticInvalidForJsonSchema, PydanticUserError):  # a type that JSON schemas can't express
        return {}


def _limit(schema: Mapping[str, Any]) -> str:
    if limits := list(filter(None, map(_limit, schema.get("anyOf", ())))):  # none is the limit of "no value"
        return " or ".join(limits)
    if "enum" in schema:
        return " or ".join(map(str, schema["enum"]))
    least, most, above = (schema.get(key) for key in ("minimum", "maximum", "exclusiveMinimum"))
    if least is not None and most is not None:
        return f"{least} to {most}"
    if above is not None:
        return f"above {above}"
    return f"at least {least}" if least is not None else f"at most {most}" if most is not None else ""


def _head(name: str, parameter: ComponentParameter) -> str:
    allowed = f" ({parameter.allowed})" if parameter.allowed else ""
    return f"{name}{allowed}, required" if parameter.needed else f"{name} = {spell(parameter.default)}{allowed}"

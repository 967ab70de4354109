"""What is installed: the components of each kind, what they are, their parameters and defaults. Read from the classes;
the words for a parameter are the string under its field."""

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
from relay.records.spec import spell

__all__ = ["KINDS", "TASK_FILES", "Component", "ComponentParameter", "installed", "words"]

KINDS: Mapping[str, tuple[str, str]] = {
    "tasks": ("relay.tasks", "TASK"),
    "agents": ("relay.agents", "--agent"),
    "models": ("relay.models", "--model"),
    "notes": ("relay.notes", "--notes"),
    "memory": ("relay.memory", "--memory"),
    "truth": ("relay.truth", "--truth"),
    "handover": ("relay.handover", "steps between notes and successor"),
}
"""Kind -> its entry-point group, and where one is asked for."""

TASK_FILES = "The path of a YAML file is a task too; with parameters, 'file(path=FILE.yaml, brief=NAME)'."
FILE = "file"
"""The component behind such a path."""


class ComponentParameter(Record):
    """A field of a component."""

    needed: bool
    """Whether it has no default."""
    default: Any
    """As JSON has it; None where it is needed."""
    allowed: str
    """The values that it may have, in words, as `3 to 9`; empty where only their type says."""
    words: str


class Component(Record):
    """One that is installed."""

    name: str
    summary: str
    parameters: dict[str, ComponentParameter] = {}
    usual: Budget | None = None
    """Of an agent: what it gets where nothing else is asked for."""


def installed(kind: str) -> tuple[Component, ...]:
    """The components of a kind, by name. One that can't be loaded says why in its summary."""
    group = KINDS[kind][0]
    return tuple(_component(group, name) for name in available(group) if (group, name) != ("relay.tasks", FILE))


def words(kind: str, components: tuple[Component, ...], width: int) -> str:
    """The components of a kind in lines of `width` characters, except where a word is longer."""
    lines: list[str] = []
    for component in components:
        called = f"{component.name}/NAME" if kind == "models" else component.name
        lines += [
            *([""] if lines else []),
            *textwrap.wrap(f"{called}: {component.summary}", width, subsequent_indent="    "),
        ]
        heads = {name: _head(name, parameter) for name, parameter in component.parameters.items()}
        column = 4 + max(map(len, heads.values()), default=0) + 3
        for name, parameter in component.parameters.items():
            head = f"    {heads[name]}".ljust(column if parameter.words else 0)
            lines += textwrap.wrap(
                head + parameter.words, width, subsequent_indent=" " * column, break_on_hyphens=False
            )
        if component.usual:
            lines += textwrap.wrap(f"    usually: {each_has(component.usual)}", width, subsequent_indent=" " * 8)
    if not components:
        lines.append("None is installed.")
    if kind == "tasks":
        lines += ["", *textwrap.wrap(TASK_FILES, width)]
    return "\n".join(lines)


def _component(group: str, name: str) -> Component:
    try:
        kind = find(group, name)
    except UsageError as error:
        return Component(name=name, summary=str(error))
    said = _documented(kind)
    parameters = {
        field: ComponentParameter(
            needed=info.is_required(),
            default=None if info.is_required() else default(kind, field),
            allowed=_limit(_schema(info)),
            words=said.get(field, ""),
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
    """Field -> the string under it, in the class or in one that it derives from.

    Pydantic reads these too, where a model asks for it: at each import, and into the schemas that models are held to.
    """
    found: dict[str, str] = {}
    for owner in kind.__mro__:
        if issubclass(owner, Record) and owner is not Record:
            found = dict(_strings(owner)) | found
    return found


def _strings(owner: type) -> Iterator[tuple[str, str]]:
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(owner)))
    except (OSError, TypeError, SyntaxError):  # its source is not there
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
    except (PydanticInvalidForJsonSchema, PydanticUserError):  # of a type that JSON does not have
        return {}


def _limit(schema: Mapping[str, Any]) -> str:
    for one in schema.get("anyOf", ()):  # none, or a value
        if said := _limit(one):
            return said
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
    return f"{name}{allowed}, needed" if parameter.needed else f"{name} = {spell(parameter.default)}{allowed}"

"""Finds a component by name and builds it from its parameters.

A component is a frozen `Record` whose fields are its configuration. It is found in an entry-point group, where relay's
own components are listed too, or as `path/to/file.py:Name`. Importing a module registers nothing. Every mistake raises
a `UsageError` that names the culprit, what there is, and the fix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic import ValidationError
from pydantic_core import to_jsonable_python

from relay.component_code import defined_at, failing_place, load_file
from relay.errors import UsageError
from relay.records.record import Record
from relay.records.spec import ComponentSpec, code_reference, read_spec
from relay.records.version import DISTRIBUTION
from relay.text import excerpt

__all__ = [
    "GROUPS",
    "available",
    "build",
    "default",
    "differing",
    "distribution",
    "find",
    "resolve",
    "told_agent",
]

GROUPS: Mapping[str, tuple[str, str]] = {
    "relay.agents": ("agent", "answer"),
    "relay.handover": ("hand-over step", "step"),
    "relay.interventions": ("intervention", "intervene"),
    "relay.memory": ("memory scheme", "hand_on"),
    "relay.models": ("provider of models", "complete"),
    "relay.notes": ("note scheme", "show"),
    "relay.tasks": ("task", "build"),
    "relay.truth": ("truth", "of_claim"),
}
"""Entry-point group -> the noun for its components, and a method that each of them must have."""

BASES: Mapping[str, str] = {
    "relay.agents": "Agent",
    "relay.handover": "HandoverStep",
    "relay.interventions": "Intervention",
    "relay.memory": "MemoryScheme",
    "relay.notes": "NoteScheme",
    "relay.truth": "TruthScheme",
}
"""Entry-point group -> the name of the base class of its components; those of the others have none of their own."""


def available(group: str) -> tuple[str, ...]:
    """Names of the installed components of a group, sorted."""
    return tuple(sorted(_entries(group)))


def find(group: str, name: str) -> type[Record]:
    """The class of the component `name`, which is installed under this name or is given as `path/to/file.py:Name`.
    Raises `UsageError` if there is none."""
    noun, method = GROUPS[group]
    if (reference := code_reference(name)) is not None:
        found = _from_file(name, *reference, noun)
    else:
        entries = _entries(group)
        if name not in entries and name.endswith(".py"):
            raise UsageError(f"the {noun} `{name}` names a file and no class in it; {_classes_to_give(Path(name))}")
        if name not in entries:
            raise UsageError(
                f"there is no {noun} named `{name}`{_close(name, entries)}; "
                f"available: {', '.join(sorted(entries)) or 'none'}; or give path/to/file.py:Name"
                f"{' or the path of a .yaml file' if noun == 'task' else ''}"
            )
        try:
            found = entries[name].load()
        except (ImportError, AttributeError) as error:
            raise UsageError(f"the {noun} `{name}` is installed but can't be loaded: {error}; reinstall it") from None
    if not (isinstance(found, type) and issubclass(found, Record) and callable(getattr(found, method, None))):
        raise UsageError(f"`{name}` is {_no_such_kind(group, found)}")
    return found


def build(group: str, source: str | Mapping[str, Any] | ComponentSpec) -> Any:
    """The component that a text or a piece of YAML describes. Raises `UsageError` if it can't be built."""
    spec = read_spec(source)
    kind = find(group, spec.name)
    try:
        return kind.model_validate(spec.parameters)
    except ValidationError as error:
        raise UsageError(_misbuilt(error, group, spec, kind) or _explain(error, group, spec, kind)) from None
    except (Exception, SystemExit) as error:  # its author's mistake, whatever it is
        raise UsageError(_misbuilt(error, group, spec, kind) or _unmade(error, group, spec, kind)) from error


def resolve(group: str, source: str | Mapping[str, Any] | ComponentSpec) -> ComponentSpec:
    """The spec of a component with every parameter written out, including defaults."""
    spec = read_spec(source)
    component = build(group, spec)
    return ComponentSpec(name=spec.name, parameters=component.model_dump(mode="json"))


def differing(group: str, source: str | Mapping[str, Any] | ComponentSpec) -> ComponentSpec:
    """The spec of a component without the parameters that equal their defaults. If a parameter is a model, or several,
    their specs are shortened in the same way.

    If the component is in a file or is not installed, its defaults are unknown and nothing is left out.
    """
    spec = read_spec(source)
    try:
        if code_reference(spec.name) is not None:
            return spec
        kind = find(group, spec.name)
    except UsageError:
        return spec
    kept = {}
    for key, value in spec.parameters.items():
        if key in kind.model_fields and default(kind, key) == value:
            continue
        kept[key] = [_shortened(each) for each in value] if isinstance(value, list | tuple) else _shortened(value)
    return spec.model_copy(update={"parameters": kept})


def _shortened(value: Any) -> Any:
    """A parameter, without the defaults of the model that it may be."""
    nested = isinstance(value, Mapping) and set(value) == {"name", "parameters"}
    return differing("relay.models", value).model_dump(mode="json") if nested else value


def told_agent(source: str | Mapping[str, Any] | ComponentSpec) -> ComponentSpec:
    """An agent's spec as people see it. If the agent has a model, only the parameters that differ from their defaults
    are kept, because there are many.

    The spec of any other agent is returned whole, because looking up its defaults takes longer than showing a trial.
    """
    agent = read_spec(source)
    return differing("relay.agents", agent) if "model" in agent.parameters else agent


def default(kind: type[Record], field: str) -> Any:
    """The default of a field as JSON data, or as text if JSON can't represent it; `...` if the field is required."""
    info = kind.model_fields[field]
    return ... if info.is_required() else to_jsonable_python(info.get_default(call_default_factory=True), fallback=str)


def distribution(group: str, name: str) -> tuple[str, str] | None:
    """The name and the version of the distribution that has installed a component; None for relay's own components and
    for those in files."""
    entry = None if code_reference(name) is not None else _entries(group).get(name)
    if entry is None or entry.dist is None or entry.dist.name == DISTRIBUTION:
        return None
    return entry.dist.name, entry.dist.version


@cache
def _entries(group: str) -> dict[str, EntryPoint]:
    found = sorted(_installed().select(group=group), key=lambda entry: (entry.name, entry.value))
    return {entry.name: entry for entry in found}


@cache
def _installed() -> Any:
    # Reading the metadata of all installed distributions is slow, so it is done once for all groups. The type of the
    # result depends on the version of Python; all have `select`.
    return entry_points()


def _from_file(name: str, file: str, attribute: str, noun: str) -> Any:
    path = Path(file)
    if not path.is_file():
        raise UsageError(f"the {noun} `{name}` names a file that does not exist: {path}; give path/to/file.py:Name")
    module = load_file(path)
    if not hasattr(module, attribute):
        there = _own_classes(module)
        has = f"it has: {', '.join(there)}" if there else "it has no classes"
        raise UsageError(f"`{path}` has no `{attribute}`{_close(attribute, there)}; {has}")
    return getattr(module, attribute)


def _own_classes(module: ModuleType) -> list[str]:
    """Names of the classes that a module defines itself, sorted, without private ones."""
    found = (key for key, value in vars(module).items() if isinstance(value, type) and not key.startswith("_"))
    return sorted(key for key in found if vars(module)[key].__module__ == module.__name__)


def _classes_to_give(path: Path) -> str:
    """How to name a class in a file."""
    if not path.is_file():
        return "the file does not exist; give path/to/file.py:Name"
    there = _own_classes(load_file(path))
    return f"give {' or '.join(f'{path}:{name}' for name in there) or f'{path}:Name'}"


def _no_such_kind(group: str, found: object) -> str:
    """What a value is that is no component of a group, and what was expected."""
    noun, method = GROUPS[group]
    base = f"a subclass of `{BASES[group]}`" if group in BASES else "a frozen `relay.records.record.Record`"
    above = {kind.__name__ for kind in getattr(found, "__mro__", ())}
    other = next((GROUPS[each][0] for each, name in BASES.items() if each != group and name in above), None)
    if other is None:
        return f"no {noun}: expected {base} with a method `{method}`"
    return f"{_article(other)} {other}; expected {_article(noun)} {noun} ({base} with a method `{method}`)"


def _article(noun: str) -> str:
    return "an" if noun[0] in "aeiou" else "a"


def _misbuilt(error: BaseException, group: str, spec: ComponentSpec, kind: type[Record]) -> str:
    """What is told of a component whose own constructor sets what a record can't have set; empty if that is not so."""
    frozen = isinstance(error, ValidationError) and any(each["type"] == "frozen_instance" for each in error.errors())
    if kind.__init__ is Record.__init__ or not (frozen or isinstance(error, AttributeError | TypeError)):
        return ""
    where = defined_at(kind, "__init__")
    return f"the {GROUPS[group][0]} `{spec.name}` has an `__init__` {where}; don't write `__init__`: declare fields"


def _close(name: str, there: Any) -> str:
    match = get_close_matches(name, sorted(there), n=1, cutoff=0.5)
    return f" (did you mean `{match[0]}`?)" if match else ""


def _explain(error: ValidationError, group: str, spec: ComponentSpec, kind: type[Record]) -> str:
    noun = GROUPS[group][0]
    # a misspelt parameter first: that another one is missing often follows from it
    errors = sorted(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    first = errors[0]
    key = _place(first["loc"], spec.parameters)
    fields = sorted(kind.model_fields)
    if first["type"] == "extra_forbidden":
        has = f"it has: {', '.join(fields)}" if fields else "it has none"
        return f"the {noun} `{spec.name}` has no parameter `{key}`{_close(key, fields)}; {has}"
    if first["type"] == "missing":
        return f"the {noun} `{spec.name}` needs `{key}`{_mend(group, spec, key)}"
    given = first.get("input")
    # a value of several types fails for each of them
    same = [each["msg"] for each in errors if _place(each["loc"], spec.parameters) == key]
    messages = (each.removeprefix("Value error, ") for each in dict.fromkeys(same))
    message = ", or ".join(each[:1].lower() + each[1:] for each in messages)
    if not first["loc"]:  # it is about several parameters together
        return f"the {noun} `{spec.name}` can't be so: {message}"
    return f"the {noun} `{spec.name}` can't have {key}={given!r}: {message}{_mend(group, spec, key)}"


def _place(loc: Sequence[int | str], parameters: Any) -> str:
    """The parameter that an error is about. Parts of its place that name one of several types are left out."""
    parts: list[str] = []
    for part in loc:
        if isinstance(parameters, Mapping):
            parameters = parameters.get(str(part))
        elif isinstance(parameters, list | tuple) and isinstance(part, int):
            parameters = parameters[part] if part < len(parameters) else None
        elif parts:
            continue
        parts.append(str(part))
    return ".".join(parts) or "?"


def _unmade(error: BaseException, group: str, spec: ComponentSpec, kind: type[Record]) -> str:
    """Why a component can't be made: what it lacks, or what it raised."""
    who = f"the {GROUPS[group][0]} `{spec.name}`"
    if lacking := sorted(getattr(kind, "__abstractmethods__", ())):
        names = " and ".join(f"`{name}`" for name in lacking)
        return f"{who} lacks {names} {defined_at(kind)}; define what is missing"
    place = failing_place(error) or f"`{kind.__name__}` {defined_at(kind)}"
    what = excerpt(" ".join(f"{type(error).__name__}: {error}".split()), 300)
    return f"{who} can't be made: {what} in {place}; fix it there"


def _mend(group: str, spec: ComponentSpec, key: str) -> str:
    """The hint on how to give the parameter `key`. It is empty for the name of a model, which is a part of the spec
    itself."""
    if group == "relay.models":
        return "" if key == "name" else f"; give -M {key}=..."
    return f"; write {spec.name}({key}=...)"

"""Finds a component by name and builds it from its parameters.

A component is a frozen `Record` whose fields are its configuration. It is found in an entry-point group, where relay's
own components are listed too, or as `path/to/file.py:Name`. Importing a module registers nothing. Every mistake raises
a `UsageError` that names the culprit, what there is, and the fix.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
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
        raise UsageError(
            f"`{name}` is no {noun}: expected a frozen `relay.records.record.Record` with a method `{method}`"
        )
    return found


def build(group: str, source: str | Mapping[str, Any] | ComponentSpec) -> Any:
    """The component that a text or a piece of YAML describes. Raises `UsageError` if it can't be built."""
    spec = read_spec(source)
    kind = find(group, spec.name)
    try:
        return kind.model_validate(spec.parameters)
    except ValidationError as error:
        raise UsageError(_explain(error, group, spec, kind)) from None
    except (Exception, SystemExit) as error:  # its author's mistake, whatever it is
        raise UsageError(_unmade(error, group, spec, kind)) from error


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
        there = [key for key, value in vars(module).items() if isinstance(value, type) and not key.startswith("_")]
        raise UsageError(f"`{path}` has no `{attribute}`{_close(attribute, there)}; it has: {', '.join(sorted(there))}")
    return getattr(module, attribute)


def _close(name: str, there: Any) -> str:
    match = get_close_matches(name, sorted(there), n=1, cutoff=0.5)
    return f" (did you mean `{match[0]}`?)" if match else ""


def _explain(error: ValidationError, group: str, spec: ComponentSpec, kind: type[Record]) -> str:
    noun = GROUPS[group][0]
    # a misspelt parameter first: that another one is missing often follows from it
    first = min(error.errors(include_url=False), key=lambda found: found["type"] != "extra_forbidden")
    key = ".".join(map(str, first["loc"])) or "?"
    fields = sorted(kind.model_fields)
    if first["type"] == "extra_forbidden":
        has = f"it has: {', '.join(fields)}" if fields else "it has none"
        return f"the {noun} `{spec.name}` has no parameter `{key}`{_close(key, fields)}; {has}"
    if first["type"] == "missing":
        return f"the {noun} `{spec.name}` needs `{key}`{_mend(group, spec, key)}"
    given = first.get("input")
    message = first["msg"].removeprefix("Value error, ")
    message = message[:1].lower() + message[1:]
    if not first["loc"]:  # it is about several parameters together
        return f"the {noun} `{spec.name}` can't be so: {message}"
    return f"the {noun} `{spec.name}` can't have {key}={given!r}: {message}{_mend(group, spec, key)}"


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

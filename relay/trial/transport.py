"""Transport: parameters of models that change how fast or by which way they answer, but no answer.

They are no part of a condition. What a command gave of them is kept in `transport.json` in the trial's directory, by
the place of the component: `{"agent.model": {"timeout": 60.0}}`. The file has no hash and may be edited.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from relay.component_files import model_specs, put_model
from relay.components import default, find
from relay.errors import UsageError
from relay.records.files import write_whole
from relay.records.marks import is_transport
from relay.records.record import Record
from relay.records.spec import ComponentSpec
from relay.records.user_files import read_user_file

__all__ = ["TransportGiven", "joined", "merged", "placed", "read_transport", "split", "write_transport"]

TransportGiven = dict[str, dict[str, Any]]
"""Place of a component -> its parameters that are transport and were given."""


def split(place: str, group: str, spec: ComponentSpec) -> tuple[ComponentSpec, TransportGiven]:
    """A resolved spec without transport, and the transport in it that differs from its defaults."""
    kind = find(group, spec.name)
    own = {name: value for name, value in spec.parameters.items() if is_transport(kind, name)}
    kept = {name: value for name, value in spec.parameters.items() if name not in own}
    differing = {name: value for name, value in own.items() if _differs(kind, name, value)}
    given = {place: differing} if differing else {}
    for name, model in model_specs(kind, dict(kept)):
        inner, more = split(f"{place}.{name}", "relay.models", model)
        put_model(kept, name, inner)
        given |= more
    return ComponentSpec(name=spec.name, parameters=kept), given


def joined(place: str, group: str, spec: ComponentSpec, transport: Mapping[str, Mapping[str, Any]]) -> ComponentSpec:
    """The spec with the transport of its place. Raises `UsageError` if that holds a parameter that is no transport."""
    kind = find(group, spec.name)
    own = transport.get(place, {})
    for name in own:
        if not is_transport(kind, name):
            raise _no_transport(kind, spec, name)
    parameters = {**spec.parameters, **own}
    for name, model in model_specs(kind, spec.parameters):
        put_model(parameters, name, joined(f"{place}.{name}", "relay.models", model, transport))
    return ComponentSpec(name=spec.name, parameters=parameters)


def placed(place: str, group: str, spec: ComponentSpec, options: Mapping[str, Any]) -> TransportGiven:
    """Options of a model as transport of every model among the parameters of a component; `joined` says whether they
    are transport. Raises `UsageError` if there is no model."""
    models = [name for name, _ in model_specs(find(group, spec.name), spec.parameters)]
    if not models:
        raise UsageError(f"-M sets a parameter of a model, and the agent `{spec.name}` has none; leave -M out")
    return {f"{place}.{name}": dict(options) for name in models}


def merged(*given: Mapping[str, Mapping[str, Any]]) -> TransportGiven:
    """Several transports as one. Of a parameter that is in several of them, the last one counts."""
    found: TransportGiven = {}
    for each in given:
        for place, parameters in each.items():
            found.setdefault(place, {}).update(parameters)
    return found


def read_transport(path: Path) -> TransportGiven:
    """The transport in a file; empty if there is no file. Raises `UsageError` if it can't be read."""
    try:
        data = json.loads(read_user_file(path))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise UsageError(f"{path} can't be read ({error}); fix it or remove it") from None
    if not (isinstance(data, dict) and all(isinstance(value, dict) for value in data.values())):
        raise UsageError(f'{path} holds no transport; write {{"agent.model": {{"timeout": 60}}}}, or remove it')
    return data


def write_transport(path: Path, transport: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the transport to a file, if the file does not hold it already."""
    if merged(transport) != read_transport(path):
        write_whole(path, json.dumps(transport, indent=2) + "\n")


def _differs(kind: type[Record], name: str, value: Any) -> bool:
    return name not in kind.model_fields or default(kind, name) != value


def _no_transport(kind: type[Record], spec: ComponentSpec, name: str) -> UsageError:
    known = sorted({*kind.model_fields, *getattr(kind, "undeclared_transport", ())})
    there = ", ".join(each for each in known if is_transport(kind, each)) or "none"
    return UsageError(
        f"`{name}` can't be changed in a trial that has begun; of `{spec.name}` these can: {there}; start a new trial "
        "for anything else"
    )

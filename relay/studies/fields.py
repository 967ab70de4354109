"""The condition in a study's file: plain data in the words of `relay run`, which axes and controls change."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from relay.errors import UsageError
from relay.records.condition import Condition
from relay.records.prices import PriceTable
from relay.records.spec import ComponentSpec, read_spec
from relay.researcher.model import read_model
from relay.trial.resolve import Schemes, Source, resolve_condition

__all__ = ["Fields", "resolved", "with_field", "with_step"]

Fields = Mapping[str, Any]
"""Field of a study's condition -> its value, as the file has it."""

CHAIN = ("generations", "width")


def with_field(fields: Fields, field: str, value: Any) -> dict[str, Any]:
    """Return the fields with one of them set, or a part of one, such as `notes.cap` or `budget.evaluations`."""
    whole, dot, part = field.partition(".")
    if not dot:
        return {**fields, whole: value}
    if whole == "budget":
        return {**fields, whole: {**_budget(fields), part: value}}
    if whole == "model":
        return {**fields, "model_options": {**_options(fields), part: value}}
    if whole not in fields:
        raise UsageError(
            f"the axis `{field}` sets a part of `{whole}`, which the condition does not name; add it there"
        )
    spec = read_spec(fields[whole])
    return {**fields, whole: spec.model_copy(update={"parameters": {**spec.parameters, part: value}})}


def with_step(fields: Fields, field: str, spec: Source) -> dict[str, Any]:
    """Return the fields with one more hand-over step or intervention, after those that are there."""
    return {**fields, field: [*listed(fields, field), spec]}


def listed(fields: Fields, field: str) -> list[Source]:
    """Return the hand-over steps, the interventions or the personas of the fields."""
    found = fields.get(field) or []
    return list(found) if isinstance(found, list | tuple) else [found]


def resolved(fields: Fields, seed: int) -> Condition:
    """Return the resolved condition of the fields with a seed. Raises `UsageError` on any mistake."""
    if "task" not in fields:
        raise UsageError("the condition of the study names no task; add `task: alien`, or another")
    schemes = Schemes(
        **{name: fields[name] for name in ("notes", "memory", "truth") if name in fields},
        handover=tuple(listed(fields, "handover")),
        interventions=tuple(listed(fields, "interventions")),
        personas=tuple(Path(str(each)) for each in listed(fields, "personas")),
    )
    chain = {name: _whole(name, fields[name]) for name in CHAIN if name in fields}
    prices = fields.get("prices")
    return resolve_condition(
        _task(fields["task"]),
        agent=_agent(fields),
        schemes=schemes,
        budget=_budget(fields),
        prices=None if prices is None else PriceTable.read(Path(str(prices))),
        seed=seed,
        **chain,
    )


def _agent(fields: Fields) -> ComponentSpec:
    """Return the agent: `llm` with the model, if one is named, else the explorer, unless the fields say which."""
    model = fields.get("model")
    spec = read_spec(fields.get("agent") or ("explorer" if model is None else "llm"))
    parameters = dict(spec.parameters)
    if model is not None:
        parameters["model"] = read_model(str(model), _options(fields)).model_dump(mode="json")
    elif _options(fields):
        raise UsageError("model_options are parameters of a model, and no model is named; add `model: provider/name`")
    for switch in ("grammar", "disguise"):
        if fields.get(switch) is not None:
            parameters[switch] = fields[switch]
    return ComponentSpec(name=spec.name, parameters=parameters)


def _options(fields: Fields) -> dict[str, Any]:
    options = fields.get("model_options") or {}
    if not isinstance(options, Mapping):
        raise UsageError(f"model_options are a mapping such as `{{temperature: 0.7}}`, not {options!r}")
    return dict(options)


def _task(task: Source) -> Source:
    """Return the task; the path of a YAML file stands for the task `file`."""
    if isinstance(task, str) and task.lower().endswith((".yaml", ".yml")):
        return ComponentSpec(name="file", parameters={"path": task})
    return task


def _budget(fields: Fields) -> dict[str, Any]:
    budget = fields.get("budget") or {}
    if not isinstance(budget, Mapping):
        raise UsageError(f"a budget is a mapping such as `{{evaluations: 8000}}`, not {budget!r}")
    return dict(budget)


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise UsageError(f"{name} is a whole number from 1, not {value!r}")
    return value

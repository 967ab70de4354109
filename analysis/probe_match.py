"""Whether a probe is comparable with a trial, so that its recall may be subtracted from the trial's.

The task must be the same (the same `task.json`: parameters, brief, given operations, statement size). These must agree
too:

- the agent and its model, and the files that they are read from;
- everything that determines answers: temperature, the provider's parameters, the decoding grammar;
- the words that the model reads: the disguise.

These may differ:

- the rules: a probe has rules of its own;
- draws and budgets: they only determine how thorough the probe is;
- seeds, if the task is the same;
- truth, notes and memory: a probe has one turn, so none of them has an effect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.probe import model_of
from relay.records.condition import FILES
from relay.records.spec import ComponentSpec, spell

RULES = "rules"
"""The parameter of an agent that names its rules."""


@dataclass(frozen=True)
class Mismatch:
    """How the conditions of a probe and of a trial differ, in words."""

    there: str
    """The probe's side of the difference."""
    here: str
    """The trial's side of the difference."""
    another: bool
    """Whether the researchers are altogether different: their models are not the same, or at least one has no model."""


def mismatch(there: Mapping[str, Any], here: Mapping[str, Any]) -> Mismatch | None:
    """Return how the condition of a probe, `there`, differs from that of a trial of the same task, `here`.

    Returns None if they are comparable.
    """
    one, other = _traits(there), _traits(here)
    keys = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
    if not keys:
        return None
    if not (one.get("model") and one.get("model") == other.get("model")):
        return Mismatch(there=words(there), here=words(here), another=True)
    first, second = (", ".join(_spelt(key, traits.get(key)) for key in keys) for traits in (one, other))
    return Mismatch(there=first, here=second, another=False)


def words(condition: Mapping[str, Any]) -> str:
    """Name the researcher of a condition: its model, or the agent if it uses none."""
    return model_of(condition) or str(ComponentSpec.model_validate(condition["agent"]))


def _traits(condition: Mapping[str, Any]) -> dict[str, Any]:
    """Return what must agree between comparable conditions, by name.

    Empty and false values are left out: conditions written before a parameter existed lack it, and count as equal.
    """
    agent = ComponentSpec.model_validate(condition["agent"])
    found: dict[str, Any] = {"agent": agent.name}
    found |= {key: value for key, value in agent.parameters.items() if key != RULES}
    found |= {f"file {name}": sha256[:12] for name, sha256 in _files(condition, str(agent.parameters.get(RULES)))}
    if (named := model_of(condition)) is not None:
        parameters = found["model"].get("parameters") or {}
        # the name is compared as a part of the model's
        found |= {f"-M {key}": value for key, value in parameters.items() if key != "name"}
        found["model"] = named
    return {key: value for key, value in found.items() if not _absent(value)}


def _files(condition: Mapping[str, Any], rules: str) -> Iterator[tuple[str, str]]:
    """Yield the names and the hashes of the files that the agent of a condition and its model use, without its rules.

    The rules that relay ships are copied to `files/relay/`.
    """
    for name, copy in (condition.get("files") or {}).items():
        if "agent" in copy.get("used_by", ()) and name != rules and not name.startswith(f"{FILES}/relay/"):
            yield name, str(copy.get("sha256"))


def _absent(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})


def _spelt(key: str, value: Any) -> str:
    if value is None:
        return f"no {key}"
    return f"{key}={spell(value)}" if key.startswith("-M") else f"{key} {spell(value)}"

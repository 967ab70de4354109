"""Whether a probe and a trial are of one kind, so that what the probe knew may be taken off what the trial found.

These have to agree, beside the task (the same `task.json`: parameters, brief, what is given, length of statements): the
agent and its model, all that its answers come from (temperature, the provider's parameters, the decoding grammar), and
the words that it reads (the disguise).

These need not: the rules, since a probe asks with rules of its own; how a model is served; draws and budgets, which say
how hard a probe tried; seeds, where the task is the same; truth, notes and memory, since in a probe nothing comes back,
and nothing comes before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from analysis.probe import model_of
from relay.records.spec import ComponentSpec, spell

ASKING = frozenset({"rules", "rules_sha256"})
"""Parameters of an agent that say how it is asked."""
SERVING = frozenset({
    "concurrency", "enforce_eager", "gpu_memory_utilization", "max_model_len", "max_num_seqs", "name",
    "tensor_parallel_size", "timeout",
})  # fmt: skip
"""Parameters of a provider that say how fast it answers and not what; the name of a model is looked at by itself."""


@dataclass(frozen=True)
class Mismatch:
    """Where two conditions differ, in words: what each has."""

    there: str
    here: str
    another: bool
    """Whether it was another researcher altogether."""


def mismatch(there: Mapping[str, Any], here: Mapping[str, Any]) -> Mismatch | None:
    """How the condition of a probe differs from that of a trial of the same task; None where they are of one kind."""
    one, other = _traits(there), _traits(here)
    keys = sorted(key for key in {*one, *other} if one.get(key) != other.get(key))
    if not keys:
        return None
    if not (one.get("model") and one.get("model") == other.get("model")):
        return Mismatch(there=words(there), here=words(here), another=True)
    first, second = (", ".join(_told(key, traits.get(key)) for key in keys) for traits in (one, other))
    return Mismatch(there=first, here=second, another=False)


def words(condition: Mapping[str, Any]) -> str:
    """The researcher of a condition: its model, or itself where it asks none."""
    return model_of(condition) or str(ComponentSpec.model_validate(condition["agent"]))


def _traits(condition: Mapping[str, Any]) -> dict[str, Any]:
    """What has to agree, by name. What is empty or off counts as not there: older conditions lack later parameters."""
    agent = ComponentSpec.model_validate(condition["agent"])
    found: dict[str, Any] = {"agent": agent.name}
    found |= {key: value for key, value in agent.parameters.items() if key not in ASKING}
    if (named := model_of(condition)) is not None:
        parameters = found["model"].get("parameters") or {}
        found |= {f"-M {key}": value for key, value in parameters.items() if key not in SERVING}
        found["model"] = named
    return {key: value for key, value in found.items() if not _absent(value)}


def _absent(value: Any) -> bool:
    return value is None or value is False or value in ("", [], {})


def _told(key: str, value: Any) -> str:
    if value is None:
        return f"no {key}"
    return f"{key}={spell(value)}" if key.startswith("-M") else f"{key} {spell(value)}"

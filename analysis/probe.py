"""A probe: a trial of one generation with one turn and no notes. The condition alone tells whether a trial is a probe.

A probe measures prior knowledge: concepts credited in it were known to the researcher, or found at once. Each
researcher of the generation is called a draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from typing import Any

from analysis.trials import Trial
from relay.errors import UsageError
from relay.records.measures import depth_weighted_recall, depths


@dataclass(frozen=True)
class Probe:
    """The findings of one probe."""

    directory: str
    draws: tuple[tuple[str, ...], ...]
    """For each draw, the sorted ids of the concepts that it defined."""


@dataclass(frozen=True)
class ProbeFindings:
    """The findings of several probes of one task and one researcher."""

    probes: tuple[Probe, ...]
    depth: dict[str, int]
    """Concept id -> depth, for every concept of the task."""

    @property
    def draws(self) -> tuple[tuple[str, ...], ...]:
        """The draws of all probes, in order."""
        return tuple(draw for probe in self.probes for draw in probe.draws)

    @property
    def concepts(self) -> tuple[str, ...]:
        """Sorted ids of the concepts that at least one draw defined."""
        return tuple(sorted({concept for draw in self.draws for concept in draw}))

    @property
    def depth_weighted_recall(self) -> float:
        """Depth-weighted recall of all draws together, 0 to 1: the recall to be subtracted."""
        return depth_weighted_recall(self.concepts, self.depth)

    @property
    def mean_depth_weighted_recall(self) -> float:
        """Mean depth-weighted recall of a single draw, 0 to 1."""
        return fsum(depth_weighted_recall(draw, self.depth) for draw in self.draws) / len(self.draws)

    def record(self) -> dict[str, Any]:
        """Return the findings as JSON data."""
        return {
            "draws": [list(draw) for draw in self.draws],
            "probed": list(self.concepts),
            "depth_weighted_recall": self.depth_weighted_recall,
            "mean_depth_weighted_recall": self.mean_depth_weighted_recall,
        }


def is_probe(condition: Mapping[str, Any]) -> bool:
    """Return whether a condition, as read from `condition.yaml`, is that of a probe."""
    try:
        one = condition["generations"] == 1 and condition["budget"]["turns"] == 1
        more = condition.get("handover") or condition.get("personas")
        return bool(one and condition["notes"]["name"] == "none" and not more)
    except (KeyError, TypeError):
        return False


def model_of(condition: Mapping[str, Any]) -> str | None:
    """Return `provider/name` of the agent's model; None if the agent uses no model."""
    agent = condition.get("agent")
    parameters = agent.get("parameters") if isinstance(agent, Mapping) else None
    model = parameters.get("model") if isinstance(parameters, Mapping) else None
    if not isinstance(model, Mapping):
        return None
    return f"{model.get('name', '?')}/{(model.get('parameters') or {}).get('name', '?')}"


def probe_findings(trial: Trial) -> ProbeFindings:
    """Return the findings of a probe. Raises `UsageError` if the trial is no probe or has not ended."""
    if not is_probe(trial.condition):
        raise UsageError(
            f"{trial.directory} is no probe: a probe is a trial of one generation with one turn and no notes; "
            "`relay probe` makes one"
        )
    if not trial.rows:
        raise UsageError(f"the probe in {trial.directory} has not ended; `relay resume` continues it")
    probe = Probe(directory=trial.directory, draws=trial.rows[0].credited)
    return ProbeFindings(probes=(probe,), depth=depths(trial.task.concepts))

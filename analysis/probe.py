"""A probe: a trial of one generation with one turn and no notes, known by its condition alone.

What was credited in it its researcher knew, or found at once. Each researcher of the generation is a draw.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum
from pathlib import Path
from typing import Any

from analysis.frontier import depths, recall
from analysis.trials import Trial, events
from relay.errors import UsageError
from relay.records.events import Credited


@dataclass(frozen=True)
class Probe:
    """What one probe found."""

    directory: str
    draws: tuple[tuple[str, ...], ...]
    """Ids of the concepts that each draw defined, sorted."""


@dataclass(frozen=True)
class ProbeFindings:
    """What probes of one task and one researcher found together."""

    probes: tuple[Probe, ...]
    depth: dict[str, int]
    """Of every concept of the task."""

    @property
    def draws(self) -> tuple[tuple[str, ...], ...]:
        """Of all probes, in order."""
        return tuple(draw for probe in self.probes for draw in probe.draws)

    @property
    def concepts(self) -> tuple[str, ...]:
        """What some draw defined, sorted."""
        return tuple(sorted({concept for draw in self.draws for concept in draw}))

    @property
    def depth_weighted_recall(self) -> float:
        """Of the union of all draws: the recall to be subtracted."""
        return recall(self.concepts, self.depth)

    @property
    def mean_depth_weighted_recall(self) -> float:
        """Of one draw, on average."""
        return fsum(recall(draw, self.depth) for draw in self.draws) / len(self.draws)

    def record(self) -> dict[str, Any]:
        """Its keys in JSON."""
        return {
            "draws": [list(draw) for draw in self.draws],
            "probed": list(self.concepts),
            "depth_weighted_recall": self.depth_weighted_recall,
            "mean_depth_weighted_recall": self.mean_depth_weighted_recall,
        }


def is_probe(condition: Mapping[str, Any]) -> bool:
    """Whether a condition, as `condition.yaml` holds it, is that of a probe."""
    try:
        one = condition["generations"] == 1 and condition["budget"]["turns"] == 1
        return bool(one and condition["notes"]["name"] == "none" and not condition.get("handover"))
    except (KeyError, TypeError):
        return False


def model_of(condition: Mapping[str, Any]) -> str | None:
    """`provider/name` of the model that an agent asks; None where it asks none."""
    agent = condition.get("agent")
    parameters = agent.get("parameters") if isinstance(agent, Mapping) else None
    model = parameters.get("model") if isinstance(parameters, Mapping) else None
    if not isinstance(model, Mapping):
        return None
    return f"{model.get('name', '?')}/{(model.get('parameters') or {}).get('name', '?')}"


def probe_findings(trial: Trial) -> ProbeFindings:
    """What a trial that is a probe found; `UsageError` when it is none, or has not ended."""
    if not is_probe(trial.condition):
        raise UsageError(
            f"{trial.directory} is no probe: a probe is a trial of one generation with one turn and no notes; "
            "`relay probe` makes one"
        )
    if not trial.rows:
        raise UsageError(f"the probe in {trial.directory} has not ended; `relay resume` goes on with it")
    draws: list[set[str]] = [set() for _ in range(int(trial.condition["width"]))]
    for event in events(Path(trial.directory)):
        if isinstance(event, Credited):
            draws[event.tenure - 1].add(event.concept)
    probe = Probe(directory=trial.directory, draws=tuple(tuple(sorted(draw)) for draw in draws))
    return ProbeFindings(probes=(probe,), depth=depths(trial.task.concepts))

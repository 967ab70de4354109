"""Three depth-weighted recalls of a generation, for its retained and for its established concepts.

*Raw*: all concepts count. *After a probe*: concepts that the probe defined don't count, so the probe's recall is
subtracted concept by concept. *Without leaps*: only concepts that were credited without a leap at least once count.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.probe import ProbeFindings
from analysis.trials import GenerationRow, Trial
from relay.records.measures import depth_weighted_recall, depths


@dataclass(frozen=True)
class Recalls:
    """The three recalls, each between 0 and 1."""

    raw: float
    after_probe: float | None
    """None without a probe."""
    without_leaps: float


def retained_recalls(trial: Trial, row: GenerationRow, probes: ProbeFindings | None) -> Recalls:
    """Return the three recalls of the concepts that are retained after the generation of `row`."""
    return _recalls(trial, row, row.retained, "depth_weighted_recall", probes)


def established_recalls(trial: Trial, row: GenerationRow, probes: ProbeFindings | None) -> Recalls:
    """Return the three recalls of the concepts that are established after the generation of `row`."""
    return _recalls(trial, row, row.established, "established_depth_weighted_recall", probes)


def _recalls(
    trial: Trial, row: GenerationRow, concepts: tuple[str, ...], raw: str, probes: ProbeFindings | None
) -> Recalls:
    depth = depths(trial.task.concepts)
    return Recalls(
        raw=row.measures.get(raw, 0.0),  # from the log, so that it equals the engine's own measure
        after_probe=None if probes is None else depth_weighted_recall(set(concepts).difference(probes.concepts), depth),
        without_leaps=depth_weighted_recall(set(concepts).intersection(row.established_without_leaps), depth),
    )

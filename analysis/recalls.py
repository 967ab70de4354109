"""Recall three ways: as it is, after a probe, and without leaps; of what is retained and of what was established.

*After a probe*: what the probe defined counts for nothing, so the probe's recall is subtracted concept by concept.
*Without leaps*: only what was credited at some time without a leap counts. All are weighted by depth.
"""

from __future__ import annotations

from dataclasses import dataclass

from analysis.frontier import depths, recall
from analysis.probe import ProbeFindings
from analysis.trials import GenerationRow, Trial


@dataclass(frozen=True)
class Recalls:
    """Between 0 and 1 each."""

    raw: float
    after_probe: float | None
    """None where there is no probe."""
    without_leaps: float


def retained_recalls(trial: Trial, row: GenerationRow, probes: ProbeFindings | None) -> Recalls:
    """Of what is retained."""
    return _recalls(trial, row, row.retained, "depth_weighted_recall", probes)


def established_recalls(trial: Trial, row: GenerationRow, probes: ProbeFindings | None) -> Recalls:
    """Of what was established."""
    return _recalls(trial, row, row.established, "established_depth_weighted_recall", probes)


def _recalls(
    trial: Trial, row: GenerationRow, concepts: tuple[str, ...], raw: str, probes: ProbeFindings | None
) -> Recalls:
    depth = depths(trial.task.concepts)
    return Recalls(
        raw=row.measures.get(raw, 0.0),
        after_probe=None if probes is None else recall(set(concepts).difference(probes.concepts), depth),
        without_leaps=recall(set(concepts).intersection(row.established_without_leaps), depth),
    )

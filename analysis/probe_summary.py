"""The JSON data that `relay probe --json` and `relay show --json` print for a probe."""

from __future__ import annotations

from typing import Any

from analysis.probe import ProbeFindings, is_probe, model_of, probe_findings
from analysis.summary import trial_summary
from analysis.trials import Trial


def result_summary(trial: Trial, probes: ProbeFindings | None = None) -> dict[str, Any]:
    """Return the data of a trial, from whose recalls `probes` are subtracted, or of a probe."""
    if is_probe(trial.condition) and trial.rows:
        return probe_summary(trial, probe_findings(trial))
    return trial_summary(trial, probes)


def probe_summary(trial: Trial, found: ProbeFindings) -> dict[str, Any]:
    """Return the data that `trial_summary` gives for any trial, together with the findings of the probe.

    If both have a key, the value of the findings is used.
    """
    own = {"task": trial.task.name, "seed": trial.seed, "model": model_of(trial.condition), **found.record()}
    return {**trial_summary(trial), **own}

"""The JSON data that `relay probe --json` and `relay show --json` print for a probe."""

from __future__ import annotations

from typing import Any

from analysis.probe import ProbeFindings, model_of
from analysis.summary import trial_summary
from analysis.trials import Trial


def probe_summary(trial: Trial, found: ProbeFindings) -> dict[str, Any]:
    """Return the data that `trial_summary` gives for any trial, together with the findings of the probe.

    If both have a key, the value of the findings is used.
    """
    own = {"task": trial.task.name, "seed": trial.seed, "model": model_of(trial.condition), **found.record()}
    return {**trial_summary(trial), **own}

"""What `relay probe --json` and `relay show --json` print of a probe: its draws, and all that they print of a trial."""

from __future__ import annotations

from typing import Any

from analysis.probe import ProbeFindings, model_of
from analysis.summary import trial_summary
from analysis.trials import Trial


def probe_summary(trial: Trial, found: ProbeFindings) -> dict[str, Any]:
    """The keys of any trial, and those of a probe, which come before them where both have one."""
    own = {"task": trial.task.name, "seed": trial.seed, "model": model_of(trial.condition), **found.record()}
    return {**trial_summary(trial), **own}

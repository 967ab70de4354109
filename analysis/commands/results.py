"""How the result of a trial is printed and drawn, by every command that does it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from relay.commands.output import print_json, print_view
from relay.errors import UsageError

if TYPE_CHECKING:
    from analysis.probe import ProbeFindings
    from analysis.trials import Trial

__all__ = ["draw", "named_trial", "print_generation", "print_result"]


def draw(trial: Trial, directory: Path) -> None:
    """Draw the figures of a trial in its directory."""
    from analysis.figures import draw_figures
    from analysis.probe import is_probe

    if is_probe(trial.condition):
        raise UsageError(f"{directory} holds a probe, which has no figures; leave out --figures")
    draw_figures(trial, directory)


def named_trial(directory: Path) -> Trial:
    """Read the trial in `directory`, with its agent spelt as in the preface."""
    from analysis.trials import read_trial
    from relay.components import told_agent

    trial = read_trial(directory)
    agent = trial.condition.get("agent")
    return replace(trial, agent=told_agent(agent)) if agent else trial


def print_result(trial: Trial, json: bool, probes: ProbeFindings | None) -> None:
    """Print the result of a trial or of a probe. `probes` are subtracted from a trial's recall."""
    if json:
        from analysis.probe_summary import result_summary

        print_json(result_summary(trial, probes))
    else:
        from analysis.probe_view import result_view

        print_view(result_view(trial, probes))


def print_generation(trial: Trial, generation: int, json: bool, probes: ProbeFindings | None) -> None:
    """Print one generation of a trial in full."""
    row = trial.row(generation)
    if json:
        from analysis.summary import generation_summary

        print_json(generation_summary(trial, row, probes))
    else:
        from analysis.generation_view import one_generation

        print_view(one_generation(trial, row, probes))

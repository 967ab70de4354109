"""Remarks on a trial of a language model, or on any trial that has a probe. Each remark is a label and a text.

They report the three recalls, the probe, leaps, and unusable output.
"""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import shorten

from analysis.leaps import Leaps
from analysis.probe import ProbeFindings, is_probe, model_of
from analysis.probe_selection import how_to_probe, unlike_probes
from analysis.recalls import Recalls, established_recalls, retained_recalls
from analysis.trials import GenerationRow, Trial
from analysis.usable_answers import UsableAnswers
from relay.text import quantity

MOST = 3
"""Most probes that are listed as not comparable."""
SHOWN = 160
"""Most characters that are shown of the message for a lost turn."""


def trial_remarks(trial: Trial, probes: ProbeFindings | None) -> list[tuple[str, str]]:
    """Return the remarks on a whole trial. There are none if it has neither a language model nor a probe."""
    if not trial.rows or not (probes or model_of(trial.condition)):
        return []
    remarks = [*_recalls(trial, trial.rows[-1], probes), ("probe", _probe(trial, probes))]
    return [*remarks, _leaps(trial.leaps), *form_remarks(trial.form)]


def generation_remarks(trial: Trial, row: GenerationRow, probes: ProbeFindings | None) -> list[tuple[str, str]]:
    """Return the remarks on what one generation found. There are none if the trial has neither a language model nor a
    probe."""
    if not (probes or model_of(trial.condition)):
        return []
    return [*_recalls(trial, row, probes), _leaps(row.leaps)]


def form_remarks(form: UsableAnswers) -> list[tuple[str, str]]:
    """Return the remarks on unusable output. Lost turns are always reported, the other kinds only if they occurred."""
    remarks = [("lost turns", f"{_part(form.lost_turns, form.answers)}{_kinds(form.lost)}")]
    if form.first_lost:
        remarks.append(("first lost turn", shorten(form.first_lost, SHOWN, placeholder=" ...")))
    if form.cut_turns:
        remarks.append(("cut turns", _part(form.cut_turns, form.answers)))
    if form.mended:
        remarks.append(("mended answers", _part(form.mended, form.answers)))
    if form.skipped:
        remarks.append(("skipped actions", _part(form.skipped, form.actions)))
    if form.bad_actions:
        remarks.append(("unknown actions", _part(form.bad_actions, form.actions)))
    if form.ill_formed:
        remarks.append(("ill-formed statements", _part(form.ill_formed, form.statements)))
    if form.retried:
        remarks.append(("the machine's faults", f"{_kinds(form.retried)[2:]} (requests repeated, nothing charged)"))
    return remarks


def _recalls(trial: Trial, row: GenerationRow, probes: ProbeFindings | None) -> list[tuple[str, str]]:
    both = {
        "retained": retained_recalls(trial, row, probes),
        "established": established_recalls(trial, row, probes),
    }
    return [(f"recall of the {what}", _three(found)) for what, found in both.items()]


def _three(found: Recalls) -> str:
    after = "" if found.after_probe is None else f"{found.after_probe:.2f} after the probe, "
    return f"{found.raw:.2f} raw, {after}{found.without_leaps:.2f} without leaps"


def _probe(trial: Trial, probes: ProbeFindings | None) -> str:
    if is_probe(trial.condition):
        return "this trial is one"
    others = _not_comparable(trial)
    if probes is None:
        there = f"those beside the trial are not comparable: {others}" if others else "none for this task and model"
        return f"{there}; `{how_to_probe(trial)}` makes one"
    what = f"{quantity(len(probes.concepts), 'concept')} in {quantity(len(probes.draws), 'draw')}"
    where = ", ".join(probe.directory for probe in probes.probes)
    return f"{what}, recall {probes.depth_weighted_recall:.2f}, from {where}" + (
        f"; not comparable: {others}" if others else ""
    )


def _not_comparable(trial: Trial) -> str:
    """List the probes of the trial's task and model that are not comparable, and why; empty if there are none."""
    others = [f"{where} has {unlike.there}, this trial has {unlike.here}" for where, unlike in unlike_probes(trial)]
    return "; ".join([*others[:MOST], *(["..."] if others[MOST:] else [])])


def _leaps(leaps: Leaps) -> tuple[str, str]:
    return "credited by leaps", _part(len(leaps.leapt), len(leaps.credited))


def _part(part: int, whole: int) -> str:
    """Return what part of the whole `part` is, in words: `3 of 40 (8%)`, `none of 40` or `none`."""
    return f"{part} of {whole} ({part / whole:.0%})" if part else f"none of {whole}" if whole else "none"


def _kinds(counts: Mapping[str, int]) -> str:
    """Return the counts as text, such as `: 3 malformed, 1 length`, the most frequent kind first; empty without
    counts."""
    ordered = sorted(counts.items(), key=lambda kind: (-kind[1], kind[0]))
    return f": {', '.join(f'{count} {kind}' for kind, count in ordered)}" if ordered else ""

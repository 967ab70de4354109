"""The JSON data that `relay show --json` prints: the condition, and each generation's frontier, recalls and losses."""

from __future__ import annotations

from typing import Any

from analysis.charters import charter_record, charters_record
from analysis.frontier import frontier
from analysis.planted import half_life
from analysis.probe import ProbeFindings
from analysis.probe_selection import unlike_probes
from analysis.recalls import established_recalls, retained_recalls
from analysis.stateless import best_stateless, is_stateless
from analysis.trials import GenerationRow, Trial
from relay.records.budget import Spent
from relay.records.measures import deepest, depths


def trial_summary(trial: Trial, probes: ProbeFindings | None = None) -> dict[str, Any]:
    """Return the data of a whole trial. `probes` are subtracted from the recalls."""
    subtracted = None
    if probes is not None:
        subtracted = {"directories": [probe.directory for probe in probes.probes], **probes.record()}
    return {
        "task": trial.task.name,
        "seed": trial.seed,
        "condition": trial.condition,
        "auc": trial.auc,
        "reason": trial.reason,
        "currency": trial.currency,
        "unannounced": trial.unannounced,
        "seconds_taken": trial.seconds_taken,
        "tokens": trial.spent.tokens,
        "tokens_per_turn": tokens_per_turn(trial.spent),
        "money": float(trial.spent.money) if trial.currency else None,
        "running": [
            {
                "generation": one.generation,
                "tenure": one.tenure,
                "turns": one.spent.turns,
                "tokens": one.spent.tokens,
                "turns_budgeted": trial.budget.turns,
                "tokens_budgeted": trial.budget.tokens,
                "money": float(one.spent.money) if trial.currency else None,
                "over": one.over,
                "fault": one.fault.model_dump(include={"turn", "side", "kind", "message"}) if one.fault else None,
            }
            for one in trial.running
        ],
        "concepts": depths(trial.task.concepts),
        "generations": [generation_summary(trial, row, probes) for row in trial.rows],
        "probe": subtracted,
        "unlike_probes": [
            {"directory": directory, "probe_has": unlike.there, "trial_has": unlike.here}
            for directory, unlike in unlike_probes(trial)
        ],
        "too_long": trial.too_long,
        "planted": [error.record() for error in trial.planted],
        "planted_half_life": half_life(trial.planted),
        "charters": charters_record([row.charters for row in trial.rows]),
        "best_stateless": best_stateless(trial) if is_stateless(trial) else None,
        "opinions": trial.opinions.record(),
        "outside": trial.opinions.outside_record(),
        "leap_rate": trial.leaps.rate,
        **trial.form.record(),
    }


def tokens_per_turn(spent: Spent) -> float | None:
    """Return the mean number of tokens, in and out, of a turn; None without turns."""
    return spent.tokens / spent.turns if spent.turns else None


def generation_summary(trial: Trial, row: GenerationRow, probes: ProbeFindings | None = None) -> dict[str, Any]:
    """Return the data of one generation. `probes` are subtracted from the recalls."""
    retained, established = retained_recalls(trial, row, probes), established_recalls(trial, row, probes)
    return {
        "generation": row.generation,
        "established": list(row.established),
        "retained": list(row.retained),
        "depth_weighted_recall": row.measures.get("depth_weighted_recall", 0.0),
        "depth_50": row.measures.get("depth_50", 0.0),
        "deepest": deepest(row.retained, depths(trial.task.concepts)),
        "turns": row.spent.turns,
        "tokens": row.spent.tokens,
        "evaluations": row.spent.evaluations,
        "tokens_cached": row.spent.tokens_cached,
        "seconds": row.spent.seconds if trial.clocked else None,
        "money": float(row.spent.money) if trial.currency else None,
        "unannounced": row.unannounced,
        "new": list(row.new),
        "frontier": list(frontier(trial.task.concepts, row.retained)),
        "established_without_leaps": list(row.established_without_leaps),
        "laws": list(row.laws),
        "explained": list(row.explained),
        "too_long": row.form.too_long,
        "opinions": row.told.opinions.record(),
        "outside": row.told.opinions.outside_record(),
        "drift": row.told.drift.record(),
        "told_late": row.told.late,
        "crossed": [crossing.record() for crossing in row.crossed],
        "charters": [charter_record(event) for event in row.charters],
        "measures": dict(row.measures),
        "depth_weighted_recall_after_probe": retained.after_probe,
        "depth_weighted_recall_without_leaps": retained.without_leaps,
        "established_depth_weighted_recall_after_probe": established.after_probe,
        "established_depth_weighted_recall_without_leaps": established.without_leaps,
        "leap_rate": row.leaps.rate,
        **row.searches.record(),
        **row.form.record(),
    }

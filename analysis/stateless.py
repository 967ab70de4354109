"""The best of as many stateless researchers: a control for chains, whose researchers get nothing from each other."""

from __future__ import annotations

from analysis.trials import Trial
from relay.errors import UsageError
from relay.records.measures import depth_weighted_recall, depths
from relay.records.spec import read_spec

STATELESS = {"notes": "none", "memory": "fresh"}
"""Field of a condition -> the component with which nothing is passed on."""


def is_stateless(trial: Trial) -> bool:
    """Return whether nothing is passed on in a trial, so that each researcher starts from the brief alone."""
    fields = {name: trial.condition.get(name) for name in STATELESS}
    return all(value is not None and read_spec(value).name == STATELESS[name] for name, value in fields.items())


def best_stateless(trial: Trial) -> float:
    """Return the largest depth-weighted recall, 0 to 1, of what a single researcher of a stateless trial established:
    the maximum over its generations, and over the researchers side by side in each.

    Raises `UsageError` if the trial passes anything on.
    """
    if not is_stateless(trial):
        raise UsageError(
            f"{trial.directory} passes something on, so its researchers are not alone; give a trial with --notes none "
            "and --memory fresh"
        )
    depth = depths(trial.task.concepts)
    alone = (concepts for row in trial.rows for concepts in row.credited)
    return max((depth_weighted_recall(concepts, depth) for concepts in alone), default=0.0)

"""What `relay study plan` and `relay study status` print."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from relay.commands.announcement import most_money
from relay.records.condition import Condition
from relay.records.study import MEASURES
from relay.studies.grid import Arm
from relay.studies.layout import StudyPlan
from relay.studies.status import StudyStatus
from relay.text import printable, quantity, rounded

__all__ = ["plan_record", "plan_view", "status_view"]

WRONG = 8
"""Most damaged trials that are told."""


def plan_record(plan: StudyPlan) -> dict[str, Any]:
    """Return a plan as JSON data."""
    layout = plan.layout
    return {
        "study": plan.study.study,
        "reference": layout.reference,
        "primary": plan.study.primary.model_dump(mode="json"),
        "theories": len(plan.study.theories),
        "replicates": plan.study.replicates,
        "arms": [{**arm.record().model_dump(mode="json"), **_most(plan, arm)} for arm in plan.arms],
        "trials": len(plan.trials),
        **_most(plan),
    }


def plan_view(plan: StudyPlan) -> RenderableType:
    """Return the arms of a plan, the number of trials, and the most that they cost."""
    layout, study = plan.layout, plan.study
    table = Table(box=None, pad_edge=False, header_style="dim")
    for name in ("arm", "control of", "trials", "generations", "evaluations", "tokens"):
        table.add_column(name, justify="left" if name in ("arm", "control of") else "right")
    for arm in plan.arms:
        most = _most(plan, arm)
        name = arm.name if not arm.aliases else f"{arm.name} (also {', '.join(arm.aliases)})"
        shape = _first(plan, arm)
        generations = f"{shape.generations}" if shape.width == 1 else f"{shape.generations} of {shape.width}"
        of = arm.of or ("all" if arm.control else "")
        table.add_row(
            printable(name),
            printable(of),
            str(most["trials"]),
            generations,
            rounded(most["most_evaluations"]),
            rounded(most["most_tokens"]),
        )
    whole = _most(plan)
    theories = f"{len(study.theories)} {'theory' if len(study.theories) == 1 else 'theories'}"
    each = f", {study.replicates} trials of each arm on each" if study.replicates > 1 else ""
    money = f", {whole['most_money']:g} in money" if whole["most_money"] else ""
    lines = [
        f"{quantity(len(plan.arms), 'arm')} on {theories}{each}: {quantity(len(plan.trials), 'trial')}",
        f"at most {whole['most_evaluations']:,} evaluations and {whole['most_tokens']:,} tokens{money}",
        f"primary endpoint: {study.primary.measure}, {_when(plan)}, against {printable(layout.reference)}",
        *_enough(plan),
    ]
    heading = [Text(printable(study.study), style="bold")]
    if study.question:
        heading.append(Text(printable(" ".join(study.question.split())), style="dim"))
    return Group(*heading, table, *map(Text, lines))


def _when(plan: StudyPlan) -> str:
    return "after the last generation" if plan.study.primary.over == "last" else "mean over generations"


def _enough(plan: StudyPlan) -> list[str]:
    """Say if there are too few theories for any result to be significant."""
    # beside an arm that passes nothing on, the best of its researchers is compared too
    best = plan.study.primary.measure == MEASURES[0]
    alone = [arm for arm in plan.arms if best and arm.name != plan.layout.reference and _is_alone(_first(plan, arm))]
    comparisons = max(len(plan.arms) - 1 + len(alone), 1)
    pairs = len(plan.study.theories)
    least = next(n for n in range(2, 64) if comparisons * 2 / 2**n < 0.05)
    if pairs >= least:
        return []
    return [
        f"{quantity(pairs, 'pair')} can't decide {quantity(comparisons, 'comparison')}, whatever they are: the exact "
        f"test, after Holm's correction, takes at least {least}; give `seeds: {least}` or more"
    ]


def _is_alone(condition: Condition) -> bool:
    """Return whether nothing is passed on, and there is more than one researcher."""
    people = condition.generations * condition.width
    return people > 1 and (condition.notes.name, condition.memory.name) == ("none", "fresh")


def _first(plan: StudyPlan, arm: Arm) -> Condition:
    return next(trial.condition for trial in plan.trials if trial.record.arm == arm.name)


def _most(plan: StudyPlan, arm: Arm | None = None) -> dict[str, Any]:
    """Return the number of trials of an arm, or of all, and the most that they spend."""
    conditions = [trial.condition for trial in plan.trials if arm is None or trial.record.arm == arm.name]
    money = [most for each in conditions if (most := most_money(each)) is not None]
    return {
        "trials": len(conditions),
        "most_evaluations": sum(each.budget.evaluations * each.generations * each.width for each in conditions),
        "most_tokens": sum(each.budget.tokens * each.generations * each.width for each in conditions),
        "most_money": float(sum(money, start=Decimal(0))) if money else None,
    }


def status_view(status: StudyStatus) -> RenderableType:
    """Return the trials of each arm by their state, and what is wrong with damaged ones."""
    counts = status.counts()
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("arm")
    for state in counts:
        table.add_column(state, justify="right")
    for arm in status.layout.arms:
        own = status.counts(arm.name)
        table.add_row(printable(arm.name), *(str(own.get(state, 0)) for state in counts))
    whole = ", ".join(f"{count} {state}" for state, count in counts.items())
    wrong = [one for one in status.trials if one.error]
    told = [Text(printable(one.error)) for one in wrong[:WRONG]]
    if wrong[WRONG:]:
        told.append(Text(f"and {len(wrong) - WRONG} more"))
    heading = Text(printable(f"{status.layout.study.study} in {status.directory}"), style="bold")
    return Group(heading, table, Text(f"{len(status.trials)} trials: {whole}"), *told)

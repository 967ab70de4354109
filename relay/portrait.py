"""A task as `relay task show` prints it: what a researcher would see, and on request the hidden graph."""

from __future__ import annotations

from typing import Any

from relay.budget import Budget
from relay.observation import Inheritance, Observation
from relay.prompting import briefing, describe_given
from relay.setting import number_phenomena
from relay.task import Concept, Task
from relay.theory import Theory

__all__ = ["hidden", "portrait", "public"]


def portrait(task: Task, seed: int) -> str:
    """The briefing of the first researcher of a trial with this seed; the note scheme's own actions are left out."""
    observation = Observation(
        brief=task.brief,
        given=task.given,
        given_text=describe_given(task.given),
        phenomena=tuple(number_phenomena(task, seed).values()),
        inheritance=Inheritance(),
        instructions="",
        budget=Budget(),
        statement_size=task.statement_size,
        truth_told=True,
    )
    return briefing(observation)


def public(task: Task, seed: int) -> dict[str, Any]:
    """The same for programs: nothing of the hidden graph is in it."""
    return {
        "name": task.name,
        "brief": task.brief,
        "given": task.given.model_dump(mode="json"),
        "statement_size": task.statement_size,
        "phenomena": [phenomenon.model_dump(mode="json") for phenomenon in number_phenomena(task, seed).values()],
    }


def hidden(task: Task) -> str:
    """The concept graph by depth: prerequisites, forms and laws; `TaskError` where it does not hold together."""
    depth = Theory.read(task).depth
    lines = [f"Hidden: {len(task.concepts)} concepts, {max(depth.values(), default=0)} layers"]
    for concept in sorted(task.concepts, key=lambda one: (depth[one.id], one.id)):
        lines += ["", *_concept(concept, depth[concept.id])]
    return "\n".join(lines)


def _concept(concept: Concept, depth: int) -> list[str]:
    needs = ", ".join(concept.prerequisites) or "nothing"
    lines = [f"{concept.id}: depth {depth}, needs {needs}"]
    lines += [f"    {' '.join(form.source.split())}" for form in concept.forms]
    lines += [f"    {' '.join(law.source.split())}" for law in concept.laws]
    return lines

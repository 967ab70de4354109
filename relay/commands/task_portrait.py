"""A task as `relay task show` prints it: the briefing of a researcher and, on request, the hidden graph."""

from __future__ import annotations

from typing import Any

from relay.records.budget import Budget
from relay.records.task import Concept, Task
from relay.researcher.actions import answer_schema
from relay.researcher.disguise import Disguise
from relay.researcher.observation import Inheritance, Observation, number_phenomena
from relay.researcher.prompting import briefing, describe_given
from relay.researcher.vocabulary import Vocabulary
from relay.scoring.theory import Theory

__all__ = ["aliases", "hidden", "portrait", "public"]


def portrait(task: Task, seed: int, disguise: int | None = None) -> str:
    """Return the briefing of the first researcher of a trial with this seed, without the note scheme's actions.

    `disguise` is the seed of a disguise; None: the words are shown as they are.
    """
    observation = Observation(
        brief=task.brief,
        given=task.given,
        given_text=describe_given(task.given),
        phenomena=tuple(number_phenomena(task, seed).values()),
        inheritance=Inheritance(),
        instructions="",
        budget=Budget(),
        statement_size=task.statement_size,
    )
    return _disguise(task, disguise).swap(briefing(observation))


def public(task: Task, seed: int, disguise: int | None = None) -> dict[str, Any]:
    """Return the task as JSON data without its hidden graph, in the same disguise as `portrait`."""
    shown = {
        "brief": task.brief,
        "given": task.given.model_dump(mode="json"),
        "statement_size": task.statement_size,
        "phenomena": [phenomenon.model_dump(mode="json") for phenomenon in number_phenomena(task, seed).values()],
    }
    return {"name": task.name, **_swapped(shown, _disguise(task, disguise))}


def aliases(task: Task, disguise: int) -> str:
    """Return a line with each word and its disguised name. Researchers must not see it."""
    pairs = _disguise(task, disguise).pairs
    words = [word.partition("/")[0] for word in _vocabulary(task).words]
    return "Disguised: " + ", ".join(f"{word} is {pairs[word]}" for word in words if word in pairs)


def _disguise(task: Task, seed: int | None) -> Disguise:
    return Disguise.of(_vocabulary(task), seed)


def _vocabulary(task: Task) -> Vocabulary:
    return Vocabulary.of(task, answer_schema(()))


def _swapped(data: Any, disguise: Disguise) -> Any:
    """Return JSON data with every text in disguise; keys stay."""
    if isinstance(data, str):
        return disguise.swap(data)
    if isinstance(data, dict):
        return {key: _swapped(value, disguise) for key, value in data.items()}
    return [_swapped(item, disguise) for item in data] if isinstance(data, list) else data


def hidden(task: Task) -> str:
    """Return the concept graph by depth: prerequisites, forms and laws. Raises `TaskError` if it is inconsistent."""
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

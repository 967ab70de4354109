"""A canary in the hidden graph: what of it controls that know it put into prompts."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

from relay.checker.verdict import Verdict
from relay.notation.syntax import Claim, Definition, Statement
from relay.records.budget import Budget
from relay.records.record import Record
from relay.records.status import Status
from relay.records.task import Concept, Form, Law, Phenomenon, Row, Task
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.scoring.examiner import Examination
from relay.trial.trial import run_trial
from tests.attack.canary_channels import act, define, state, word_for
from tests.trial.helpers import condition
from tests.trial.puppets import puppet
from tests.trial.toy import TABLE, Toy, ToyJudge

__all__ = ["HIDDEN", "INTERVENTIONS", "hidden_in_prompts"]

LAYERS = (1, 2)
KINDS = ("a concept's id", "a form's name", "a form's parameter", "another form's name", "a law's name")
HIDDEN = (
    *(f"{kind}, depth {depth}" for depth in LAYERS for kind in KINDS),
    "a phenomenon's id",
    "the task's name",
)
"""What a task hides."""


def _told(*depths: int) -> frozenset[str]:
    return frozenset(f"{kind}, depth {depth}" for depth in depths for kind in KINDS[1:3])


INTERVENTIONS: Mapping[str, frozenset[str]] = {
    "": frozenset(),
    "junk(k=8)": frozenset(),
    "planted(k=2)": frozenset(),
    "planted(what=lemma, k=2)": frozenset(),
    "oracle": _told(1),
    "oracle(depth=1)": _told(1),
    "oracle(depth=2)": _told(1, 2),
}
"""Intervention -> what it declares to tell of the hidden graph, where the researchers established its depth 1 alone.
An oracle tells the first form of a concept as it is written."""


def _word(kind: str, depth: int) -> str:
    return word_for(f"{kind}, depth {depth}")


class Guarded(Record):
    """The toy's task with a word in everything that it hides."""

    seed: int | None = None

    def build(self, seed: int) -> Task:
        concepts = []
        for depth in LAYERS:
            name, parameter = _word("a form's name", depth), _word("a form's parameter", depth)
            below = _word("a form's name", 1)
            called = "op({0}, {0})" if depth == 1 else f"{below}({below}({{0}}))"
            again = "op(x, x) if x == x else x" if depth == 1 else f"op({below}(x), {below}(x))"
            concepts.append(
                Concept(
                    id=_word("a concept's id", depth),
                    forms=(
                        Form(source=define(name, called.format(parameter), parameter)),
                        Form(source=define(_word("another form's name", depth), again)),
                    ),
                    prerequisites=(_word("a concept's id", 1),) if depth > 1 else (),
                    laws=(Law(source=f"claim {_word(KINDS[4], depth)} (x: Element): {name}(x) == {name}(x)"),),
                )
            )
        toy = Toy().build(seed)
        shown = Phenomenon(
            id=word_for("a phenomenon's id"), text="A table.", parameters=("Element",), result="Element",
            field="structure", rows=tuple(Row(inputs=(a,), output=TABLE[a][a]) for a in range(7)),
            concept=concepts[0].id,
        )  # fmt: skip
        update = {"name": word_for("the task's name"), "concepts": tuple(concepts), "phenomena": (shown,)}
        return toy.model_copy(update=update)


class GuardedJudge(ToyJudge):
    """Refutes every claim that no researcher makes, so that lies can be found."""

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        found = await super().examine(statement, definitions)
        if isinstance(statement, Claim) and "square" not in statement.source:
            refuted = Verdict(status=Status.REFUTED, message="refuted: x = 3")
            return found.model_copy(update={"verdict": refuted, "laws": ()})
        return found


def hidden_in_prompts(where: Path, intervention: str, notes: str = "ledger") -> set[str]:
    """Which of `HIDDEN` stood in a prompt of a trial under this intervention, or in the data beside it."""
    read: set[str] = set()

    def answer(view: TenureView, turn: TurnContext) -> Answer:
        seen = view.model_dump_json()
        read.update(each for each in HIDDEN if word_for(each) in seen)
        if view.turns:
            return Answer(text=json.dumps({"actions": [act("end")]}))
        own = [
            state("define square(x: Element) -> Element = op(x, x)"),
            state("define cube(x: Element) -> Element = op(x, op(x, x))", record=True, remark="ours"),
            state("claim (x: Element): square(x) == op(x, x)", record=True, remark="ours"),
            state("claim (x: Element): square(x) != op(x, x)"),
            state("define wrong(x"),
            act("match", term="square"),
            act("evaluate", term="square(1)"),
        ]
        return Answer(text=json.dumps({"actions": own}))

    chosen = condition(
        agent=puppet(f"guarded {intervention} {notes}", answer),
        task=f"{Path(__file__).resolve()}:Guarded",
        notes=notes,
        interventions=[intervention] if intervention else [],
        generations=3,
        budget=Budget(turns=2, tokens=80_000, context=12_000, evaluations=60),
    )
    asyncio.run(run_trial(chosen, where, judge=GuardedJudge(Guarded().build(0))))
    return read

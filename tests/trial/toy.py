"""A tiny task, researchers for it, and a judge that knows only this task: components read from a file."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from relay.checker.verdict import Verdict
from relay.notation import Scope, canonical_term, read_statement
from relay.notation.dependencies import closure
from relay.notation.syntax import Claim, Definition, Statement, Term
from relay.records.record import Record
from relay.records.status import Status
from relay.records.task import Concept, Form, Given, Law, Operation, Phenomenon, Row, Sort, Task
from relay.researcher.agent import Agent
from relay.researcher.bench import LocalBench
from relay.researcher.observation import Answer, TenureView
from relay.researcher.turn import TurnContext
from relay.schemes.handover.step import HandoverStep, HandoverView
from relay.schemes.truth import Shown
from relay.scoring.examiner import Examination, Examiner
from relay.scoring.judge import Price, Priced, PublicMatch, PublicValue

HERE = str(Path(__file__).resolve())

SQUARE = "define square(x: Element) -> Element = op(x, x)"
FOURTH = "define fourth(x: Element) -> Element = square(square(x))"
EIGHTH = "define eighth(x: Element) -> Element = fourth(square(x))"
PAIR = "define pair(x: Element, y: Element) -> Element = op(square(x), y)"
LAW = "claim (x: Element): square(x) == op(x, x)"
TABLE = tuple(tuple((2 * a + 3 * b + 1) % 7 for b in range(7)) for a in range(7))


class Toy(Record):
    """Four concepts over one operation."""

    brief: str = "Explain what you see."
    seed: int | None = None
    hidden: int = 0
    """Replaces the hidden graph by another one. Nothing that is reported may change with it."""

    def build(self, seed: int) -> Task:
        forms = {"square": SQUARE, "fourth": FOURTH, "eighth": EIGHTH, "pair": PAIR}
        needs: dict[str, tuple[str, ...]] = {"fourth": ("square",), "eighth": ("fourth", "square"), "pair": ("square",)}
        if self.hidden:
            forms = {"other": "define other(x: Element) -> Element = op(x, op(x, x))", "square": SQUARE}
            needs = {"square": ("other",)}
        concepts = [
            Concept(id=name, forms=(Form(source=source),), prerequisites=needs.get(name, ()), laws=(Law(source=LAW),))
            for name, source in forms.items()
        ]
        rows = tuple(Row(inputs=(a,), output=TABLE[a][a]) for a in range(7))
        phenomena = [
            Phenomenon(
                id=f"p{number}", text=text, parameters=("Element",), result="Element",
                field="structure", rows=rows[number:], concept=concepts[0].id,
            )
            for number, text in enumerate(["A first table.", "A second table."])
        ]  # fmt: skip
        return Task(
            name="toy",
            parameters={},
            brief=self.brief,
            given=Given(
                sorts=(Sort(name="Element", size=7),),
                operations=(Operation(name="op", parameters=("Element", "Element"), result="Element", table=TABLE),),
            ),
            statement_size=24,
            concepts=tuple(concepts),
            phenomena=tuple(phenomena),
        )


class ToyJudge:
    """Definitions are always defined; claims hold unless `!=` is in them. Credit is by identity with a form."""

    def __init__(self, task: Task) -> None:
        scope = Scope(task.given)
        self.concepts: dict[str, str] = {}
        self.explains: dict[str, tuple[str, ...]] = {}
        for concept in task.concepts:
            form = read_statement(concept.forms[0].source, scope)
            assert isinstance(form, Definition)
            scope = scope.adding(form)
            self.concepts[form.key] = concept.id
        square = read_statement(SQUARE, Scope(task.given))
        self.explains[square.key] = tuple(phenomenon.id for phenomenon in task.phenomena)
        self.behind = {phenomenon.id: phenomenon.concept for phenomenon in task.phenomena}
        self.given = task.given
        self.task = task

    async def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        needed = closure((key for _, key in statement.rests_on), definitions)
        assert {key for _, key in statement.rests_on} <= set(needed)
        if isinstance(statement, Claim):
            if "!=" in statement.source:
                verdict = Verdict(
                    status=Status.REFUTED, message="refuted: x = 3", counterexample="x = 3", scope="secret"
                )
                return Examination(verdict=verdict, concepts=(), laws=(), explained=())
            verdict = Verdict(status=Status.HOLDS, message="holds", scope="all sizes, secret")
            return Examination(verdict=verdict, concepts=(), laws=("square/1",), explained=())
        concept = self.concepts.get(statement.key)
        return Examination(
            verdict=Verdict(status=Status.DEFINED, message="defined"),
            concepts=(concept,) if concept else (),
            laws=(),
            explained=self.explains.get(statement.key, ()),
            accounted=tuple(id for id in self.explains.get(statement.key, ()) if self.behind[id] == concept),
        )

    async def price(
        self, action: Priced, subject: Term | Statement, definitions: Mapping[str, Definition], most: int
    ) -> Price:
        return self.examiner.price(action, subject, definitions, most)

    async def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> PublicValue:
        return PublicValue(text=f"value of {canonical_term(term)}")

    async def match(self, definition: Definition, definitions: Mapping[str, Definition]) -> PublicMatch:
        return PublicMatch(matched=self.examiner.match(definition, definitions))

    @cached_property
    def examiner(self) -> Examiner:
        return Examiner(self.task)


def apply_often(bench: LocalBench, payload: int) -> int:
    """A search: `payload` applications of the operation, and what was spent on them."""
    rows = bench.rows()
    x, y = rows.variables(("Element", "Element"))
    for _ in range(payload):
        x = rows.apply("op", [x, y])
    return bench.spent


class SecondOnly(Shown):
    """Of the phenomena it reports the second one only."""

    def of_phenomena(self, explained: tuple[int, ...]) -> tuple[int, ...] | None:
        return tuple(number for number in explained if number == 2)


class Forget(HandoverStep):
    """A control: the successor gets the oldest `keep` notes and no message."""

    keep: int = 0

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        kept = dict(list(view.notes.items())[: self.keep])
        return replace(view, notes=kept, remembered=())


class Shuffle(HandoverStep):
    """A control: the order of the notes is drawn."""

    def step(self, view: HandoverView, rng: np.random.Generator) -> HandoverView:
        names = list(view.notes)
        return replace(view, notes={names[int(at)]: view.notes[names[int(at)]] for at in rng.permutation(len(names))})


class Wanderer(Agent):
    """Does this and that, drawn by its turn's generator: states, records, opens, strikes, searches, and nonsense."""

    pause: float = 0.0
    searches: int = 5

    async def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        rng = turn.rng
        await asyncio.sleep(self.pause)
        if self.searches:
            await turn.bench.run(apply_often, int(rng.integers(1, self.searches + 1)))
        text = view.observation.inheritance.text
        callable_names = ["op", *sorted(set(re.findall(r"define (\w+)\(x: Element\)", text)))]
        ids = re.findall(r"^(?:[#*] )?\[?(\d+\.\d+\.\d+)", text, re.MULTILINE) or ["1.1.1"]
        actions: list[dict[str, Any]] = []
        for _ in range(int(rng.integers(1, 5))):
            first, second = (callable_names[int(at)] for at in rng.integers(0, len(callable_names), 2))
            name = f"f{int(rng.integers(0, 5))}"
            body = f"{_call(first, _call(second, 'x'))}"
            source = [
                f"define {name}(x: Element) -> Element = {body}", SQUARE, FOURTH, EIGHTH, PAIR,
                f"claim (x: Element): {body} != x", f"claim law(x: Element): {body} == x",
            ][int(rng.integers(0, 7))]  # fmt: skip
            choice = int(rng.integers(0, 6))
            recording = {"record": True, "remark": f"remark {name}"} if choice == 2 else {}
            actions.append({"action": "state", "source": source, **recording})
            if choice < 3:
                actions.append({"action": "record", "statement": source, "remark": f"remark {choice}" * (choice // 2)})
                actions.append({"action": "write", "text": f"See\n```relay\n{source}\n```\nand {name}"})
                actions.append({"action": "record", "statement": "f0, f1 f2"})
            elif choice == 3:
                actions.append({"action": "open", "id": ids[int(rng.integers(0, len(ids)))]})
            elif choice == 4:
                actions.append({"action": "strike", "id": ids[int(rng.integers(0, len(ids)))]})
            else:
                actions.append({"action": "evaluate", "term": _call(first, "3")})
                actions.append({"action": "note", "text": f"{name} was of no use.\n" * 5})
        return Answer(text=json.dumps({"actions": actions}) if rng.random() < 0.9 else "What now?")


def _call(name: str, argument: str) -> str:
    return f"op({argument}, {argument})" if name == "op" else f"{name}({argument})"

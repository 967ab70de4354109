"""The examiner: one object that checks the statements of one task, and finds what they earn and explain."""

from __future__ import annotations

from collections.abc import Mapping

from relay.checker.checker import Checker
from relay.checker.fields import small
from relay.checker.phenomena import Behaviour
from relay.checker.verdict import Verdict
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.algebra.rationals import Rationals
from relay.evaluation.algebra.structure import Structure
from relay.evaluation.evaluate import evaluate
from relay.evaluation.lanes import UNDEFINED
from relay.evaluation.printing import show
from relay.notation.syntax import Definition, Statement, Term
from relay.records.record import Record
from relay.records.status import Status
from relay.records.task import Task
from relay.scoring.credit.recognition import ConceptRecogniser
from relay.scoring.theory import Theory

EVALUATE_FUEL = 200_000
"""Fuel for evaluating one term on one public model."""


class Examination(Record):
    """All results for one statement."""

    verdict: Verdict
    concepts: tuple[str, ...] = ()
    """Hidden concepts that a definition is a form of."""
    laws: tuple[str, ...] = ()
    """Names of the hidden laws that an accepted claim states, as `CONCEPT/NUMBER`."""
    explained: tuple[str, ...] = ()
    """Ids of the phenomena whose rows a definition reproduces."""


class Examiner:
    """Examines statements of one task. Results depend only on the statement and on the definitions it rests on."""

    def __init__(self, task: Task) -> None:
        self.theory = Theory.read(task)
        self._checker = Checker(task.given)
        self._office = ConceptRecogniser(self.theory)
        self._behaviours = tuple(Behaviour(p, task.given) for p in task.phenomena)
        for behaviour in self._behaviours:
            _ = behaviour.groups  # reads the rows now, so that a task with ill-typed rows is refused at once
        # The public models. Few and small, since the value of a term is printed on each of them.
        self._public: tuple[Algebra, ...] = (
            (Rationals(), small(2), small(3), small(2, 2)) if task.given.scalars else (Structure(task.given),)
        )

    def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        """Verdict, credited concepts or laws, and explained phenomena of a well-formed statement."""
        verdict = self.verdict(statement, definitions)
        if isinstance(statement, Definition):
            known = {**definitions, statement.key: statement}
            return Examination(
                verdict=verdict,
                concepts=self._office.concepts(statement, known),
                explained=tuple(b.id for b in self._behaviours if b.explained_by(statement, known)),
            )
        laws = self._office.laws(statement, definitions) if Status(verdict.status).accepted else ()
        return Examination(verdict=verdict, laws=laws)

    def verdict(self, statement: Statement, definitions: Mapping[str, Definition]) -> Verdict:
        """The verdict on a statement, without credit. Of the task, it depends only on the given."""
        return self._checker.judge(statement, definitions)

    def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> str:
        """The value of a closed term on each of the task's public models, one line per model."""
        lines: list[str] = []
        for model in self._public:
            try:
                outcome = evaluate(term, {}, 1, model, definitions, EVALUATE_FUEL)
            except Undecidable as reason:
                lines.append(f"{model.name}: no value ({reason})")
                continue
            except TooLarge:
                lines.append(f"{model.name}: ran out of room")
                continue
            if outcome.value is not None and outcome.ok.all():
                lines.append(f"{model.name}: {show(outcome.value, term.type, 0, model)}")
            else:
                lines.append(f"{model.name}: {'undefined' if outcome.status[0] == UNDEFINED else 'ran out of fuel'}")
        return "\n".join(lines)

"""The examiner: one object that checks the statements of one task, and finds what they earn and explain."""

from __future__ import annotations

from collections.abc import Mapping

from relay.checker.checker import Checker
from relay.checker.explanations import Explainer, Fit
from relay.checker.fields import small
from relay.checker.matching import Agreement, Matcher, NearMiss
from relay.checker.phenomena import FUEL, Behaviour
from relay.checker.seen import SeenRows
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
MOST_PRICE = 1_000
"""Most evaluations that one `match` costs: a point at which its term values more nodes than these allow has run out of
fuel."""


class TooLong(Record):
    """A definition that reproduces phenomena and is longer than an explanation may be."""

    phenomena: tuple[str, ...]
    """Their ids, in the order of the task."""
    length: int
    """Its term nodes, with those of its helpers."""
    most: int
    """The most that an explanation may have."""


class Examination(Record):
    """All results for one statement."""

    verdict: Verdict
    concepts: tuple[str, ...] = ()
    """Hidden concepts that a definition is a form of."""
    laws: tuple[str, ...] = ()
    """Names of the hidden laws that an accepted claim states, as `CONCEPT/NUMBER`."""
    explained: tuple[str, ...] = ()
    """Ids of the phenomena that a definition explains, as far as their rows tell."""
    accounted: tuple[str, ...] = ()
    """Ids of those of them whose concept it is a form of. Only these count in the measures."""
    near: tuple[NearMiss, ...] = ()
    """Phenomena that it nearly reproduces. Empty if it reproduces one."""
    long: TooLong | None = None
    """The phenomena that it reproduces without explaining them, since it is too long."""
    long_form: bool = False
    """Whether it agrees with a form of a hidden concept, and is too long to earn it."""


class Matched(Record):
    """What a `match` finds, and what it costs."""

    agreements: tuple[Agreement, ...] = ()
    """One for each phenomenon of the term's type, in the order of the task."""
    price: int = 1
    """Evaluations that it costs."""


class Examiner:
    """Examines statements of one task. Results depend only on the statement and on the definitions it rests on."""

    def __init__(self, task: Task) -> None:
        self.theory = Theory.read(task)
        self._checker = Checker(task.given)
        self._office = ConceptRecogniser(self.theory)
        self._behaviours = tuple(Behaviour(p, task.given) for p in task.phenomena)
        for behaviour in self._behaviours:
            _ = behaviour.groups  # reads the rows now, so that a task with ill-typed rows is refused at once
        self._seen = SeenRows(self._behaviours)
        self._explainer = Explainer(task, self._behaviours)
        self._concept_of = {phenomenon.id: phenomenon.concept for phenomenon in task.phenomena}
        # The public models. Few and small, since the value of a term is printed on each of them.
        self._public: tuple[Algebra, ...] = (
            (Rationals(), small(2), small(3), small(2, 2)) if task.given.scalars else (Structure(task.given),)
        )

    def examine(self, statement: Statement, definitions: Mapping[str, Definition]) -> Examination:
        """Verdict, credited concepts or laws, and explained phenomena of a well-formed statement."""
        verdict = self.verdict(statement, definitions)
        if isinstance(statement, Definition):
            known = {**definitions, statement.key: statement}
            explanation = self._explainer.explanation(statement, known)
            concepts = self._office.concepts(statement, known)
            return Examination(
                verdict=verdict,
                concepts=concepts,
                explained=explanation.explained,
                accounted=tuple(one for one in explanation.explained if self._concept_of[one] in concepts),
                near=explanation.near,
                long=_too_long(explanation),
                long_form=self._office.agrees_at_length(statement, known),
            )
        laws = self._office.laws(statement, definitions) if Status(verdict.status).accepted else ()
        return Examination(verdict=verdict, laws=laws)

    def verdict(self, statement: Statement, definitions: Mapping[str, Definition]) -> Verdict:
        """The verdict on a statement, without credit. Of the task, it depends only on the given."""
        return self._checker.judge(statement, definitions)

    def match(self, definition: Definition, definitions: Mapping[str, Definition]) -> Matched:
        """At how many points `definition`, the term of a `match`, has the values of each phenomenon of its type.

        It may call `seen`. Its price is the nodes that it values at a point, on average, in units of a statement."""
        size = self.theory.task.statement_size
        fuel = min(FUEL, MOST_PRICE * size)
        matcher = Matcher(definition, definitions, fuel, self._seen)
        found = tuple(one for behaviour in self._behaviours if (one := matcher.compare(behaviour)) is not None)
        unit = matcher.points * size
        return Matched(agreements=found, price=max(1, -(-matcher.nodes // unit)) if unit else 1)

    def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> str:
        """The value of a closed term on each of the task's public models, one line per model. The models are named only
        if there are several."""
        values = [self._value(term, definitions, model) for model in self._public]
        if len(values) == 1:
            return values[0]
        return "\n".join(f"{model.name}: {value}" for model, value in zip(self._public, values, strict=True))

    def _value(self, term: Term, definitions: Mapping[str, Definition], model: Algebra) -> str:
        try:
            outcome = evaluate(term, {}, 1, model, definitions, EVALUATE_FUEL, oracle=self._seen)
        except Undecidable as reason:
            return f"no value ({reason})"
        except TooLarge:
            return "no value: it takes too much room"
        if outcome.value is not None and outcome.ok.all():
            return str(show(outcome.value, term.type, 0, model))
        if outcome.status[0] == UNDEFINED:
            return "undefined"
        return f"no value: it takes more work than {EVALUATE_FUEL:,} nodes"


def _too_long(explanation: Fit) -> TooLong | None:
    if explanation.most is None or not explanation.too_long:
        return None
    return TooLong(phenomena=explanation.fits, length=explanation.length, most=explanation.most)

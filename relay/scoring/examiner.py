"""The examiner: one object that checks the statements of one task, and finds what they earn and explain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from relay.checker.checker import Checker
from relay.checker.explanations import Explainer, Fit
from relay.checker.matching import Agreement, Matcher, NearMiss
from relay.checker.phenomena import Behaviour
from relay.checker.pricing import Price, Pricer
from relay.checker.verdict import Verdict
from relay.evaluation.algebra.base import Algebra, TooLarge, Undecidable
from relay.evaluation.evaluate import evaluate
from relay.evaluation.lanes import UNDEFINED
from relay.evaluation.printing import show
from relay.notation.syntax import Claim, Definition, Statement, Term
from relay.records.record import Record
from relay.records.status import Status
from relay.records.task import Task
from relay.scoring.credit.recognition import ConceptRecogniser
from relay.scoring.theory import Theory


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
    """What a `match` finds."""

    agreements: tuple[Agreement, ...] = ()
    """One for each phenomenon of the term's type, in the order of the task."""


class Examiner:
    """Examines statements of one task. Results depend only on the statement and on the definitions it rests on."""

    def __init__(self, task: Task) -> None:
        self.theory = Theory.read(task)
        self._checker = Checker(task.given)
        self._office = ConceptRecogniser(self.theory)
        self._behaviours = tuple(Behaviour(p, task.given) for p in task.phenomena)
        for behaviour in self._behaviours:
            _ = behaviour.groups  # reads the rows now, so that a task with ill-typed rows is refused at once
        self._pricer = Pricer(task.given, task.statement_size, self._behaviours)
        self._explainer = Explainer(task, self._behaviours)
        self._concept_of = {phenomenon.id: phenomenon.concept for phenomenon in task.phenomena}

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

    def price(
        self, action: Priced, subject: Term | Statement, definitions: Mapping[str, Definition], most: int
    ) -> Price:
        """What an action costs, of which at most `most` evaluations are counted; see `priced`."""
        found = priced(self._pricer, action, subject, definitions, most, count=True)
        assert found is not None
        return found

    def match(self, definition: Definition, definitions: Mapping[str, Definition]) -> Matched:
        """At how many points `definition`, the term of a `match`, has the values of each phenomenon of its type.

        It may call `seen`. What it costs was paid: `price` says how much.
        """
        fuel = self._pricer.most_nodes(sum(behaviour.points for behaviour in self._behaviours))
        matcher = Matcher(definition, definitions, fuel, self._pricer.showing)
        found = tuple(one for behaviour in self._behaviours if (one := matcher.compare(behaviour)) is not None)
        return Matched(agreements=found)

    def evaluate(self, term: Term, definitions: Mapping[str, Definition]) -> str:
        """The value of a closed term on each of the task's public models, one line per model. The models are named only
        if there are several. What it costs was paid: `price` says how much."""
        models = self._pricer.models
        values = [self._value(term, definitions, model) for model in models]
        if len(values) == 1:
            return values[0]
        return "\n".join(f"{model.name}: {value}" for model, value in zip(models, values, strict=True))

    def _value(self, term: Term, definitions: Mapping[str, Definition], model: Algebra) -> str:
        fuel = self._pricer.most_nodes(len(self._pricer.models))
        try:
            outcome = evaluate(term, {}, 1, model, definitions, fuel, oracle=self._pricer.showing)
        except Undecidable as reason:
            return f"no value ({reason})"
        except TooLarge:
            return "no value: it takes too much room"
        if outcome.value is not None and outcome.ok.all():
            return str(show(outcome.value, term.type, 0, model))
        if outcome.status[0] == UNDEFINED:
            return "undefined"
        return "no value: a number, a generator or a nesting of calls in it is too large"


def _too_long(explanation: Fit) -> TooLong | None:
    if explanation.most is None or not explanation.too_long:
        return None
    return TooLong(phenomena=explanation.fits, length=explanation.length, most=explanation.most)


Priced = Literal["evaluate", "match", "state"]
"""The actions that have a price."""


def priced(
    pricer: Pricer,
    action: Priced,
    subject: Term | Statement,
    definitions: Mapping[str, Definition],
    most: int,
    *,
    count: bool,
) -> Price | None:
    """The price of an action: of `evaluate` with a term, of `match` with its term as a definition, or of a statement.

    `most` and `count` are those of `Pricer`; None if nothing may be counted and the price can't be predicted.
    """
    if not isinstance(subject, Definition | Claim):
        return pricer.of_evaluate(subject, definitions, most, count=count)
    if action == "match" and isinstance(subject, Definition):
        return pricer.of_match(subject, definitions, most, count=count)
    return pricer.of_statement(subject, definitions, most, count=count)

"""What `relay task check` reports on a task: depths, sizes with prerequisites inlined, a verdict for every law, and
whether each phenomenon is what its concept gives.

A concept that fits into one statement from what is given alone needs no chain: somebody could write it down in one go.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future

from relay.errors import NotationError
from relay.examiner import Examination
from relay.inlining import Inliner
from relay.judge import PooledJudge
from relay.lookahead import in_order
from relay.notation import read_statement
from relay.notation.syntax import Claim, Definition
from relay.phenomena import Behaviour
from relay.record import Record
from relay.task import Concept, Task
from relay.theory import Theory
from relay.workers import Workers


class LawReport(Record):
    """One law of a concept and what the checker says to it."""

    source: str
    status: str
    message: str
    accepted: bool


class ConceptReport(Record):
    """One concept of the hidden graph."""

    id: str
    depth: int
    forms: int
    size: int
    """Term nodes of the primary form."""
    inlined: int | None
    """Least term nodes of a form with every call replaced by its body; None where each rests on a recursion."""
    fits: bool
    """Whether some form fits into one statement from what is given alone."""
    laws: tuple[LawReport, ...]
    unexplained: tuple[str, ...] = ()
    """Phenomena said to show this concept that no form of it explains."""

    @property
    def sound(self) -> bool:
        """Whether the checker accepts all of its laws, and its forms explain what is said to show it."""
        return all(law.accepted for law in self.laws) and not self.unexplained

    def words(self, statement_size: int) -> str:
        """Lines for a person: one for the concept, one more for each law or phenomenon that fails."""
        inlined = "rests on a recursion" if self.inlined is None else f"{self.inlined} inlined"
        flag = f", fits into one statement of {statement_size}" if self.fits else ""
        kept = sum(law.accepted for law in self.laws)
        forms = "1 form" if self.forms == 1 else f"{self.forms} forms"
        lines = [
            f"{self.id}: depth {self.depth}, {forms}, size {self.size}, {inlined}{flag}; "
            f"{kept} of {len(self.laws)} laws accepted"
        ]
        lines += [
            f"    {law.status}: {' '.join(law.source.split())}\n        {law.message}"
            for law in self.laws
            if not law.accepted
        ]
        lines += [
            f"    phenomenon `{phenomenon}` is not explained: no form gives the output of every row; mend the row, or "
            "add the form"
            for phenomenon in self.unexplained
        ]
        return "\n".join(lines)


LAWS_AHEAD = 8
"""Concepts whose laws are asked about ahead of the one that is reported."""


def inspect(task: Task, judge: PooledJudge | None = None) -> Iterator[ConceptReport]:
    """One report a concept, by depth, as each is done; `TaskError` where the task does not hold together. Without a
    `judge` the laws are checked in this process."""
    theory = Theory.read(task)
    judge = judge or PooledJudge(Workers(0), task)
    for behaviour in [Behaviour(one, task.given) for one in task.phenomena]:
        _ = behaviour.groups  # reads the rows, so that a task that does not fit is refused at once
    sizes = Inliner(theory.definitions)
    primary = {concept.id: concept for concept in task.concepts}
    ordered = [primary[name] for name in sorted(primary, key=lambda name: (theory.depth[name], name))]
    begun = ((concept, [_law(law.source, theory, judge) for law in concept.laws]) for concept in ordered)
    for concept, laws in in_order(begun, lambda item: all(_is_done(law) for law in item[1]), LAWS_AHEAD):
        forms = _forms(concept, theory)
        inlined = [size for form in forms if (size := sizes.nodes(form)) is not None]
        least = min(inlined, default=None)
        yield ConceptReport(
            id=concept.id,
            depth=theory.depth[concept.id],
            forms=len(forms),
            size=forms[0].nodes,
            inlined=least,
            fits=least is not None and least <= task.statement_size,
            laws=tuple(law if isinstance(law, LawReport) else _told(*law) for law in laws),
            unexplained=_unexplained(concept, forms, theory),
        )


def _forms(concept: Concept, theory: Theory) -> list[Definition]:
    read = [read_statement(form.source, theory.scope) for form in concept.forms]
    return [statement for statement in read if isinstance(statement, Definition)]


def _unexplained(concept: Concept, forms: list[Definition], theory: Theory) -> tuple[str, ...]:
    shown = [Behaviour(one, theory.task.given) for one in theory.task.phenomena if one.concept == concept.id]
    return tuple(one.id for one in shown if not any(one.explained_by(form, theory.definitions) for form in forms))


def _law(source: str, theory: Theory, judge: PooledJudge) -> LawReport | tuple[str, Future[Examination]]:
    """What is to be said of a law, or the law and what its examination will be."""
    try:
        statement = read_statement(source, theory.scope)
    except NotationError as error:
        return LawReport(source=source, status="ill_formed", message=str(error), accepted=False)
    if not isinstance(statement, Claim):
        return LawReport(source=source, status="ill_formed", message="A law is a `claim`.", accepted=False)
    return source, judge.submit(statement, theory.definitions, credit=False)


def _is_done(law: LawReport | tuple[str, Future[Examination]]) -> bool:
    return isinstance(law, LawReport) or law[1].done()


def _told(source: str, asked: Future[Examination]) -> LawReport:
    verdict = asked.result().verdict
    return LawReport(
        source=source, status=verdict.status.value, message=verdict.message, accepted=verdict.status.accepted
    )

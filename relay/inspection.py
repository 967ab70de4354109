"""What `relay task check` reports on a task: depths, sizes with prerequisites inlined, a verdict for every law, and
whether each phenomenon is what its concept gives.

A concept that fits into one statement from what is given alone needs no chain: somebody could write it down in one go.
"""

from __future__ import annotations

from collections.abc import Iterator

from relay.errors import NotationError
from relay.examiner import Examiner
from relay.inlining import Inliner
from relay.notation import read_statement
from relay.notation.syntax import Claim, Definition
from relay.phenomena import Behaviour
from relay.record import Record
from relay.task import Concept, Task
from relay.theory import Theory


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


def inspect(task: Task) -> Iterator[ConceptReport]:
    """One report a concept, by depth, as each is done; `TaskError` where the task does not hold together."""
    theory = Theory.read(task)
    examiner = Examiner(task)
    sizes = Inliner(theory.definitions)
    primary = {concept.id: concept for concept in task.concepts}
    for concept_id in sorted(primary, key=lambda name: (theory.depth[name], name)):
        concept = primary[concept_id]
        forms = _forms(concept, theory)
        inlined = [size for form in forms if (size := sizes.nodes(form)) is not None]
        least = min(inlined, default=None)
        yield ConceptReport(
            id=concept_id,
            depth=theory.depth[concept_id],
            forms=len(forms),
            size=forms[0].nodes,
            inlined=least,
            fits=least is not None and least <= task.statement_size,
            laws=tuple(_law(law.source, theory, examiner) for law in concept.laws),
            unexplained=_unexplained(concept, forms, theory),
        )


def _forms(concept: Concept, theory: Theory) -> list[Definition]:
    read = [read_statement(form.source, theory.scope) for form in concept.forms]
    return [statement for statement in read if isinstance(statement, Definition)]


def _unexplained(concept: Concept, forms: list[Definition], theory: Theory) -> tuple[str, ...]:
    shown = [Behaviour(one, theory.task.given) for one in theory.task.phenomena if one.concept == concept.id]
    return tuple(one.id for one in shown if not any(one.explained_by(form, theory.definitions) for form in forms))


def _law(source: str, theory: Theory, examiner: Examiner) -> LawReport:
    try:
        statement = read_statement(source, theory.scope)
    except NotationError as error:
        return LawReport(source=source, status="ill_formed", message=str(error), accepted=False)
    if not isinstance(statement, Claim):
        return LawReport(source=source, status="ill_formed", message="A law is a `claim`.", accepted=False)
    verdict = examiner.examine(statement, theory.definitions).verdict
    return LawReport(
        source=source, status=verdict.status.value, message=verdict.message, accepted=verdict.status.accepted
    )

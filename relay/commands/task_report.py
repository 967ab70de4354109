"""What `relay task check` reports on a task: depths, sizes with prerequisites inlined, a verdict for every law, how
many corruptions of its definitions the laws notice, whether samplers hit, and whether phenomena are what concepts give.

A concept that fits into one statement from what is given alone needs no chain: somebody could write it down in one go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future

from relay.checker.phenomena import Behaviour
from relay.checker.verdict import Verdict
from relay.commands.ordered import answered
from relay.notation.inlining import Inliner
from relay.notation.syntax import Definition
from relay.records.record import Record
from relay.records.task import Concept, Task, called_concepts
from relay.scoring.credit.sampler_quality import Shares, shares
from relay.scoring.judge import PooledJudge
from relay.scoring.mutation.corruptions import MOST
from relay.scoring.mutation.scoring import Asking, Question, Score, score_form
from relay.scoring.theory import CheckedLaw, Theory
from relay.scoring.workers import Workers
from relay.text import quantity

AHEAD = 12
"""Concepts that are looked at side by side."""


class LawReport(Record):
    """One law of a concept and what the checker says to it."""

    source: str
    status: str
    scope: str
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
    mutation: Score | None = None
    """What the laws notice; None where the concept has none, or nobody asked."""
    samplers: tuple[Shares, ...] = ()
    """One for each predicate and each form with a domain."""
    unexplained: tuple[str, ...] = ()
    """Phenomena said to show this concept that no form of it explains."""
    unreasoned: tuple[str, ...] = ()
    """Prerequisites that the primary form does not call, and for which no reason is given."""

    @property
    def sound(self) -> bool:
        """Whether the checker accepts all of its laws, its samplers hit, its forms explain what is said to show it, and
        each prerequisite is one for a reason."""
        return (
            all(law.accepted for law in self.laws)
            and all(one.enough for one in self.samplers)
            and not self.unexplained
            and not self.unreasoned
        )

    def words(self, statement_size: int, survivors: bool = False) -> str:
        """Lines for a person: one for the concept, one more for whatever fails, and with `survivors` one for each
        corruption that no law notices."""
        inlined = "rests on a recursion" if self.inlined is None else f"{self.inlined} inlined"
        flag = f", fits into one statement of {statement_size}" if self.fits else ""
        kept = sum(law.accepted for law in self.laws)
        caught = f", {self.mutation.caught} of {self.mutation.counted} corruptions caught" if self.mutation else ""
        lines = [
            f"{self.id}: depth {self.depth}, {quantity(self.forms, 'form')}, size {self.size}, {inlined}{flag}; "
            f"{kept} of {len(self.laws)} laws accepted{caught}"
        ]
        return "\n".join([*lines, *self.faults(), *(self.survivors() if survivors else ())])

    def faults(self) -> list[str]:
        """Lines on all that makes it unsound."""
        lines = [
            f"    {law.status}: {' '.join(law.source.split())}\n        {law.message}"
            for law in self.laws
            if not law.accepted
        ]
        lines += [f"    {one.words()}" for one in self.samplers if not one.enough]
        lines += [
            f"    phenomenon `{phenomenon}` is not explained: no form gives the output of every row; mend the row, or "
            "add the form"
            for phenomenon in self.unexplained
        ]
        lines += [
            f"    prerequisite `{one}` is called by no primary form and has no reason; say why it is one, as "
            f"`prerequisites: {{{one}: ...}}`, or remove it"
            for one in self.unreasoned
        ]
        return lines

    def survivors(self) -> list[str]:
        """Lines on the corruptions that no law notices."""
        return [f"    no law notices: {source}" for source in (self.mutation.survivors if self.mutation else ())]


class TaskSummary(Record):
    """All concepts of a task together."""

    concepts: int
    forms: int
    laws: int
    statuses: dict[str, int]
    """Laws by status."""
    scopes: dict[str, int]
    """Accepted laws by what they hold for: the scope's part before the first comma."""
    depths: dict[int, int]
    """Concepts by depth."""
    early: int
    """Concepts beyond depth 1 that fit into one statement from what is given alone."""
    mutation: Score | None
    score: float | None
    """The share of corruptions that the laws catch."""
    predicates: int
    """Predicates and forms with a domain, whose samplers were looked at."""
    hitting: int
    """Those whose samplers hit often enough."""
    sound: bool

    @staticmethod
    def of(reports: Iterable[ConceptReport]) -> TaskSummary:
        """The sum of reports."""
        reports = tuple(reports)
        laws = [law for report in reports for law in report.laws]
        scores = [report.mutation for report in reports if report.mutation is not None]
        mutation = sum(scores[1:], scores[0]) if scores else None
        samplers = [one for report in reports for one in report.samplers]
        return TaskSummary(
            concepts=len(reports),
            forms=sum(report.forms for report in reports),
            laws=len(laws),
            statuses=dict(sorted(Counter(law.status for law in laws).items())),
            scopes=dict(sorted(Counter(law.scope.partition(",")[0] for law in laws if law.accepted).items())),
            depths=dict(sorted(Counter(report.depth for report in reports).items())),
            early=sum(report.fits and report.depth > 1 for report in reports),
            mutation=mutation,
            score=None if mutation is None else mutation.share,
            predicates=len(samplers),
            hitting=sum(one.enough for one in samplers),
            sound=all(report.sound for report in reports),
        )

    def words(self, statement_size: int) -> str:
        """Lines for a person."""
        statuses = ", ".join(f"{count} {status}" for status, count in self.statuses.items())
        scopes = "; ".join(f"{count} for {scope}" for scope, count in self.scopes.items())
        depths = ", ".join(f"{depth}: {count}" for depth, count in self.depths.items())
        lines = [
            f"{self.concepts} concepts, {self.forms} forms, {self.laws} laws" + (f" ({statuses})" if statuses else ""),
            *([f"accepted laws hold: {scopes}"] if scopes else []),
            f"concepts by depth: {depths}",
            f"statement_size {statement_size}; beyond depth 1, {self.early} fit into one statement from what is given "
            "alone",
        ]
        if self.mutation is not None and self.score is not None:
            lines.append(
                f"mutation score {self.score:.1%}: {self.mutation.caught} of {self.mutation.counted} corruptions are "
                f"caught ({self.mutation.unchanged} more change nothing, {self.mutation.undecided} are undecided)"
            )
        if self.predicates:
            lines.append(
                f"samplers: {self.hitting} of {self.predicates} predicates and forms with a domain are true, and just "
                "missed, for a third of the values"
            )
        if not self.sound:
            lines.append("some laws, samplers, prerequisites or phenomena fail")
        return "\n".join(lines)


def inspect(
    task: Task,
    judge: PooledJudge | None = None,
    corruptions: int = MOST,
    step: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[ConceptReport]:
    """One report a concept, by depth, as each is done; `TaskError` where the task does not hold together. Without a
    `judge` all claims are checked in this process. Of each form at most so many `corruptions` are tried. `step` is told
    how many laws and corruptions are done, of how many, however the concepts are."""
    theory = Theory.read(task)
    asked = judge or PooledJudge(Workers(0), task)
    for behaviour in [Behaviour(one, task.given) for one in task.phenomena]:
        _ = behaviour.groups  # reads the rows, so that a task that does not fit is refused at once
    sizes = Inliner(theory.definitions)
    called = called_concepts(task.concepts)
    ordered = sorted(task.concepts, key=lambda concept: (theory.depth[concept.id], concept.id))
    progress = _Progress(len(theory.laws) + corruptions * len(theory.forms), step)
    work = (_report(concept, theory, sizes, called, corruptions, progress) for concept in ordered)
    return answered(work, lambda question: _verdict(asked, question), AHEAD)


def _verdict(judge: PooledJudge, question: Question) -> Future[Verdict]:
    verdict: Future[Verdict] = Future()
    examination = judge.submit(*question, credit=False)
    examination.add_done_callback(
        lambda done: (
            verdict.set_exception(error)
            if (error := done.exception()) is not None
            else verdict.set_result(done.result().verdict)
        )
    )
    return verdict


class _Progress:
    """Counts laws and corruptions; told of none first, so that whoever watches sees that it has begun."""

    def __init__(self, of: int, step: Callable[[int, int], None]) -> None:
        self._of, self._step, self._done = of, step, 0
        step(0, of)

    def __call__(self, units: int = 1) -> None:
        self._done += units
        self._step(self._done, self._of)


def _report(
    concept: Concept,
    theory: Theory,
    sizes: Inliner,
    called: Mapping[str, tuple[str, ...]],
    corruptions: int,
    progress: _Progress,
) -> Asking[ConceptReport]:
    laws: list[LawReport] = []
    accepted: list[CheckedLaw] = []
    for law in theory.laws:
        if law.concept == concept.id:
            verdict = yield law.claim, theory.definitions
            laws.append(_law(law.claim.source, verdict))
            progress()
            accepted += [law] if verdict.status.accepted else []
    forms = [form for form in theory.forms if form.concept == concept.id]
    score = Score() if laws and corruptions else None
    for form in forms if score is not None else ():
        more = yield from score_form(form, accepted, theory, corruptions, progress)
        score = more if score is None else score + more
        progress(corruptions - more.tried)  # a small form has fewer
    if score is None:
        progress(corruptions * len(forms))
    structure = not theory.task.given.scalars
    samplers = [] if structure else [found for form in forms if (found := shares(form, theory.definitions))]
    inlined = [size for form in forms if (size := sizes.nodes(form.definition)) is not None]
    least = min(inlined, default=None)
    return ConceptReport(
        id=concept.id,
        depth=theory.depth[concept.id],
        forms=len(forms),
        size=forms[0].definition.nodes,
        inlined=least,
        fits=least is not None and least <= theory.task.statement_size,
        laws=tuple(laws),
        mutation=score,
        samplers=tuple(samplers),
        unexplained=_unexplained(concept, [form.definition for form in forms], theory),
        unreasoned=tuple(
            one for one in concept.prerequisites if one not in called[concept.id] and not concept.reasons.get(one)
        ),
    )


def _law(source: str, verdict: Verdict) -> LawReport:
    return LawReport(
        source=source,
        status=verdict.status.value,
        scope=verdict.scope,
        message=verdict.message,
        accepted=verdict.status.accepted,
    )


def _unexplained(concept: Concept, forms: list[Definition], theory: Theory) -> tuple[str, ...]:
    shown = [Behaviour(one, theory.task.given) for one in theory.task.phenomena if one.concept == concept.id]
    return tuple(one.id for one in shown if not any(one.explained_by(form, theory.definitions) for form in forms))

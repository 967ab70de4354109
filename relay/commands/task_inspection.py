"""Inspect a task for `relay task check`: one report for each concept.

Concepts are reported in order of depth, while the laws and corruptions of several concepts are judged concurrently.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass

from relay.checker.explanations import Explainer, Fit, length, longest
from relay.checker.phenomena import Behaviour
from relay.checker.verdict import Verdict
from relay.commands.ordered import in_order
from relay.commands.task_report import ConceptReport, LawReport
from relay.notation.inlining import Inliner
from relay.notation.syntax import Claim, Definition
from relay.records.task import Concept, Task, called_concepts
from relay.scoring.credit.sampler_quality import shares
from relay.scoring.examiner import TooLong
from relay.scoring.judge import PooledJudge
from relay.scoring.mutation.corruptions import MOST
from relay.scoring.mutation.scoring import Score, score_form
from relay.scoring.theory import CheckedForm, CheckedLaw, Theory
from relay.scoring.workers import Workers

__all__ = ["inspect"]


def inspect(
    task: Task,
    judge: PooledJudge | None = None,
    corruptions: int = MOST,
    step: Callable[[int, int], None] = lambda done, of: None,
    *,
    at_once: int = 1,
) -> AsyncGenerator[ConceptReport, None]:
    """Yield one report for each concept, in order of depth, as soon as it is done.

    Without a `judge` all claims are checked in this process. At most `corruptions` are tried for each form. `step` is
    called with the number of laws and corruptions that are done, and with their total number. At most `at_once` laws
    and corruptions are judged concurrently, and at most `at_once` concepts are started and not yet yielded. Raises
    `TaskError` at once if the task is inconsistent.
    """
    theory = Theory.read(task)
    behaviours = [Behaviour(one, task.given) for one in task.phenomena]
    for behaviour in behaviours:
        _ = behaviour.groups  # parses the rows, so that an unreadable phenomenon raises before any work is done
    inspection = _Inspection(
        theory=theory,
        judge=judge or PooledJudge(Workers(0), task),
        explainer=Explainer(task, behaviours),
        sizes=Inliner(theory.definitions),
        called=called_concepts(task.concepts),
        corruptions=corruptions,
        slots=asyncio.Semaphore(max(1, at_once)),
        progress=_Progress(len(theory.laws) + corruptions * len(theory.forms), step),
    )
    ordered = sorted(task.concepts, key=lambda concept: (theory.depth[concept.id], concept.id))
    return in_order((inspection.report(concept) for concept in ordered), at_once)


class _Progress:
    """Counts laws and corruptions, and calls `step` after each; also once with 0, to show that the work has begun."""

    def __init__(self, of: int, step: Callable[[int, int], None]) -> None:
        self._of, self._step, self._done = of, step, 0
        step(0, of)

    def __call__(self, units: int = 1) -> None:
        self._done += units
        self._step(self._done, self._of)


@dataclass(frozen=True, slots=True)
class _Inspection:
    """The state that the reports on all concepts of a task share."""

    theory: Theory
    judge: PooledJudge
    explainer: Explainer
    sizes: Inliner
    """Computes sizes of forms with all calls inlined."""
    called: Mapping[str, tuple[str, ...]]
    """Concept -> the concepts that its primary form calls."""
    corruptions: int
    """Number of corruptions that are tried for each form."""
    slots: asyncio.Semaphore
    """Bounds the laws and corruptions that are judged concurrently."""
    progress: _Progress

    async def report(self, concept: Concept) -> ConceptReport:
        """Return the report on one concept."""
        theory = self.theory
        forms = [form for form in theory.forms if form.concept == concept.id]
        laws = [law for law in theory.laws if law.concept == concept.id]
        verdicts = await asyncio.gather(*map(self._law, laws))
        # A law that fails for the form itself would "notice" every corruption, so only accepted laws are scored.
        accepted = [law for law, verdict in zip(laws, verdicts, strict=True) if verdict.status.accepted]
        score = await self._score(forms, accepted) if laws and self.corruptions else None
        if score is None:
            self.progress(self.corruptions * len(forms))
        structure = not theory.task.given.scalars  # finite structures are exhausted, so they need no samplers
        samplers = [] if structure else [found for form in forms if (found := shares(form, theory.definitions))]
        explanations = [self.explainer.explanation(form.definition, theory.definitions) for form in forms]
        inlined = [size for form in forms if (size := self.sizes.nodes(form.definition)) is not None]
        least = min(inlined, default=None)
        return ConceptReport(
            id=concept.id,
            depth=theory.depth[concept.id],
            forms=len(forms),
            size=forms[0].definition.nodes,
            inlined=least,
            fits=least is not None and least <= theory.task.statement_size,
            laws=tuple(LawReport.of(law.claim.source, found) for law, found in zip(laws, verdicts, strict=True)),
            mutation=score,
            samplers=tuple(samplers),
            unexplained=self._unexplained(concept, explanations),
            too_long=self._too_long(forms[0].definition, explanations),
            unreasoned=tuple(
                one
                for one in concept.prerequisites
                if one not in self.called[concept.id] and not concept.reasons.get(one)
            ),
        )

    def _unexplained(self, concept: Concept, found: Sequence[Fit]) -> tuple[str, ...]:
        """Ids of the phenomena of a concept that no form explains; `found` has one explanation for each form."""
        every = [one.id for one in self.theory.task.phenomena if one.concept == concept.id]
        return tuple(id for id in every if not any(id in one.explained for one in found))

    def _too_long(self, primary: Definition, found: Sequence[Fit]) -> TooLong | None:
        """How long the primary form is, or the shortest form that has the values of a phenomenon, if nothing as long
        earns credit or explains anything."""
        theory = self.theory
        most = longest(theory.task.given, theory.task.statement_size)
        if most is None:
            return None
        forms = {form.definition.key for form in theory.forms}
        own = length(primary, theory.definitions, lambda helper: helper.key in forms)
        explained = {id for one in found for id in one.explained}
        long = [one for one in found if one.too_long and not explained.issuperset(one.fits)]
        if own <= most and not long:
            return None
        phenomena = dict.fromkeys(id for one in long for id in one.fits if id not in explained)
        return TooLong(
            phenomena=tuple(phenomena), length=max(own, min((one.length for one in long), default=0)), most=most
        )

    async def _law(self, law: CheckedLaw) -> Verdict:
        async with self.slots:
            verdict = await self._ask(law.claim, self.theory.definitions)
        self.progress()
        return verdict

    async def _score(self, forms: Sequence[CheckedForm], laws: Sequence[CheckedLaw]) -> Score:
        async def score(form: CheckedForm) -> Score:
            found = await score_form(
                form,
                laws,
                self.theory,
                self._ask,
                most=self.corruptions,
                at_once=self.slots,
                after_each=self.progress,
            )
            self.progress(self.corruptions - found.tried)  # the total counts the most; a small form has fewer
            return found

        return sum(await asyncio.gather(*map(score, forms)), Score())

    async def _ask(self, claim: Claim, definitions: Mapping[str, Definition]) -> Verdict:
        return (await self.judge.examine(claim, definitions, credit=False)).verdict

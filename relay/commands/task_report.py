"""The report of `relay task check`, as data and in words.

It contains each concept's depth, its size with prerequisites inlined, the verdict on each law, the share of corrupted
definitions that the laws notice, the samplers' hit rates, and the phenomena and prerequisites that fail.

If a concept fits into one statement over the given operations alone, a task does not need a chain for it: one
researcher could write it down without its prerequisites.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from relay.checker.verdict import Verdict
from relay.records.record import Record
from relay.scoring.credit.sampler_quality import Shares
from relay.scoring.examiner import TooLong
from relay.scoring.mutation.scoring import Score
from relay.text import quantity

__all__ = ["ConceptReport", "LawReport", "TaskSummary"]


class LawReport(Record):
    """One law of a concept and its verdict."""

    source: str
    status: str
    scope: str
    message: str
    accepted: bool

    @staticmethod
    def of(source: str, verdict: Verdict) -> LawReport:
        """Return the report on a law with this verdict."""
        return LawReport(
            source=source,
            status=verdict.status.value,
            scope=verdict.scope,
            message=verdict.message,
            accepted=verdict.status.accepted,
        )


class ConceptReport(Record):
    """One concept of the hidden graph."""

    id: str
    depth: int
    forms: int
    size: int
    """Term nodes of the primary form."""
    statement_size: int
    """Most term nodes of a statement. Nobody could state a larger primary form."""
    inlined: int | None
    """Term nodes of the smallest form with every call replaced by its body; None if every form uses recursion."""
    fits: bool
    """Whether some form fits into one statement over the given operations alone."""
    laws: tuple[LawReport, ...]
    mutation: Score | None = None
    """How many corruptions the laws notice; None if the concept has no laws, or no corruptions were tried."""
    samplers: tuple[Shares, ...] = ()
    """Hit rates of the samplers, one for each predicate and each form with a domain."""
    unexplained: tuple[str, ...] = ()
    """Ids of the phenomena of this concept that no form of it explains."""
    too_long: TooLong | None = None
    """The length of a form with the references that it calls, if it is more than an explanation may have, and those of
    `unexplained` that are not explained for this reason."""
    unreasoned: tuple[str, ...] = ()
    """Prerequisites that the primary form does not call and that have no reason."""

    @property
    def sound(self) -> bool:
        """Whether the check found no fault in the concept: all of the following hold.

        The primary form fits into one statement. The checker accepts every law. Every sampler makes enough values that
        satisfy its predicate and enough that just miss it. Some form explains every phenomenon, and none is too long
        to. Every declared prerequisite is called by a form, or the task gives a reason for it.
        """
        return (
            self.size <= self.statement_size
            and all(law.accepted for law in self.laws)
            and all(one.enough for one in self.samplers)
            and not self.unexplained
            and not self.too_long
            and not self.unreasoned
        )

    def words(self, statement_size: int, survivors: bool = False) -> str:
        """Return the report as text: a line for the concept, then its faults, and with `survivors` a line for each
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
        """Return lines about everything that makes the concept unsound."""
        lines = [
            f"    its primary form has {self.size} nodes, and a statement may have {self.statement_size}, so "
            "nobody could state it; build it on a further prerequisite, or give a larger `statement_size`"
        ] * (self.size > self.statement_size)
        lines += [
            f"    {law.status}: {' '.join(law.source.split())}\n        {law.message}"
            for law in self.laws
            if not law.accepted
        ]
        lines += [f"    {one.words()}" for one in self.samplers if not one.enough]
        lines += [
            f"    phenomenon `{phenomenon}` is not explained: no form gives the output of every row; fix the row, or "
            "add the form"
            for phenomenon in self.unexplained
            if self.too_long is None or phenomenon not in self.too_long.phenomena
        ]
        if self.too_long is not None:
            lines.append(
                f"    a form has {self.too_long.length} term nodes with what it calls, and an explanation may have "
                f"{self.too_long.most}: it explains and earns nothing; shorten it, or give a larger "
                "statement_size or sort"
            )
        lines += [
            f"    prerequisite `{one}` is not called by the primary form and has no reason; give the reason, as "
            f"`prerequisites: {{{one}: ...}}`, or remove it"
            for one in self.unreasoned
        ]
        return lines

    def survivors(self) -> list[str]:
        """Return a line for each corruption that no law notices."""
        return [f"    no law notices: {source}" for source in (self.mutation.survivors if self.mutation else ())]


class TaskSummary(Record):
    """Totals over all concepts of a task."""

    concepts: int
    forms: int
    laws: int
    statuses: dict[str, int]
    """Status -> number of laws."""
    scopes: dict[str, int]
    """Scope (its part before the first comma) -> number of accepted laws."""
    depths: dict[int, int]
    """Depth -> number of concepts."""
    early: int
    """Concepts beyond depth 1 that fit into one statement over the given operations alone."""
    mutation: Score | None
    score: float | None
    """Share of corruptions that the laws catch, 0 to 1; None if none were tried."""
    predicates: int
    """Number of predicates and forms with a domain, each of which has a sampler."""
    hitting: int
    """Number of samplers that hit often enough."""
    sound: bool
    """Whether every concept is sound."""

    @staticmethod
    def of(reports: Iterable[ConceptReport]) -> TaskSummary:
        """Sum the reports."""
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
        """Return the summary as text."""
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
                f"samplers: for {self.hitting} of {self.predicates} predicates and forms with a domain a third of the "
                "values hit, and a third just miss"
            )
        if not self.sound:
            lines.append("some sizes, laws, samplers, prerequisites or phenomena fail")
        return "\n".join(lines)

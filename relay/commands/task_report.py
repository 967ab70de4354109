"""What `relay task check` reports on a task: depths, sizes with prerequisites inlined, a verdict for every law, how
many corruptions of its definitions the laws notice, whether samplers hit, and whether phenomena are what concepts give.

A concept that fits into one statement from what is given alone needs no chain: somebody could write it down in one go.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from relay.checker.verdict import Verdict
from relay.records.record import Record
from relay.scoring.credit.sampler_quality import Shares
from relay.scoring.mutation.scoring import Score
from relay.text import quantity

__all__ = ["ConceptReport", "LawReport", "TaskSummary"]


class LawReport(Record):
    """One law of a concept and what the checker says to it."""

    source: str
    status: str
    scope: str
    message: str
    accepted: bool

    @staticmethod
    def of(source: str, verdict: Verdict) -> LawReport:
        """A law and its verdict."""
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

"""What a statement earns: the credits that follow from its examination. Researchers never learn any of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from relay.notation.syntax import Definition, Statement
from relay.records.events import Credited, Explained, LawCredited
from relay.records.status import Status
from relay.scoring.examiner import Examination
from relay.trial.tenure_credit import TenureCredit

__all__ = ["earnings"]


def earnings(
    statement: Statement,
    found: Examination,
    credit: TenureCredit,
    readable: Collection[str],
    prerequisites: Mapping[str, frozenset[str]],
    numbers: Mapping[str, int],
) -> Iterator[Credited | LawCredited | Explained]:
    """Yield the credits of a statement that its tenure does not have yet.

    `credit` is what the tenure has earned, and `readable` are the keys of the definitions that it inherited and can
    call. `prerequisites` are those of each concept, and `numbers` those of the phenomena.
    """
    key = statement.key
    if not isinstance(statement, Definition):
        if found.verdict.status.accepted:
            yield from (LawCredited(key=key, law=law) for law in sorted(found.laws))
        return
    if found.verdict.status is not Status.DEFINED:
        return
    # A definition that is a form of several concepts does not leap from one to another.
    known = credit.concepts(readable) | set(found.concepts)
    for concept in sorted(found.concepts):
        leap = not prerequisites[concept] <= known
        # The engine sets `first` when it settles the generation: other tenures count too. A definition that is stated
        # again keeps what it was: its tenure may have found the prerequisites since, and it does not rest on them.
        if (key, concept) not in credit.credited:
            yield Credited(key=key, concept=concept, leap=leap, first=False)
    for number in sorted(numbers[id] for id in found.accounted):
        if (key, number) not in credit.explained:
            yield Explained(key=key, phenomenon=number)

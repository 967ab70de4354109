"""A second opinion on verdicts: whether the referee's opinions contradict the checker's verdict.

If they do, the referee or the checker has a bug. Three things are no contradiction: the opinion `unknown`, the verdict
`undecided`, and a counterexample or satisfying value that only the referee found, if the verdict does not exclude it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relay.checker.referee.opinion import Opinion, Says, opinions
from relay.checker.verdict import Verdict
from relay.commands.statements import AGREES, UNKNOWN
from relay.errors import WorkerFault
from relay.notation.syntax import Claim, Definition
from relay.records.status import Reason, Status
from relay.scoring.workers import Workers

_BAD = (Says.FALSE, Says.UNDEFINED)


def contradiction(verdict: Verdict, answers: Sequence[Opinion]) -> str:
    """Describe how the referee's opinions contradict the verdict; empty if they don't."""
    status = verdict.status
    if status.accepted or status is Status.TRIVIAL:
        against = [opinion for opinion in answers if opinion.says in _BAD]
    elif status in (Status.REFUTED, Status.UNDEFINED):
        # The referee looks at a few small sizes only: a claim about many sizes may be false at a size beyond them.
        alone = len(answers) == 1 and not answers[0].case.numbers and not answers[0].case.lengths
        against = [opinion for opinion in answers if alone and opinion.says in (Says.TRUE, Says.VACUOUS)]
    elif verdict.reason is Reason.CONTRADICTORY:
        against = [opinion for opinion in answers if opinion.says in (*_BAD, Says.TRUE)]
    else:
        against = []
    if not against:
        return ""
    first = against[0]
    point = ""
    if first.witness is not None:
        point = f" at ({', '.join(map(str, (*first.witness.scalars, *first.witness.truths)))}) in {first.witness.field}"
    return f"the checker says {status.value}, SymPy says {first.words()}{point}"


async def second_opinion(
    workers: Workers, claim: Claim, definitions: Mapping[str, Definition], verdict: Verdict
) -> str:
    """Ask the referee, in a worker, whether it agrees with `verdict`.

    Returns `AGREES`, `UNKNOWN` (also if the worker fails), the contradiction in words, or an empty string if the claim
    has no case for the referee.
    """
    try:
        return await workers.run(_second_opinion, claim, dict(definitions), verdict)
    except WorkerFault:  # out of time or memory; an opinion is a bonus, so the verdict stands
        return UNKNOWN


def _second_opinion(claim: Claim, definitions: dict[str, Definition], verdict: Verdict) -> str:
    answers = tuple(opinions(claim, definitions))
    if not answers:
        return ""
    judged = verdict.status is not Status.UNDECIDED and any(one.says is not Says.UNKNOWN for one in answers)
    return contradiction(verdict, answers) or (AGREES if judged else UNKNOWN)

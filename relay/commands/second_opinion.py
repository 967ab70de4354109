"""A second opinion on verdicts, for sceptics: where the referee's opinion and the checker's verdict contradict each
other. One of the two is wrong then, and whoever finds out which has found a fault.

What contradicts nothing: `unknown`; `undecided`; and counterexamples or satisfying values that only the referee found
where the verdict does not say that there are none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from relay.checker.referee.opinion import Opinion, Says, opinions
from relay.checker.verdict import Verdict
from relay.commands.statements import AGREES, UNKNOWN
from relay.errors import WorkerFault
from relay.notation.syntax import Claim, Definition
from relay.records.status import Status
from relay.scoring.workers import Workers

_BAD = (Says.FALSE, Says.UNDEFINED)


def contradiction(verdict: Verdict, said: Sequence[Opinion]) -> str:
    """How the two contradict each other, in words; empty where they don't."""
    status = verdict.status
    if status.accepted or status is Status.TRIVIAL:
        against = [opinion for opinion in said if opinion.says in _BAD]
    elif status in (Status.REFUTED, Status.UNDEFINED):
        # a claim of several sizes may be false at one that the referee does not look at
        alone = len(said) == 1 and not said[0].case.numbers and not said[0].case.lengths
        against = [opinion for opinion in said if alone and opinion.says in (Says.TRUE, Says.VACUOUS)]
    elif status is Status.VACUOUS and "that it contradicts itself is certain" in verdict.message:
        against = [opinion for opinion in said if opinion.says in (*_BAD, Says.TRUE)]
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
    """What the referee, in a worker, says to a verdict: `AGREES`, `UNKNOWN`, how it contradicts it, or nothing where it
    looked at no case."""
    try:
        return await workers.run(_second_opinion, claim, dict(definitions), verdict)
    except WorkerFault:
        return UNKNOWN


def _second_opinion(claim: Claim, definitions: dict[str, Definition], verdict: Verdict) -> str:
    said = tuple(opinions(claim, definitions))
    if not said:
        return ""
    judged = verdict.status is not Status.UNDECIDED and any(one.says is not Says.UNKNOWN for one in said)
    return contradiction(verdict, said) or (AGREES if judged else UNKNOWN)

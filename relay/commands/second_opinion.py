"""A second opinion on verdicts, for sceptics: where the referee's opinion and the checker's verdict contradict each
other. One of the two is wrong then, and whoever finds out which has found a fault.

What contradicts nothing: `unknown`; `undecided`; and counterexamples or satisfying values that only the referee found
where the verdict does not say that there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from relay.checker.referee.opinion import Opinion, Says, opinions
from relay.checker.verdict import Verdict
from relay.commands.statements import Reviewed, statements
from relay.errors import NotationError
from relay.notation import Scope, read_statement
from relay.notation.syntax import Claim, Definition
from relay.records.status import Status
from relay.records.task import Task

AGREES = "agrees"
UNKNOWN = "unknown"
"""It can't judge the claim, or the checker could not."""
SAID = (AGREES, UNKNOWN)
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


def appealed(reviewed: Iterable[Reviewed], task: Task, text: str) -> Iterator[tuple[Reviewed, str]]:
    """Each statement of a text that is reviewed, with what the referee says to its verdict: `AGREES`, `UNKNOWN`, how it
    contradicts it, or nothing where there is no verdict on a claim."""
    for found, said in zip(reviewed, second_opinions(task, text), strict=True):
        if not said:
            yield found, ""
            continue
        judged = found.verdict.status is not Status.UNDECIDED and any(one.says is not Says.UNKNOWN for one in said)
        yield found, contradiction(found.verdict, said) or (AGREES if judged else UNKNOWN)


def second_opinions(task: Task, text: str) -> Iterator[tuple[Opinion, ...]]:
    """The opinions on each statement of a text, in order, as `relay.commands.statements` reads it; none on what is no
    claim."""
    scope = Scope(task.given)
    definitions: dict[str, Definition] = {}
    for _, source in statements(text):
        try:
            statement = read_statement(source, scope, task.statement_size)
        except NotationError:
            yield ()
            continue
        if isinstance(statement, Claim):
            yield tuple(opinions(statement, definitions))
            continue
        scope, definitions[statement.key] = scope.adding(statement), statement
        yield ()

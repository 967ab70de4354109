"""`mock/judge`: a judge of claims that knows the truth and lies at known rates.

It reads the prompt of a judge (`relay.schemes.truth.judge_prompt`) as a model does, and has the claim checked by
relay's checker, which anybody can call. Of two false claims it accepts one if `accepts_false` is 0.5, and so on; the
draw comes from the request's seed. Where the checker is undecided, or finds that the claim says nothing, it has no
opinion.
"""

from __future__ import annotations

import re
from functools import lru_cache

from agents.explorer.from_text import read_given
from relay.checker.checker import Checker
from relay.errors import ModelFault, NotationError
from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import Claim, Definition
from relay.records.status import Status
from relay.researcher.model import Request
from relay.seeds import integer_generator

__all__ = ["opinion_of"]

_MARKED = re.compile(r"<(definitions|claim) ([0-9a-f]{16})>\n(.*?)\n</\1 \2>", re.DOTALL)


def opinion_of(request: Request, accepts_false: float, refuses_true: float) -> str:
    """The answer to a judge's prompt. Raises `ModelFault` if it can't be read."""
    try:
        status = _status(request.messages[-1].content)
    except (ValueError, NotationError, KeyError, IndexError) as error:
        raise ModelFault(f"the judge can't read its prompt: {error}") from error
    draw = integer_generator(request.seed).random()
    if status.accepted:
        return "false" if draw < refuses_true else "true"
    if status is Status.REFUTED:
        return "true" if draw < accepts_false else "false"
    return "undecided"


@lru_cache(maxsize=256)
def _status(prompt: str) -> Status:
    texts = {kind: text for kind, _, text in _MARKED.findall(prompt)}
    given = read_given(prompt)
    scope = Scope(given)
    definitions: dict[str, Definition] = {}
    for located in split_statements(texts.get("definitions", "")):
        definition = read_statement(located.source, scope)
        if isinstance(definition, Definition):
            definitions[definition.key] = definition
            scope = scope.adding(definition)
    claim = read_statement(texts["claim"], scope)
    if not isinstance(claim, Claim):
        raise ValueError("it has no claim")
    return Checker(given).judge(claim, definitions).status

"""Functions that go down one natural number by steps of 1: `f(x, k) = base if k == 0 else step of f(x, k - 1)`."""

from __future__ import annotations

from dataclasses import dataclass

from relay.notation.syntax import Apply, Call, Choice, Definition, NatType, Numeral, Term, Variable
from relay.notation.traversal import walk


@dataclass(frozen=True, slots=True)
class Descent:
    """How a definition recurses."""

    position: int
    """Which parameter goes down."""
    base: Term
    step: Term


def descent(definition: Definition) -> Descent | None:
    """The descent that a definition is; None where its text is no such descent."""
    body = definition.body
    if not (isinstance(body, Choice) and body.kind == "if"):
        return None
    condition, base, step = body.args
    if not (isinstance(condition, Apply) and condition.op == "eq" and isinstance(condition.args[0].type, NatType)):
        return None
    names = [a.name for a in condition.args if isinstance(a, Variable)]
    if len(names) != 1 or not any(isinstance(a, Numeral) and a.value == 0 for a in condition.args):
        return None
    parameters = [p.name for p in definition.parameters]
    if names[0] not in parameters or _calls(base):
        return None
    position = parameters.index(names[0])
    calls = _calls(step)
    if not calls or not all(_goes_down(call, parameters, position) for call in calls):
        return None
    return Descent(position, base, step)


def _calls(term: Term) -> list[Call]:
    return [t for t in walk(term) if isinstance(t, Call) and t.key == "self"]


def _goes_down(call: Call, parameters: list[str], position: int) -> bool:
    """Whether a call changes nothing but the number, and takes 1 from that."""
    for k, (name, arg) in enumerate(zip(parameters, call.args, strict=True)):
        if k != position:
            if not (isinstance(arg, Variable) and arg.name == name):
                return False
            continue
        if not (isinstance(arg, Apply) and arg.op == "sub"):
            return False
        number, one = arg.args
        if not (isinstance(number, Variable) and number.name == name and isinstance(one, Numeral) and one.value == 1):
            return False
    return True

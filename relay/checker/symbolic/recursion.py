"""Descents: functions that recurse on one natural number in steps of 1.

A descent has the form `f(x, k) = base if k == 0 else step(f(x, k - 1))`. Its value at an unknown number is a symbol.
By induction, the value is defined at all numbers if the base is defined and the step keeps it so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from relay.checker.symbolic.arrays import written
from relay.checker.symbolic.rewriting import RewriteRules
from relay.checker.symbolic.sizes import ONE, ZERO, GiveUp, Size
from relay.checker.symbolic.symbols import symbol_array
from relay.checker.symbolic.values import Matrix, Meaning, Names, Number, Reads, Zero, shape_of, size_of
from relay.notation.syntax import Apply, Call, Choice, Definition, NatType, Numeral, Term, Variable
from relay.notation.traversal import walk


@dataclass(frozen=True, slots=True)
class Descent:
    """The parts of a descent."""

    position: int
    """The place, among the definition's parameters, of the number that goes down."""
    base: Term
    step: Term


def descent(definition: Definition) -> Descent | None:
    """Return the parts of `definition` if its text has the form of a descent; None otherwise."""
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
    """Return the recursive calls in a term."""
    return [t for t in walk(term) if isinstance(t, Call) and t.key == "self"]


def _goes_down(call: Call, parameters: list[str], position: int) -> bool:
    """Return whether `call` passes on `k - 1` for the parameter k at `position`, and all others unchanged."""
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


class Descents:
    """Makes symbols for the values of descents at unknown numbers, with the laws of these symbols."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader
        self._algebra = reader.algebra
        self._grounded: dict[str, tuple[str, ...]] = {}
        """Descent that was shown to be defined -> names of the matrix parameters that commute with its value."""
        self._known_to_commute: set[tuple[str, Size]] = set()

    def undecided(self, number: Meaning) -> bool:
        """Return whether `number` is unknown and may be 0."""
        size = size_of(number)
        least = size.least(self._algebra.floors)
        return size.number is None and (least is None or least < 1)

    def symbolic(self, definition: Definition, down: Descent, names: Names) -> Meaning:
        """Return the value of a descent at an unknown number, as a symbol.

        `names` are the arguments by parameter. The first call for given arguments shows that the descent is defined at
        all numbers; `GiveUp` is raised if that fails. For each parameter that commutes with the value, this law is
        added to the reader's facts.
        """
        number = definition.parameters[down.position].name
        others = [written(names[p.name], self._algebra) for p in definition.parameters if p.name != number]
        head = f"{definition.key} of {' and '.join(others)}"
        if head not in self._grounded:
            self._grounded[head] = ()  # the hypothesis of the induction: smaller numbers are defined
            try:
                self._ground(definition, down, {**names}, number, head)
            except GiveUp:
                del self._grounded[head]
                raise
        value = self._made(definition, names, head, number)
        size = size_of(names[number])
        if isinstance(value, Matrix) and (head, size) not in self._known_to_commute:
            self._known_to_commute.add((head, size))
            for name in self._grounded[head]:
                self._reader.facts.append(self._commutator(cast(Matrix, names[name]), value))
        return value

    def _made(self, definition: Definition, names: Names, head: str, number: str) -> Meaning:
        """Return the symbol for the value of a descent at the arguments `names`.

        `head` is the descent with its other arguments as text, `number` the name of the parameter that goes down.
        """
        symbol = f"{head} from {size_of(names[number]).terms}"
        type_ = definition.result
        if isinstance(type_, NatType):
            self._algebra.floors[symbol] = 0
            return Number(Size.name(symbol))
        return symbol_array(symbol, type_, names, (), self._reader)

    def _ground(self, definition: Definition, down: Descent, names: dict[str, Meaning], number: str, head: str) -> None:
        """Show that base and step are defined and have the declared sizes. Note which parameters commute with both.

        Raises `GiveUp` if base or step may be undefined or may have another size.
        """
        last = f"last of {head}"
        self._algebra.floors[last] = 1  # the step is used at positive numbers only
        at = {**names, number: Number(ZERO)}, {**names, number: Number(Size.name(last))}
        base, step = self._reader.read(down.base, at[0], definition), self._reader.read(down.step, at[1], definition)
        for value, where in ((base, at[0]), (step, at[1])):
            if shape_of(value) != shape_of(self._made(definition, where, head, number)):
                raise GiveUp
        if not (isinstance(base, Matrix) and isinstance(step, Matrix) and base.rows == base.columns):
            return
        before = {**names, number: Number(Size.name(last) - ONE)}
        found = self._made(definition, before, head, number)
        for parameter in definition.parameters:
            given = names[parameter.name]
            if not isinstance(given, Matrix) or shape_of(given) != shape_of(base) or not isinstance(found, Matrix):
                continue
            rules = RewriteRules(self._algebra)
            # Induction again: assume that the parameter commutes with the value before, and show it for base and step.
            rules.learn([self._commutator(given, found)])
            if not any(rules.reduced(self._commutator(given, value).sum) for value in (base, step)):
                self._grounded[head] = (*self._grounded[head], parameter.name)

    def _commutator(self, a: Matrix, b: Matrix) -> Zero:
        """Return the equation `a b - b a == 0`, with fresh indices."""
        algebra = self._algebra
        i, j, k = (algebra.indices.fresh(a.rows) for _ in range(3))
        one = algebra.over(algebra.mul(a.at(i, k), b.at(k, j)), k)
        two = algebra.over(algebra.mul(b.at(i, k), a.at(k, j)), k)
        return Zero(algebra.sub(one, two), (i, j))

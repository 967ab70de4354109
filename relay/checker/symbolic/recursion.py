"""Functions that go down one natural number by steps of 1: `f(x, k) = base if k == 0 else step of f(x, k - 1)`."""

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


class Descents:
    """Symbols for the values of descents from unknown numbers, and what is known about them."""

    def __init__(self, reader: Reads) -> None:
        self._reader = reader
        self._algebra = reader.algebra
        self._grounded: dict[str, tuple[str, ...]] = {}
        """Descents that were seen to be defined; the parameters that commute with them."""
        self._known_to_commute: set[tuple[str, Size]] = set()

    def undecided(self, number: Meaning) -> bool:
        """Whether a number may be 0 or not."""
        size = size_of(number)
        least = size.least(self._algebra.floors)
        return size.number is None and (least is None or least < 1)

    def symbolic(self, definition: Definition, down: Descent, names: Names) -> Meaning:
        """The value of a descent from an unknown number: a symbol, since it is defined for all of them."""
        number = definition.parameters[down.position].name
        others = [written(names[p.name], self._algebra) for p in definition.parameters if p.name != number]
        head = f"{definition.key} of {' and '.join(others)}"
        if head not in self._grounded:
            self._grounded[head] = ()  # what is below is taken to be defined while it is looked at
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
        """The symbol for a value of a descent."""
        symbol = f"{head} from {size_of(names[number]).terms}"
        type_ = definition.result
        if isinstance(type_, NatType):
            self._algebra.floors[symbol] = 0
            return Number(Size.name(symbol))
        return symbol_array(symbol, type_, names, (), self._reader)

    def _ground(self, definition: Definition, down: Descent, names: dict[str, Meaning], number: str, head: str) -> None:
        """See that base and step are defined and of the type that is said; and which parameters commute with what
        comes of it."""
        last = f"last of {head}"
        self._algebra.floors[last] = 1
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
            rules.learn([self._commutator(given, found)])
            if not any(rules.reduced(self._commutator(given, value).sum) for value in (base, step)):
                self._grounded[head] = (*self._grounded[head], parameter.name)

    def _commutator(self, a: Matrix, b: Matrix) -> Zero:
        """`a b - b a`, at indices of its own."""
        algebra = self._algebra
        i, j, k = (algebra.indices.fresh(a.rows) for _ in range(3))
        one = algebra.over(algebra.mul(a.at(i, k), b.at(k, j)), k)
        two = algebra.over(algebra.mul(b.at(i, k), a.at(k, j)), k)
        return Zero(algebra.sub(one, two), (i, j))

"""The evaluator: a walk over checked terms, each node done once for all lanes of a batch.

Fuel is the number of nodes that a lane evaluates when its term is read from left to right, one item after another, and
nothing is remembered; what is shared between lanes, items or equal calls saves time and no fuel. `L + M` costs as many
nodes more as both have items. Sizes in a header are free, and so are those that an empty list takes from its type. A
lane that spends more than its fuel is `EXHAUSTED`, also where it was undefined after that.

`work` bounds what is really done, over all lanes: past it the batch is abandoned, and every lane that has no status yet
runs out. That is the one place where what becomes of a lane depends on the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import cast

import numpy as np
from numpy.typing import NDArray

from relay.evaluation.algebra.base import Algebra, Array
from relay.evaluation.call_sharing import distinct, worth_sharing
from relay.evaluation.closures import Closure, Curried
from relay.evaluation.comprehension import comprehend
from relay.evaluation.equality import equal, same_shape
from relay.evaluation.frame import Frame, Slot
from relay.evaluation.function_equality import LEFT, RIGHT, agreement, size_name
from relay.evaluation.gathering import gather_list, scatter
from relay.evaluation.lanes import EXHAUSTED, UNDEFINED, Dead, Lanes, runs
from relay.evaluation.naturals import Nat, arithmetic, everywhere
from relay.evaluation.size_binding import bind, fits, matches
from relay.evaluation.uniform_sizes import even, leaf_sizes
from relay.evaluation.values import (
    FunctionValue,
    Index,
    ListValue,
    MatrixValue,
    Size,
    Value,
    VectorValue,
    blank,
    flattened,
    item,
    take,
)
from relay.notation.comparisons import AS_LESS, COMPARISONS, EQUALITIES, ORDERS
from relay.notation.sizes import bare_names
from relay.notation.syntax import (
    Apply,
    BoolType,
    Call,
    Choice,
    Comprehension,
    Definition,
    FnType,
    ListType,
    NatType,
    Numeral,
    Partial,
    Term,
    Truth,
    Type,
    Variable,
)
from relay.notation.traversal import free_variables, functions_in, type_terms

CALL_DEPTH = 256
"""Calls within calls; beyond, the evaluation runs out."""


NODE_WORK = 100
"""What one node costs whatever the number of lanes, in lanes."""
OBJECT_WORK = 32
"""What a lane costs where scalars are Python objects."""

TARGET_WORK = 2_000
"""What it costs to apply the functions of one target, whatever the number of lanes."""

ITEM_WORK = 4
"""What an item costs that is copied from list to list."""


class OutOfWork(Exception):  # the end of a computation
    """The whole batch has used up what may really be done for it."""


@dataclass(slots=True)
class Machine:
    """Values terms in one model."""

    model: Algebra
    definitions: Mapping[str, Definition]
    fuel: int
    work: int
    done: int = 0
    _free: dict[int, tuple[Term, frozenset[str]]] = field(default_factory=dict)
    _numerals: dict[int, Array] = field(default_factory=dict)
    _lane_work: int = field(init=False)

    def __post_init__(self) -> None:
        self._lane_work = OBJECT_WORK if self.model.dtype is object else 1

    def run(self, term: Term, frame: Frame, lanes: Lanes) -> Value:
        """The value of `term` over `lanes`. Raises `Dead` when no lane is alive, `OutOfWork`, and what the model
        raises."""
        lanes.flat += 1
        self.done += NODE_WORK + lanes.count * self._lane_work
        if self.done > self.work:
            raise OutOfWork
        if isinstance(term, Variable):
            value, owner = frame.names[term.name]
            path = lanes.path(owner)
            return value if path is None else take(value, path)
        if isinstance(term, Apply):
            return self._apply(term, frame, lanes)
        if isinstance(term, Numeral):
            if isinstance(term.type, NatType):
                return term.value
            code = self._numerals.get(term.value)
            if code is None:
                code = self._numerals[term.value] = self.model.from_int(np.full(1, term.value, dtype=np.int64))
            return code.repeat(lanes.count)
        if isinstance(term, Call):
            return self._call(term, frame, lanes)
        if isinstance(term, Choice):
            return self._choose(term, frame, lanes)
        if isinstance(term, Partial):
            return self._partial(term, frame, lanes)
        if isinstance(term, Comprehension):
            value = comprehend(self, term, frame, lanes)
            self.check_fuel(lanes)
            return value
        assert isinstance(term, Truth)
        return term.value

    def base(self, term: Term, frame: Frame, lanes: Lanes) -> tuple[Value, Index | None]:
        """The value of a term where it lives, and each lane's place in it (None: lane by lane). Spares gathering a
        whole matrix to read one entry."""
        if isinstance(term, Variable):
            lanes.flat += 1
            value, owner = frame.names[term.name]
            return value, lanes.path(owner)
        if isinstance(term, Apply) and term.op == "item" and not isinstance(term.type, NatType | BoolType):
            lanes.flat += 1
            listed, rows, places = self._place(term, frame, lanes)
            capacity = cast(ListValue, listed).capacity
            return flattened(cast(ListValue, listed).items), rows * capacity + places[0]
        return self.run(term, frame, lanes), None

    def sizes_of(self, frame: Frame, lanes: Lanes, term: Term) -> Size:
        """A size term's value; costs no fuel."""
        before = lanes.flat
        value = self.run(term, frame, lanes)
        lanes.flat = before
        return cast(Size, value)

    def guess(self, type_: Type, frame: Frame, lanes: Lanes) -> list[Size]:
        """The sizes that stand in a type, for values that are not there to have any; 0 where they have no value."""
        found: list[Size] = []
        for term in type_terms(type_):
            aside = Lanes(lanes.count, lanes)
            size: Size = 0
            with suppress(Dead):
                size = cast(Size, self.run(term, frame, aside))
            found.append(size if aside.status is None else np.where(aside.alive(), size, 0))
        return found

    # --- operations --------------------------------------------------------------------------------------------------

    def _apply(self, term: Apply, frame: Frame, lanes: Lanes) -> Value:
        op = term.op
        if op in ("entry", "component", "item"):
            return self._index(term, frame, lanes)
        if op == "len":
            listed, path = self.base(term.args[0], frame, lanes)
            length = cast(ListValue, listed).length
            return length if path is None or isinstance(length, int) else length[path]
        if op in ("apply", "curry"):
            return self._applied(term, frame, lanes)
        args = [self.run(arg, frame, lanes) for arg in term.args]
        if op == "list" or op == "concat":
            return self._list(term, args, frame, lanes)
        if op in EQUALITIES:
            kind = term.args[0].type
            comparable = same_shape(args[0], args[1])
            if comparable is not True:
                lanes.mark(~everywhere(comparable, lanes), UNDEFINED)
            same: Value
            if functions_in(kind):
                same = self._agree(args[0], args[1], kind, frame, lanes)
            else:
                same = equal(args[0], args[1], lanes.count, kind, self.model)
            return same if op == "eq" else (not same if isinstance(same, bool) else ~cast(NDArray[np.bool_], same))
        if op == "not":
            return not args[0] if isinstance(args[0], bool) else ~cast(NDArray[np.bool_], args[0])
        if isinstance(term.args[0].type, NatType):
            if op == "scalar":
                codes = self.model.from_int(np.atleast_1d(np.asarray(args[0])))
                return codes if len(codes) == lanes.count else codes.repeat(lanes.count)
            if op in ORDERS:
                return _compare(op, cast(Nat, args[0]), cast(Nat, args[1]))
            return arithmetic(op, cast(Nat, args[0]), cast(Nat, args[1]), lanes)
        return self._scalars(op, args, lanes)

    def _scalars(self, op: str, args: list[Value], lanes: Lanes) -> Value:
        model = self.model
        a = cast(Array, args[0])
        if op == "neg":
            return model.neg(a)
        if op == "conj":
            return model.conj(a)
        if op == "pow":
            return model.pow(a, np.atleast_1d(np.asarray(args[1], dtype=np.int64)))
        b = cast(Array, args[1])
        if op == "add":
            return model.add(a, b)
        if op == "sub":
            return model.sub(a, b)
        if op == "mul":
            return model.mul(a, b)
        if op == "div":
            zero = model.is_zero(b)
            if zero.any():
                lanes.mark(zero, UNDEFINED)
                b = np.where(zero, model.from_int(np.ones(1, dtype=np.int64)), b)
            return model.mul(a, model.inverse(b))
        exchanged, negated = AS_LESS[op]
        less = model.less(b, a) if exchanged else model.less(a, b)
        return ~less if negated else less

    def _index(self, term: Apply, frame: Frame, lanes: Lanes) -> Value:
        value, rows, places = self._place(term, frame, lanes)
        if isinstance(value, MatrixValue | VectorValue):
            return cast(Array, value.data[(rows, *places)])
        return item(cast(ListValue, value), rows, places[0])

    def _place(self, term: Apply, frame: Frame, lanes: Lanes) -> tuple[Value, Index, list[Nat]]:
        """What is indexed, each lane's place in it, and the indices; lanes where these are out of range are marked."""
        value, path = self.base(term.args[0], frame, lanes)
        places = [cast(Nat, self.run(place, frame, lanes)) for place in term.args[1:]]
        if isinstance(value, MatrixValue):
            bounds: tuple[Size, ...] = (value.rows, value.columns)
        elif isinstance(value, VectorValue):
            bounds = (value.size,)
        else:
            bounds = (cast(ListValue, value).length,)
        for n, bound in enumerate(bounds):
            limit = bound if isinstance(bound, int) or path is None else bound[path]
            inside = places[n] < limit
            if not np.all(inside):
                lanes.mark(~everywhere(inside, lanes), UNDEFINED)
        if lanes.status is not None:  # what dead lanes ask for need not be there
            places = [np.where(lanes.alive(), place, 0) for place in places]
        return value, np.arange(lanes.count) if path is None else path, places

    def _list(self, term: Apply, args: list[Value], frame: Frame, lanes: Lanes) -> Value:
        everyone = np.arange(lanes.count)
        item_type = cast(ListType, term.type).item
        if term.op == "list":
            pieces: list[tuple[Index, Value]] = [(everyone, value) for value in args]
        else:
            pieces = []
            for value in args:
                listed = cast(ListValue, value)
                length = np.broadcast_to(np.asarray(listed.length, dtype=np.int64), (lanes.count,))
                lanes.charge_all(length)
                self.check_fuel(lanes)
                self.done += ITEM_WORK * int(length.sum())
                inside = np.arange(listed.capacity)[None, :] < np.broadcast_to(listed.length, (lanes.count,))[:, None]
                owner, place = np.nonzero(inside)
                pieces.append((owner, item(listed, owner, place)))
            if not any(len(owner) for owner, _ in pieces):
                return args[0]
        empty = blank(item_type, lanes.count, self.model, lambda size: 0)

        def sizes() -> list[Size]:
            return leaf_sizes(args[0]) if term.op == "concat" else self.guess(item_type, frame, lanes)

        return even(gather_list(pieces, lanes.count, empty), lanes, sizes)

    # --- functions ---------------------------------------------------------------------------------------------------

    def _partial(self, term: Partial, frame: Frame, lanes: Lanes) -> Value:
        """What is called with its first arguments; their sizes are compared now, those of the others when it is."""
        args = tuple(self.run(arg, frame, lanes) for arg in term.args)
        definition = None
        sizes: tuple[Size, ...] = ()
        if not term.key.startswith("given:"):
            definition = self.definitions[term.key] if term.key != "self" else frame.definition
            assert definition is not None
            count = len(args)
            slots: dict[str, Slot] = {p.name: (v, lanes) for p, v in zip(definition.parameters, args, strict=False)}
            decided = bare_names(p.type for p in definition.parameters[:count])
            left = [size for size in definition.sizes if size not in decided]
            for name, size in zip(left, term.sizes, strict=True):
                slots[name] = (self._aside(size, frame, lanes), lanes)
            inner = Frame(slots, definition, frame.depth)
            bind(self, definition, inner, lanes, count)
            types = (*(p.type for p in definition.parameters[count:]), definition.result)
            sizes = tuple(self.sizes_of(inner, lanes, size) for type_ in types for size in type_terms(type_))
        target = Closure(term.name, definition.key if definition else term.key, definition, args)
        everyone = np.arange(lanes.count)
        return FunctionValue(np.zeros(lanes.count, dtype=np.int64), everyone, (target,), sizes)

    def _aside(self, term: Term, frame: Frame, lanes: Lanes) -> Size:
        """A size of a type around; it costs no fuel, and has to have a value."""
        aside = Lanes(lanes.count, lanes)
        value: Size = 0
        with suppress(Dead):
            value = cast(Size, self.run(term, frame, aside))
        if aside.status is not None and aside.status.any():
            lanes.inherit(np.arange(lanes.count), aside.status)
            lanes.freeze()
            lanes.check()
        return value

    def _applied(self, term: Apply, frame: Frame, lanes: Lanes) -> Value:
        kind = cast(FnType, term.args[0].type)
        found, path = self.base(term.args[0], frame, lanes)
        function = cast(FunctionValue, found)
        args = [self.run(arg, frame, lanes) for arg in term.args[1:]]
        if term.op == "apply":
            return self.apply_function(function, path, args, kind, frame.depth, lanes)
        here = function if path is None else cast(FunctionValue, take(function, path))
        sizes = self._fitting(here.sizes, args, kind, lanes)
        target = Curried(here, kind, tuple(args))
        return FunctionValue(np.zeros(lanes.count, dtype=np.int64), np.arange(lanes.count), (target,), sizes)

    def _fitting(self, sizes: tuple[Size, ...], args: list[Value], kind: FnType, lanes: Lanes) -> tuple[Size, ...]:
        """Mark the lanes where the arguments' sizes are not those of the type; the sizes of the rest of it."""
        types = kind.parameters[: len(args)]
        count = sum(len(type_terms(type_)) for type_ in types)
        fits(sizes[:count], types, args, lanes)
        return sizes[count:]

    def apply_function(
        self, function: FunctionValue, path: Index | None, args: list[Value], kind: FnType, depth: int, lanes: Lanes
    ) -> Value:
        """Functions at all of their arguments; `path` gives each lane's place in `function`."""
        here = function if path is None else cast(FunctionValue, take(function, path))
        self._fitting(here.sizes, args, kind, lanes)
        alive = lanes.alive()
        pieces: list[tuple[Index, Value]] = []
        for n, target in enumerate(here.targets):
            index = np.flatnonzero((here.which == n) & alive)
            if not len(index):
                continue
            self.done += TARGET_WORK
            if self.done > self.work:
                raise OutOfWork
            if len(index) == lanes.count:
                return target.apply(self, here.row, args, kind, here.sizes, depth, lanes)
            part = Lanes(len(index), lanes, index)
            sizes = tuple(size if isinstance(size, int) else size[index] for size in here.sizes)
            with suppress(Dead):
                some = [take(arg, index) for arg in args]
                pieces.append((index, target.apply(self, here.row[index], some, kind, sizes, depth, part)))
            lanes.take_back(part)
        lanes.check()
        return scatter(pieces, lanes.count)

    def _agree(self, left: Value, right: Value, kind: Type, frame: Frame, lanes: Lanes) -> Value:
        """Equality of functions, or of lists of them."""
        names: dict[str, Slot] = {LEFT: (left, lanes), RIGHT: (right, lanes)}
        if isinstance(left, FunctionValue):
            names.update({size_name(n): (size, lanes) for n, size in enumerate(left.sizes)})
        return self.run(agreement(kind), Frame(names, None, frame.depth), lanes)

    # --- choices -----------------------------------------------------------------------------------------------------

    def _choose(self, term: Choice, frame: Frame, lanes: Lanes) -> Value:
        first = self.run(term.args[0], frame, lanes)
        if term.kind == "if":
            return self._branches(first, term.args[1], term.args[2], frame, lanes)
        if term.kind == "and":
            return self._branches(first, term.args[1], Truth(False), frame, lanes, free_else=True)
        if term.kind == "or":
            return self._branches(first, Truth(True), term.args[1], frame, lanes, free_then=True)
        return self._branches(first, term.args[1], Truth(True), frame, lanes, free_else=True)

    def _branches(
        self, condition: Value, then: Term, other: Term, frame: Frame, lanes: Lanes,
        free_then: bool = False, free_else: bool = False,
    ) -> Value:  # fmt: skip
        if isinstance(condition, bool | np.bool_):
            chosen, free = (then, free_then) if condition else (other, free_else)
            return cast(Truth, chosen).value if free else self.run(chosen, frame, lanes)
        alive = lanes.alive()
        mask = cast(NDArray[np.bool_], condition)
        pieces: list[tuple[Index, Value]] = []
        for where, branch, free in ((mask & alive, then, free_then), (~mask & alive, other, free_else)):
            index = np.flatnonzero(where)
            if not len(index):
                continue
            if len(index) == lanes.count:
                return cast(Truth, branch).value if free else self.run(branch, frame, lanes)
            if free:
                pieces.append((index, cast(Truth, branch).value))
                continue
            part = Lanes(len(index), lanes, index)
            with suppress(Dead):
                pieces.append((index, self.run(branch, frame, part)))
            lanes.take_back(part)
        lanes.check()
        return scatter(pieces, lanes.count)

    # --- calls -------------------------------------------------------------------------------------------------------

    def _call(self, term: Call, frame: Frame, lanes: Lanes) -> Value:
        level = self._level(term, frame, lanes)
        path = lanes.path(level)
        if path is not None:
            starts = runs(path)
            if len(starts) < lanes.count:
                back = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(path)))
                return self._elsewhere(term, frame, lanes, level, path[starts], back)
        elif level is lanes and lanes.count > 1 and not free_variables(term, self._free):
            some = np.flatnonzero(lanes.alive())[:1]
            return self._elsewhere(term, frame, lanes, lanes, some, np.zeros(lanes.count, dtype=np.intp))
        return self._call_here(term, frame, lanes)

    def _level(self, term: Call, frame: Frame, lanes: Lanes) -> Lanes:
        """The highest batch in which all that the call mentions has a value."""
        level: Lanes | None = None
        for name in free_variables(term, self._free):
            owner = frame.names[name][1]
            if level is None or owner.depth > level.depth:
                level = owner
        return lanes if level is None else level

    def _elsewhere(self, term: Call, frame: Frame, lanes: Lanes, level: Lanes, used: Index, back: Index) -> Value:
        """Make the call once for all lanes that share its arguments, and charge each of them."""
        part = Lanes(len(used), level, used)
        try:
            value = self._call_here(term, frame, part)
        except Dead:
            value = None
        return self._spread(value, part, lanes, np.arange(lanes.count), back)

    def _spread(self, value: Value | None, part: Lanes, lanes: Lanes, where: Index, back: Index) -> Value:
        """Give lanes `where` the outcome of lane `back` of `part`."""
        lanes.charge(where, part.total()[back])
        if part.status is not None and part.status.any():
            lanes.inherit(where, part.status[back])
            lanes.freeze()
        self.check_fuel(lanes)
        lanes.check()
        assert value is not None
        whole = len(where) == lanes.count
        spread = take(value, back)
        return spread if whole else scatter([(where, spread)], lanes.count)

    def _call_here(self, term: Call, frame: Frame, lanes: Lanes) -> Value:
        slots: list[Slot] = []
        for arg in term.args:
            if isinstance(arg, Variable):
                lanes.flat += 1
                slots.append(frame.names[arg.name])
            else:
                slots.append((self.run(arg, frame, lanes), lanes))
        return self.apply(term, slots, frame, lanes)

    def apply(self, term: Call, slots: list[Slot], frame: Frame, lanes: Lanes) -> Value:
        """The value of a call whose arguments are valued."""
        if term.key.startswith("given:"):
            return self.invoke(term.key, None, slots, term.type, frame.depth, lanes)
        definition = self.definitions[term.key] if term.key != "self" else frame.definition
        assert definition is not None
        return self.invoke(term.key, definition, slots, definition.result, frame.depth, lanes)

    def invoke(
        self, key: str, definition: Definition | None, slots: list[Slot], result: Type, depth: int, lanes: Lanes
    ) -> Value:
        """The value of a definition, or of the given operation `key`, at given arguments; `depth` calls are around."""
        if definition is not None:
            return self.call(definition, slots, depth + 1, lanes)
        places = []
        for value, owner in slots:
            path = lanes.path(owner)
            places.append(cast(Array, value if path is None else take(value, path)))
        return cast(Value, self.model.operations[key.removeprefix("given:")][tuple(places)])

    def call(self, definition: Definition, slots: list[Slot], depth: int, lanes: Lanes) -> Value:
        """A definition's value at given arguments."""
        self.check_fuel(lanes)
        if depth > CALL_DEPTH:
            lanes.mark(np.ones(lanes.count, dtype=np.bool_), EXHAUSTED)
        if lanes.count > 1 and worth_sharing(definition, self.definitions):
            alive = np.flatnonzero(lanes.alive())
            found = distinct(slots, lanes, alive)
            if found is not None:
                first, back = found
                part = Lanes(len(first), lanes, alive[first])
                try:
                    value = self._body(definition, slots, depth, part)
                except Dead:
                    value = None
                return self._spread(value, part, lanes, alive, back)
        return self._body(definition, slots, depth, lanes)

    def _body(self, definition: Definition, slots: list[Slot], depth: int, lanes: Lanes) -> Value:
        names = {p.name: slot for p, slot in zip(definition.parameters, slots, strict=True)}
        inner = Frame(names, definition, depth)
        bind(self, definition, inner, lanes)
        value = self.run(definition.body, inner, lanes)
        if definition.body.type != definition.result or not _has_its_type(definition.body):
            matches(self, definition.result, value, inner, lanes)
        return value

    def check_fuel(self, lanes: Lanes) -> None:
        """Lanes that have spent too much die now rather than later."""
        if lanes.fuel is None:
            if lanes.flat > self.fuel:
                lanes.mark(np.ones(lanes.count, dtype=np.bool_), EXHAUSTED)
        else:
            over = lanes.fuel + lanes.flat > self.fuel
            if over.any():
                lanes.mark(over, EXHAUSTED)


def _has_its_type(term: Term) -> bool:
    """Whether the sizes of a term's value are surely those of its type; the branches of `if` may differ, say."""
    return isinstance(term, Variable) or (isinstance(term, Comprehension) and term.kind in ("vector", "matrix"))


def _compare(op: str, a: Nat, b: Nat) -> Value:
    result = COMPARISONS[op](a, b)
    return bool(result) if isinstance(a, int) and isinstance(b, int) else cast(NDArray[np.bool_], result)

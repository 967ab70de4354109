"""The worth of terms over scalars and arrays, from what a researcher can see: the laws that hold, and the length."""

from __future__ import annotations

from collections.abc import Sequence

from agents.explorer.callables import Callable, Kind
from relay.notation.syntax import Definition
from relay.researcher.bench import LocalBench, Stack

SHARED = {"additive": 4.0, "multiple": 1.0, "conjugate": 1.0, "square": 1.0}
"""The worth of each law about one parameter. It is divided by the number of the term's parameters."""

WEIGHTS = {
    "linear": 4.0, "symmetric": 1.0, "alternating": 1.5, "transposed": 1.0, "transposes": 0.5, "conjugates": 1.0,
    "conjugated": 0.3, "relabelled": 1.0, "turned": 4.0, "ignores": 0.0,
}  # fmt: skip
"""The worth of each law about the whole term."""

LENGTH, PREDICATE = 0.15, 4.0
"""`LENGTH` is deducted from a term's worth for each of its nodes. `PREDICATE` is the worth of a predicate before its
laws are counted."""

BUILT = 3.0
"""Deducted from the worth of a definition that calls others, both when definitions to keep and when definitions to
build on are chosen."""

FREE, PLAIN = 8.0, 3.0
"""The worth of a definition without scalar or array parameters: `FREE` if its result is an array, otherwise `PLAIN`."""

INVOLUTIVE, IDEMPOTENT, ASSOCIATIVE = 2.0, 1.0, 4.0
"""The worth of laws about applying a definition twice."""

CONJUGATED, PARAMETER = 0.8, 1.0
"""Deducted from a definition's worth: `CONJUGATED` for each conjugation, and `PARAMETER` for each scalar or array
parameter."""

PRICE = 6
"""The most evaluations that appraising one definition costs."""

WARMTH = 1.0
"""The temperature at which worth becomes odds: the higher it is, the more often worse definitions are built on."""


def worth_of(laws: frozenset[str], kind: Kind, nodes: int, parameters: int) -> float:
    """Return the worth of a term with these `laws`, this `kind`, and so many `nodes` and `parameters`."""
    words = [law.split()[0] for law in sorted(laws)]  # sorted, because the sum of floats depends on their order
    if kind == "bool":
        return PREDICATE + sum(WEIGHTS[word] for word in words if word in ("turned", "symmetric")) - LENGTH * nodes
    kept = sum(SHARED[word] / max(1, parameters) if word in SHARED else WEIGHTS[word] for word in words)
    return kept - LENGTH * nodes


def appraise(bench: LocalBench, library: Sequence[Callable], definitions: dict[str, Definition]) -> list[float]:
    """Return the worth of each definition, measured on the bench with at most `PRICE` evaluations each."""
    worths = []
    for function in library:
        worth = FREE if isinstance(function.result, tuple) and function.result else PLAIN
        shapes = function.shapes
        if shapes and bench.left >= PRICE:
            worth = _laws_worth(bench, function, definitions) + _repeated_worth(bench, function, definitions)
        worths.append(worth - CONJUGATED * function.definition.source.count("conj(") - PARAMETER * len(shapes))
    return worths


def _laws_worth(bench: LocalBench, function: Callable, definitions: dict[str, Definition]) -> float:
    names, shapes = function.sizes, function.shapes
    arrays = bench.arrays(shapes)
    places = iter(range(len(shapes)))
    values = [arrays.parameter(next(places)) if isinstance(kind, tuple) else "n" for kind in function.parameters]
    stack, _ = arrays.call(function.definition, definitions, values)
    if stack is None:
        return 0.0
    own = tuple(names.get(size, "n") for size in function.result) if isinstance(function.result, tuple) else ()
    return worth_of(arrays.laws(stack, own)[0], function.result, function.definition.nodes, len(shapes))


def _repeated_worth(bench: LocalBench, function: Callable, definitions: dict[str, Definition]) -> float:
    """Return the worth of the laws about applying `function` to its own result: involutive, idempotent, associative.

    Only a function from values of one shape to a value of the same shape can have such laws.
    """
    kinds = {len(kind) if isinstance(kind, tuple) else -1 for kind in (*function.parameters, function.result)}
    if len(kinds) != 1 or -1 in kinds or len(function.parameters) > 2:
        return 0.0
    shape = ("n",) * kinds.pop()
    arrays = bench.arrays([shape] * 3)
    a, b, c = (arrays.parameter(at) for at in range(3))

    def apply(*arguments: Stack | None) -> Stack | None:
        known = [argument for argument in arguments if argument is not None]
        return arrays.call(function.definition, definitions, known)[0] if len(known) == len(arguments) else None

    if len(function.parameters) == 1:
        once = apply(a)
        twice = apply(once)
        if once is None or twice is None or once.keys() == a.keys():
            return 0.0
        return INVOLUTIVE if twice.keys() == a.keys() else IDEMPOTENT if twice.keys() == once.keys() else 0.0
    left, right = apply(apply(a, b), c), apply(a, apply(b, c))
    return ASSOCIATIVE if left is not None and right is not None and left.keys() == right.keys() else 0.0

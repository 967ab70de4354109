"""What a term over scalars and arrays is worth, by what a researcher can see: laws kept, length."""

from __future__ import annotations

from collections.abc import Sequence

from agents.explorer.callables import Callable, Kind
from relay.notation.syntax import Definition
from relay.researcher.bench import LocalBench, Stack

SHARED = {"additive": 4.0, "multiple": 1.0, "conjugate": 1.0, "square": 1.0}
"""What a law about one parameter is worth, shared between all parameters."""

WEIGHTS = {
    "linear": 4.0, "symmetric": 1.0, "alternating": 1.5, "transposed": 1.0, "transposes": 0.5, "conjugates": 1.0,
    "conjugated": 0.3, "relabelled": 1.0, "turned": 4.0, "ignores": 0.0,
}  # fmt: skip
"""What a law about the whole is worth; a node of length costs `LENGTH`."""

LENGTH, PREDICATE = 0.15, 4.0

BUILT = 3.0
"""What it takes from the worth of keeping a definition, and of building on it, that it only composes others."""

FREE, PLAIN = 8.0, 3.0
"""The worth of a definition without scalars or arrays as parameters: of an array, of a number."""

INVOLUTIVE, IDEMPOTENT, ASSOCIATIVE = 2.0, 1.0, 4.0
"""The worth of laws about applying a definition twice."""

CONJUGATED, PARAMETER = 0.8, 1.0
"""What every conjugation, and every parameter, takes away."""

PRICE = 6
"""Evaluations for looking at one definition."""

WARMTH = 1.0
"""How readily lesser definitions are built on: the scale on which worth becomes odds."""


def worth_of(laws: frozenset[str], kind: Kind, nodes: int, parameters: int) -> float:
    """The worth of a term that keeps these laws."""
    words = [law.split()[0] for law in sorted(laws)]  # floats are summed in one order
    if kind == "bool":
        return PREDICATE + sum(WEIGHTS[word] for word in words if word in ("turned", "symmetric")) - LENGTH * nodes
    kept = sum(SHARED[word] / max(1, parameters) if word in SHARED else WEIGHTS[word] for word in words)
    return kept - LENGTH * nodes


def appraise(bench: LocalBench, library: Sequence[Callable], definitions: dict[str, Definition]) -> list[float]:
    """The worth of what each definition defines, read off the bench; at most `PRICE` evaluations each."""
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
    """What a function of one kind to itself keeps when it is applied twice: involutive, idempotent, associative."""
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

"""What a term over scalars and arrays is worth, by what a researcher can see: laws kept, length."""

from __future__ import annotations

from collections.abc import Sequence

from agents.explorer.calling import Callable, Kind
from relay.bench import LocalBench
from relay.notation.syntax import Definition

SHARED = {"additive": 4.0, "multiple": 1.0, "conjugate": 1.0, "square": 1.0}
"""What a law about one parameter is worth, shared between all parameters."""

WEIGHTS = {
    "linear": 4.0, "symmetric": 1.0, "alternating": 1.5, "transposed": 1.0, "transposes": 0.5, "conjugates": 1.0,
    "conjugated": 0.3, "relabelled": 1.0, "turned": 4.0, "ignores": 0.0,
}  # fmt: skip
"""What a law about the whole is worth; a node of length costs `LENGTH`."""

LENGTH, PREDICATE = 0.15, 4.0

WARMTH = 1.5
"""How readily lesser definitions are built on: the scale on which worth becomes odds."""


def worth_of(laws: frozenset[str], kind: Kind, nodes: int, parameters: int) -> float:
    """The worth of a term that keeps these laws."""
    words = [law.split()[0] for law in laws]
    if kind == "bool":
        return PREDICATE + sum(WEIGHTS[word] for word in words if word in ("turned", "symmetric")) - LENGTH * nodes
    kept = sum(SHARED[word] / max(1, parameters) if word in SHARED else WEIGHTS[word] for word in words)
    return kept - LENGTH * nodes


def appraise(bench: LocalBench, library: Sequence[Callable], definitions: dict[str, Definition]) -> list[float]:
    """The worth of each definition, read off the bench; two evaluations each."""
    worths = []
    for function in library:
        shapes = tuple(kind for kind in function.parameters if isinstance(kind, tuple))
        names = {size: "nml"[at % 3] for at, size in enumerate(dict.fromkeys(s for shape in shapes for s in shape))}
        worth = 1.0
        if shapes and bench.left > 2:
            arrays = bench.arrays([tuple(names[size] for size in shape) for shape in shapes])
            places = iter(range(len(shapes)))
            values = [
                arrays.parameter(next(places)) if isinstance(kind, tuple) else "n" for kind in function.parameters
            ]
            stack, _ = arrays.call(function.definition, definitions, values)
            if stack is not None:
                shape = function.result if isinstance(function.result, tuple) else ()
                own = tuple(names.get(size, "n") for size in shape)
                worth = worth_of(arrays.laws(stack, own)[0], function.result, function.definition.nodes, len(shapes))
        worths.append(worth)
    return worths

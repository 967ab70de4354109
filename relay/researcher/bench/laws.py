"""Short laws read off the values of a term: its behaviour under sums, multiples, exchanges, transposition, conjugation.

Each law compares a term's values within the families of the public points (`relay.researcher.bench.points`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from relay.researcher.bench.points import Block, PointFamily, Shape, turned

Array = NDArray[Any]


def read_laws(blocks: Sequence[Block], data: Sequence[Array], parameters: int, shape: Shape) -> list[frozenset[str]]:
    """For each of K terms, the laws that it satisfies at every family of every model.

    `data` has one array [K, points, *axes] per model, `parameters` is the number of parameters, and `shape` is the
    shape of the terms' values. P and Q are places of parameters. The laws are:

    - `additive P`: a sum as argument P gives the sum of the values; `linear`: the same for all of several arguments at
      once
    - `multiple P`, `conjugate multiple P`, `square P`: if argument P is multiplied by a factor, the value is multiplied
      by the factor, by its conjugate, by its square (`multiple P` of a truth value: it does not change)
    - `symmetric P Q`, `alternating P Q`: if arguments P and Q change places, the value stays, or changes its sign
    - `transposed`, `conjugated`: the value stays if all arguments are transposed, or conjugated
    - `transposes`, `conjugates`: the value is then transposed, or conjugated, too
    - `ignores P`: the value stays if argument P is replaced by another one
    - `relabelled`, `turned`: if the indices of all arguments are renamed, or their axes are changed by an orthogonal
      matrix, the indices or axes of the value change in the same way, and nothing else
    """
    count = len(data[0])
    kept: dict[str, NDArray[np.bool_]] = {}
    for block, values in zip(blocks, data, strict=True):
        for family in block.families:
            for law, holds in _family_laws(block, values, family, parameters, shape):
                kept[law] = kept.get(law, np.ones(count, dtype=bool)) & holds
        if not shape and "turned" in kept:
            for plain, other in block.turned:
                kept["turned"] &= _same(values[:, plain], values[:, other])
    return [frozenset(law for law, holds in kept.items() if holds[at]) for at in range(count)]


def _family_laws(
    block: Block, values: Array, family: PointFamily, parameters: int, shape: Shape
) -> list[tuple[str, NDArray[np.bool_]]]:
    model, base = block.model, values[:, family.base]
    laws = []

    def note(law: str, left: Array, right: Array) -> None:
        laws.append((law, _same(left, right)))

    if values.dtype != np.bool_:
        for at in range(parameters):
            scaled, factor = values[:, family.scaled[at]], np.full((1,) * base.ndim, family.factor)
            note(f"additive {at}", values[:, family.total[at]], model.add(base, values[:, family.other[at]]))
            note(f"multiple {at}", scaled, model.mul(factor, base))
            note(f"conjugate multiple {at}", scaled, model.mul(model.conj(factor), base))
            note(f"square {at}", scaled, model.mul(model.mul(factor, factor), base))
        if parameters > 1:
            note("linear", values[:, family.all_total], model.add(base, values[:, family.all_other]))
        note("conjugates", values[:, family.conjugated], model.conj(base))
    else:
        for at in range(parameters):
            note(f"multiple {at}", values[:, family.scaled[at]], base)
    for (a, b), swapped in sorted(family.swapped.items()):
        note(f"symmetric {a} {b}", values[:, swapped], base)
        if values.dtype != np.bool_:
            note(f"alternating {a} {b}", values[:, swapped], model.neg(base))
    relabelled = base
    for axis, size in enumerate(shape):
        relabelled = np.take(relabelled, family.permutations[size], axis=1 + axis)
    note("relabelled", values[:, family.relabelled], relabelled)
    note("turned", values[:, family.turned], turned(model, base, shape, family.turns, 1) if shape else base)
    for at in range(parameters):
        note(f"ignores {at}", values[:, family.other[at]], base)
    note("transposed", values[:, family.transposed], base)
    note("conjugated", values[:, family.conjugated], base)
    if base.ndim == 3 and base.shape[1] == base.shape[2]:
        note("transposes", values[:, family.transposed], base.transpose(0, 2, 1))
    return laws


def _same(left: Array, right: Array) -> NDArray[np.bool_]:
    return np.asarray((left == right).reshape(len(left), -1).all(axis=1))

"""Functions that are polynomials in the entries of their arguments: linear, affine, quadratic, bilinear, Hermitian."""

from __future__ import annotations

import numpy as np

from relay.checker.sampling.function_sampler import MOST_ENTRIES, FunctionSampler, Maker
from relay.checker.sampling.structured_matrices import symmetrised
from relay.evaluation.algebra.base import Array
from relay.evaluation.function_families import Formula
from relay.evaluation.values import Target


def maps(s: FunctionSampler) -> list[Maker]:
    """Return the families of polynomial maps that suit the type of `s`.

    Linear maps stand here several times, so that they are drawn more often.
    """
    c, n = s.outputs, s.inputs

    def none(count: int) -> Array:
        return s.zeros(count, c)

    found: list[Maker] = [
        lambda count: Formula("zero", none(count)),
        lambda count: Formula("linear", none(count), s.some(count, c, n)),
        lambda count: Formula("linear", none(count), s.some(count, c, n)),
        lambda count: Formula("linear", none(count), _units(s, count)),
        lambda count: Formula("affine", s.some(count, c), s.some(count, c, n)),
    ]
    if s.conjugates:
        found.append(lambda count: Formula("conjugate-linear", none(count), conjugate=s.some(count, c, n)))
    if n * n * c > MOST_ENTRIES:
        return found  # too many coefficients for anything of degree 2
    if len(s.widths) == 1:
        found += [
            lambda count: Formula("quadratic", none(count), quadratic=s.some(count, c, n, n)),
            lambda count: Formula(
                "polynomial", s.some(count, c), s.some(count, c, n), quadratic=s.tiny(count, c, n, n)
            ),
        ]
        if s.conjugates:
            found.append(lambda count: Formula("hermitian", none(count), sesquilinear=s.some(count, c, n, n)))
    else:
        found += [_form(s, symmetry, False) for symmetry in (0, 0, 1, -1)]
        found += [_form(s, symmetry, True) for symmetry in (0, 1) if s.conjugates]
        found.append(lambda count: _operation(s, count))
    return found


def _units(s: FunctionSampler, count: int) -> Array:
    """Return `count` copies of the matrix of one linear map. Its entries are 0, 1 and -1.

    Examples: a projection, a transposition, a trace, a sum or difference of arguments, a sum of all entries.
    """
    c, n = s.outputs, s.inputs
    matrix = np.zeros((count, c, n), dtype=np.int64)
    for width, start, shape in zip(s.widths, s.starts, s.shapes, strict=False):
        if width == c and (len(s.widths) == 1 or s.rng.integers(0, 2)):
            places = np.arange(c)
            if len(shape) == 2 and shape == s.result[::-1] and s.rng.integers(0, 2):
                places = np.arange(c).reshape(shape).T.reshape(-1)
            matrix[:, np.arange(c), start + places] = s.rng.choice(np.array([1, 1, -1]))
        elif c == 1 and len(shape) == 2 and shape[0] == shape[1]:  # the trace
            matrix[:, 0, start + np.arange(shape[0]) * (shape[0] + 1)] = 1
        elif c == 1:
            matrix[:, 0, start : start + width] = 1
    return s.number(matrix)


def _form(s: FunctionSampler, symmetry: int, conjugate: bool) -> Maker:
    """Return a family of maps that are bilinear or sesquilinear in the first two arguments.

    If `symmetry` is 1, they are symmetric; if it is -1, skew-symmetric; if it is 0, neither. If `conjugate`, they are
    sesquilinear, and Hermitian or skew-Hermitian instead.
    """

    def make(count: int) -> Target:
        c, (p, q) = s.outputs, s.widths[:2]
        block = s.some(count, c, p, q)
        if symmetry and p == q:
            block = symmetrised(s.model, block, conjugate, skew=symmetry < 0)
        whole = s.zeros(count, c, s.inputs, s.inputs)
        whole[:, :, :p, p : p + q] = block
        none = s.zeros(count, c)
        if conjugate:
            return Formula("sesquilinear", none, sesquilinear=whole)
        return Formula("bilinear", none, quadratic=whole)

    return make


def _operation(s: FunctionSampler, count: int) -> Target:
    """Return maps that compute `a x y + b (x + y) + c` entry by entry: sums, products, other commutative operations.

    If the arguments and the result are not all of one size, the maps are those of `_units`.
    """
    c, width = s.outputs, s.widths[0]
    linear = s.zeros(count, c, s.inputs)
    if any(w != width for w in s.widths) or c != width:
        return Formula("linear", s.zeros(count, c), _units(s, count))
    places = np.arange(c)
    factor = s.tiny(count, 1)
    for start in s.starts[:-1]:
        linear[:, places, start + places] = factor
    constant = s.zeros(count, c) if s.rng.integers(0, 2) else s.tiny(count, c)
    if not s.rng.integers(0, 2):
        return Formula("sum", constant, linear)
    product = s.zeros(count, c, s.inputs, s.inputs)
    product[:, places, places, width + places] = s.tiny(count, 1)
    return Formula("sum and product", constant, linear, quadratic=product)

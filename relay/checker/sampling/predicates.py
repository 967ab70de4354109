"""Predicates that are equations in the entries of their arguments: subspaces, flats, quadrics, congruences."""

from __future__ import annotations

from functools import partial

import numpy as np

from relay.checker.sampling.function_sampler import MOST_ENTRIES, FunctionSampler, Maker
from relay.evaluation.function_families import Formula
from relay.evaluation.values import Target

_WHERE = "where this is zero"
_RELATION = "in relation where this is zero"


def predicates(s: FunctionSampler) -> list[Maker]:
    """Return the families of predicates that suit the type of `s`.

    Subspaces and congruences stand here several times, so that they are drawn more often.
    """
    found = [_subspace, _subspace, _subspace, _flat, _point, _nothing, _everything]
    if s.conjugates:
        found.append(_subfield)
    if s.inputs * s.inputs <= MOST_ENTRIES:
        found.append(_quadric)
    if len(s.widths) == 2 and s.widths[0] == s.widths[1]:
        found += [_congruence, _congruence, _orthogonality]
    return [partial(family, s) for family in found]


def _rank(s: FunctionSampler) -> int:
    """Draw at random how many equations define a subspace, from 0 to `s.inputs`."""
    return int(s.rng.integers(0, s.inputs + 1))


def _subspace(s: FunctionSampler, count: int) -> Target:
    r = _rank(s)
    return Formula("in the subspace where this is zero", s.zeros(count, r), s.some(count, r, s.inputs))


def _flat(s: FunctionSampler, count: int) -> Target:
    """Return predicates that are true exactly on an affine subspace. The subspace may be empty."""
    r = max(_rank(s), 1)
    return Formula(_WHERE, s.some(count, r), s.some(count, r, s.inputs))


def _point(s: FunctionSampler, count: int) -> Target:
    at = s.some(count, s.inputs) if s.rng.integers(0, 2) else s.zeros(count, s.inputs)
    return Formula(_WHERE, s.model.neg(at), s.identity(s.inputs, count))


def _subfield(s: FunctionSampler, count: int) -> Target:
    """Return predicates that are true if every entry equals its conjugate."""
    unit = s.identity(s.inputs, count)
    return Formula(_WHERE, s.zeros(count, s.inputs), unit, s.model.neg(unit))


def _nothing(s: FunctionSampler, count: int) -> Target:
    return Formula(_WHERE, s.number(np.ones((count, 1), dtype=np.int64)))


def _everything(s: FunctionSampler, count: int) -> Target:
    return Formula(_WHERE, s.zeros(count, 1))


def _quadric(s: FunctionSampler, count: int) -> Target:
    """Return predicates that are true exactly at the zeros of a quadratic form. The zeros are a cone."""
    return Formula(_WHERE, s.zeros(count, 1), quadratic=s.some(count, 1, s.inputs, s.inputs))


def _congruence(s: FunctionSampler, count: int) -> Target:
    """Return equivalence relations: two arguments are related if their difference lies in a subspace."""
    width = s.widths[0]
    r = int(s.rng.integers(0, width + 1))
    half = s.some(count, r, width) if s.rng.integers(0, 2) else s.identity(width, count)
    both = np.concatenate([half, s.model.neg(half)], axis=2)
    return Formula(_RELATION, s.zeros(count, half.shape[1]), both)


def _orthogonality(s: FunctionSampler, count: int) -> Target:
    """Return predicates that are true if the standard bilinear or sesquilinear form of two arguments is zero."""
    width = s.widths[0]
    whole = s.zeros(count, 1, 2 * width, 2 * width)
    whole[:, :, :width, width:] = s.identity(width, count, 1)
    none = s.zeros(count, 1)
    if s.rng.integers(0, 2):
        return Formula(_RELATION, none, sesquilinear=whole)
    return Formula(_RELATION, none, quadratic=whole)

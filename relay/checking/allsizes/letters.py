"""Determinants of words of matrices, and products over all values of an index."""

from __future__ import annotations

from math import gcd

from relay.checking.allsizes.monomials import Factor, GiveUp, Monomial
from relay.checking.allsizes.sizes import ONE, Size
from relay.checking.allsizes.sums import Algebra, Sum
from relay.checking.allsizes.values import Matrix


def determinant(matrix: Matrix, algebra: Algebra) -> Sum:
    """The determinant of a square matrix: multiplicative on words of square matrices, homogeneous, that of a diagonal
    matrix a product, blind to transposition, and otherwise a factor of its own."""
    size = matrix.rows
    i, j = algebra.place(0, size), algebra.place(1, size)
    entries = matrix.at(i, j)
    if not entries:
        least = size.least(algebra.floors)
        if least is None or least < 1:
            raise GiveUp
        return entries
    if len(entries) == 1:
        coefficient, monomial = next(iter(entries.values()))
        found = _of_word(coefficient, monomial, i, j, size, algebra)
        if found is not None:
            return found
    return _opaque(entries, i, j, size, algebra)


def _of_word(coefficient: int, monomial: Monomial, i: int, j: int, size: Size, algebra: Algebra) -> Sum | None:
    """The determinant of a matrix whose entry at i, j is one monomial; None where that is no word."""
    inner = {i, j, *monomial.bound}
    outside = [(f, e) for f, e in monomial.powers if not inner & set(f.indices)]
    inside = [(f, e) for f, e in monomial.powers if inner & set(f.indices)]
    scalars = algebra.pow(algebra.collect([(coefficient, (), outside)]), size)
    diagonal = Factor("equal", "", False, (i, j)), Factor("equal", "", False, (j, i))
    if any(f in diagonal for f, _ in inside):
        kept = [(f.renamed({j: i}), e) for f, e in inside if f not in diagonal]
        along = algebra.collect([(1, monomial.bound, kept)])
        return algebra.mul(scalars, product_over(along, i, algebra)) if kept else scalars
    letters = _path(inside, monomial.bound, i, j, size, algebra)
    if letters is None:
        return None
    result = scalars
    for letter in letters:
        result = algebra.mul(result, algebra.factor(letter))
    return result


def _path(
    factors: list[tuple[Factor, Size]], bound: tuple[int, ...], i: int, j: int, size: Size, algebra: Algebra
) -> list[Factor] | None:
    """The determinants of the matrices on the way from i to j, where all factors lie on it."""
    if any(f.kind != "entry" or len(f.indices) != 2 or e != ONE for f, e in factors):
        return None
    if any(algebra.domains[b] != size for b in bound) or any(index < 0 for f, _ in factors for index in f.indices):
        return None
    left, at, letters = [f for f, _ in factors], i, []
    while left:
        here = [f for f in left if at in f.indices]
        if len(here) != 1 or here[0].indices[0] == here[0].indices[1]:
            return None
        factor = here[0]
        left.remove(factor)
        at = factor.indices[1] if factor.indices[0] == at else factor.indices[0]
        letters.append(letter(factor, algebra))
        if at == j:
            break
        if at not in bound:
            return None
    return letters if at == j and not left else None


def letter(factor: Factor, algebra: Algebra) -> Factor:
    """The determinant of the matrix that a factor is an entry of."""
    flip = algebra.flips.get(factor.head)
    conj = factor.conj and not (flip is not None and flip.conj and flip.sign == 1)
    return Factor("det", factor.head, conj, ())


def _opaque(entries: Sum, i: int, j: int, size: Size, algebra: Algebra) -> Sum:
    content = gcd(*(c for c, _ in entries.values()))
    leading = next(iter(entries.values()))[0]
    content = -content if leading < 0 else content
    plain = algebra.collect((c // content, m.bound, m.powers) for c, m in entries.values())
    named = {
        index for _, m in plain.values() for f, _ in m.powers for index in f.indices if index not in (i, j, *m.bound)
    }
    if any(index >= 0 for index in named):
        raise GiveUp  # it would have to carry indices of its own
    turned = algebra.put(plain, {i: j, j: i})
    choices = []
    for conj in (False, True):
        for s in (plain, turned):
            form = algebra.conj(s) if conj else s
            sign = -1 if next(iter(form.values()))[0] < 0 else 1
            text = repr([(key, sign * c) for key, (c, _) in form.items()])
            choices.append((text, conj, sign))
    text, conj, sign = min(choices)
    factor = Factor("det", f"{size.terms} {text}", conj and not algebra.real, ())
    numbers = algebra.pow(algebra.number(content * sign), size)
    return algebra.mul(numbers, algebra.factor(factor))


def product_over(s: Sum, index: int, algebra: Algebra) -> Sum:
    """The product of one monomial over all values of an index. Raises `GiveUp` for anything longer."""
    coefficient, monomial = algebra.single(s)
    domain = algebra.domains[index]
    outside = [(f, e) for f, e in monomial.powers if index not in f.indices]
    result = algebra.pow(algebra.collect([(coefficient, (), outside)]), domain)
    for factor, exponent in monomial.powers:
        if index not in factor.indices:
            continue
        if factor.kind not in ("entry", "index") or any(k != index for k in factor.indices):
            raise GiveUp
        least = exponent.least(algebra.floors)
        if least is None or least < 0:
            raise GiveUp
        head = f"{domain.terms} {factor.kind} {factor.head} {len(factor.indices)}"
        result = algebra.mul(result, algebra.factor(Factor("product", head, factor.conj, ()), exponent))
    return result

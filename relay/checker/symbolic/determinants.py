"""Determinants and adjugates of matrices, and products over all values of an index.

A word is a product of square matrices of one size. Each matrix is a letter of the word, and stands as it is or
transposed. The entry of a word at `i, j` is a monomial whose factors form a path from `i` to `j`: `A[i, k] B[k, j]`,
summed over `k`.
"""

from __future__ import annotations

from math import gcd

from relay.checker.symbolic.monomials import Factor, Monomial
from relay.checker.symbolic.sizes import ONE, GiveUp, Size
from relay.checker.symbolic.sums import LONGEST_TEXT, Sum, SumAlgebra
from relay.checker.symbolic.values import Matrix, Zero


def determinant(matrix: Matrix, algebra: SumAlgebra) -> Sum:
    """Return the determinant of a square matrix.

    The determinant of a word is the product of its letters' determinants; a scalar in front of the word is raised to
    the matrix's size. The determinant of a diagonal matrix is the product over its diagonal. Any other determinant
    becomes a factor `det`; a matrix and its transpose get the same one. Raises `GiveUp` for a zero matrix that may be
    empty.
    """
    size = matrix.rows
    i, j = algebra.place(0, size), algebra.place(1, size)
    entries = matrix.at(i, j)
    if not entries:
        least = size.least(algebra.floors)
        if least is None or least < 1:
            raise GiveUp  # the determinant of the empty matrix is 1, that of any other zero matrix is 0
        return entries
    if len(entries) == 1:
        coefficient, monomial = next(iter(entries.values()))
        found = _of_word(coefficient, monomial, i, j, size, algebra)
        if found is not None:
            return found
    return _opaque(entries, i, j, size, algebra)


def _of_word(coefficient: int, monomial: Monomial, i: int, j: int, size: Size, algebra: SumAlgebra) -> Sum | None:
    """Return the determinant of the matrix whose entry at `i, j` is `coefficient` times `monomial`.

    Returns None if the matrix is neither diagonal nor a scalar times a word.
    """
    inner = {i, j, *monomial.bound}
    outside = [(f, e) for f, e in monomial.powers if not inner & set(f.indices)]
    inside = [(f, e) for f, e in monomial.powers if inner & set(f.indices)]
    scalars = algebra.pow(algebra.collect([(coefficient, (), outside)]), size)
    # An indicator `i == j` makes the matrix diagonal, whatever the other factors are.
    diagonal = Factor("equal", "", False, (i, j)), Factor("equal", "", False, (j, i))
    if any(f in diagonal for f, _ in inside):
        kept = [(f.renamed({j: i}), e) for f, e in inside if f not in diagonal]
        along = algebra.collect([(1, monomial.bound, kept)])
        return algebra.mul(scalars, product_over(along, i, algebra)) if kept else scalars
    letters = _path(inside, monomial.bound, i, j, size, algebra)
    if letters is None:
        return None
    result = scalars
    for found in letters:
        result = algebra.mul(result, of_letter(found, size, algebra))
    return result


def _path(
    factors: list[tuple[Factor, Size]], bound: tuple[int, ...], i: int, j: int, size: Size, algebra: SumAlgebra
) -> list[Factor] | None:
    """Return `factors` in the order in which they form a path from `i` to `j`; None if they don't form one."""
    if any(f.kind != "entry" or len(f.indices) != 2 or e != ONE for f, e in factors):
        return None
    if any(algebra.domains[b] != size for b in bound) or any(index < 0 for f, _ in factors for index in f.indices):
        return None
    if not all(algebra.square(f.head, size) for f, _ in factors):
        return None
    left, at, letters = [f for f, _ in factors], i, []
    while left:
        here = [f for f in left if at in f.indices]
        if len(here) != 1 or here[0].indices[0] == here[0].indices[1]:
            return None
        factor = here[0]
        left.remove(factor)
        at = factor.indices[1] if factor.indices[0] == at else factor.indices[0]
        letters.append(factor)
        if at == j:
            break
        if at not in bound:
            return None
    return letters if at == j and not left else None


def of_letter(factor: Factor, size: Size, algebra: SumAlgebra) -> Sum:
    """Return the determinant of the square matrix of which `factor` is an entry."""
    if factor.head.startswith(ADJUGATE):  # det(adj A) == det(A) ** (n - 1)
        inner = factor._replace(head=factor.head[len(ADJUGATE) :])
        return algebra.pow(of_letter(inner, size, algebra), size - ONE)
    return algebra.factor(Factor("det", factor.head, factor.conj, ()))


ADJUGATE = "adjugate of "


def adjugate(matrix: Matrix, algebra: SumAlgebra, facts: list[Zero]) -> Matrix:
    """Return the adjugate of a square matrix of size 1 or more, and add its laws to `facts`.

    The adjugate of a word is the product of the letters' adjugates in the opposite order. Any other adjugate becomes a
    symbol, whose name contains the matrix's text. The laws are `A adj(A) == det(A) I == adj(A) A`.
    """
    size = matrix.rows
    i, j = algebra.place(0, size), algebra.place(1, size)
    entries = matrix.at(i, j)
    if len(entries) == 1:
        coefficient, monomial = next(iter(entries.values()))
        inner = {i, j, *monomial.bound}
        outside = [(f, e) for f, e in monomial.powers if not inner & set(f.indices)]
        inside = [(f, e) for f, e in monomial.powers if inner & set(f.indices)]
        word = word_of(Monomial(monomial.bound, tuple(inside)), i, j, algebra)
        if word is not None:
            scalars = algebra.pow(algebra.collect([(coefficient, (), outside)]), size - ONE)
            for factor in word:
                algebra.declare(ADJUGATE + factor.head, (size, size))
            turned = [f._replace(head=ADJUGATE + f.head) for f in reversed(word)]
            product = algebra.mul(scalars, word_sum(turned, (i, j), algebra))
            for factor in word:
                _adjugate_facts(factor, size, algebra, facts)
            return Matrix(size, size, lambda a, b: algebra.put(product, {i: a, j: b}))
    text = text_of(entries, (i, j))
    head = f"{ADJUGATE}({size.terms} {text})"
    algebra.declare(head, (size, size))

    def entry(a: int, b: int) -> Sum:
        return algebra.factor(Factor("entry", head, False, (a, b)))

    middle = algebra.indices.fresh(size)
    a, b = algebra.indices.fresh(size), algebra.indices.fresh(size)
    unit = algebra.mul(determinant(matrix, algebra), algebra.factor(Factor("equal", "", False, (a, b))))
    for one, two in ((matrix.at, entry), (entry, matrix.at)):
        both = algebra.over(algebra.mul(one(a, middle), two(middle, b)), middle)
        facts.append(Zero(algebra.sub(both, unit), (a, b)))
    return Matrix(size, size, entry)


def _adjugate_facts(factor: Factor, size: Size, algebra: SumAlgebra, facts: list[Zero]) -> None:
    """Add `A adj(A) == det(A) I == adj(A) A` to `facts`, where `A` is the matrix of which `factor` is an entry."""
    plain = factor._replace(indices=(0, 1), conj=False)
    other = plain._replace(head=ADJUGATE + factor.head)
    for one, two in ((plain, other), (other, plain)):
        i, j = algebra.indices.fresh(size), algebra.indices.fresh(size)
        unit = algebra.mul(of_letter(plain, size, algebra), algebra.factor(Factor("equal", "", False, (i, j))))
        facts.append(Zero(algebra.sub(word_sum([one, two], (i, j), algebra), unit), (i, j)))


# --- words -----------------------------------------------------------------------------------------------------------


def word_of(monomial: Monomial, i: int, j: int, algebra: SumAlgebra) -> list[Factor] | None:
    """Return the word whose entry at `i, j` is `monomial`, as a list of letters; None if there is no such word.

    In the result, a letter has the indices (0, 1), or (1, 0) if its matrix is transposed. The identity matrix is the
    empty word.
    """
    if not monomial.bound and len(monomial.powers) == 1 and monomial.powers[0][0].kind == "equal":
        return [] if set(monomial.powers[0][0].indices) == {i, j} else None
    size = algebra.domains[i]
    if any(f.kind != "entry" or len(f.indices) != 2 or e != ONE for f, e in monomial.powers):
        return None
    if any(algebra.domains[b] != size for b in monomial.bound):
        return None
    if any(index < 0 for f, _ in monomial.powers for index in f.indices):
        return None
    if not all(algebra.square(f.head, size) for f, _ in monomial.powers):
        return None
    left, at, word = [f for f, _ in monomial.powers], i, []
    while left:
        here = [f for f in left if at in f.indices]
        if len(here) != 1 or here[0].indices[0] == here[0].indices[1]:
            return None  # the path ends too early, forks, or stays at an index
        factor = here[0]
        left.remove(factor)
        straight = factor.indices[0] == at
        at = factor.indices[1 if straight else 0]
        word.append(factor._replace(indices=(0, 1) if straight else (1, 0)))
        if at == j:
            break
        if at not in monomial.bound:
            return None
    return word if at == j and not left else None


def word_sum(word: list[Factor], ends: tuple[int, int], algebra: SumAlgebra) -> Sum:
    """Return the entry of the product of the matrices in `word` whose row and column index are `ends`."""
    i, j = ends
    if not word:
        return algebra.factor(Factor("equal", "", False, (i, j)))
    between = [algebra.indices.fresh(algebra.domains[i]) for _ in word[1:]]
    stops = [i, *between, j]
    powers = [
        (factor._replace(indices=(a, b) if factor.indices == (0, 1) else (b, a)), ONE)
        for factor, a, b in zip(word, stops[:-1], stops[1:], strict=True)
    ]
    return algebra.collect([(1, between, powers)])


def text_of(s: Sum, free: tuple[int, ...]) -> str:
    """Return `s` as text. Equal sums have equal texts.

    Raises `GiveUp` if the text is too long, or if `s` has a free index that is not in `free`.
    """
    for _, monomial in s.values():
        for factor, _ in monomial.powers:
            if any(index >= 0 and index not in free and index not in monomial.bound for index in factor.indices):
                raise GiveUp  # a symbol named by this text would depend on an index that the symbol does not have
    text = repr([(key, c) for key, (c, _) in s.items()])
    if len(text) > LONGEST_TEXT:
        raise GiveUp
    return text


def _opaque(entries: Sum, i: int, j: int, size: Size, algebra: SumAlgebra) -> Sum:
    """Return the determinant of a matrix that is no word, as a factor `det` named by a text of the matrix.

    Matrices whose determinants are related by a known law get the same name, which is the least of their texts. These
    are a matrix and its transpose; its conjugate, for which the factor is conjugated; its multiples by an integer, for
    which the integer is raised to the size; and, if the matrix is `s + t W` with scalars `s` and `t` and a word `W`,
    the matrices `s + t V` for all rotations `V` of `W`.
    """
    content = gcd(*(c for c, _ in entries.values()))
    leading = next(iter(entries.values()))[0]
    content = -content if leading < 0 else content
    plain = algebra.collect((c // content, m.bound, m.powers) for c, m in entries.values())
    choices = []
    for turned in (plain, algebra.put(plain, {i: j, j: i}), *_rotations(plain, i, j, algebra)):
        for conj in (False, True):
            form = algebra.conj(turned) if conj else turned
            sign = -1 if next(iter(form.values()))[0] < 0 else 1
            text = text_of(algebra.times(sign, form), (i, j))
            choices.append((text, conj, sign))
    text, conj, sign = min(choices)
    factor = Factor("det", f"{size.terms} {text}", conj and not algebra.real, ())
    numbers = algebra.pow(algebra.number(content * sign), size)
    return algebra.mul(numbers, algebra.factor(factor))


def _rotations(s: Sum, i: int, j: int, algebra: SumAlgebra) -> list[Sum]:
    """Return further matrices with the determinant of the matrix whose entry at `i, j` is `s`; often none.

    If the matrix is `c + t W` with scalars `c` and `t` and a word `W`, these are `c + t V` and its transpose for every
    proper rotation `V` of `W`. The determinants are equal, since `X Y` and `Y X` have the same characteristic
    polynomial (Sylvester, 1883).
    """
    parts = list(s.values())
    if len(parts) != 2:
        return []
    for (c, unit), (d, rest) in (parts, parts[::-1]):
        inner = {i, j, *rest.bound}
        outside = [(f, e) for f, e in rest.powers if not inner & set(f.indices)]
        word = word_of(
            Monomial(rest.bound, tuple((f, e) for f, e in rest.powers if inner & set(f.indices))), i, j, algebra
        )
        ends = [f for f, _ in unit.powers if i in f.indices or j in f.indices]
        if (
            word is None
            or len(word) < 2
            or unit.bound
            or len(ends) != 1
            or ends[0].kind != "equal"
            or set(ends[0].indices) != {i, j}
        ):
            continue
        first = algebra.collect([(c, unit.bound, unit.powers)])
        factor = algebra.collect([(d, (), outside)])
        turns = [word[k:] + word[:k] for k in range(1, len(word))]
        forms = [algebra.add(first, algebra.mul(factor, algebra.simpler(word_sum(t, (i, j), algebra)))) for t in turns]
        return [form for f in forms for form in (f, algebra.put(f, {i: j, j: i}))]
    return []


def product_over(s: Sum, index: int, algebra: SumAlgebra) -> Sum:
    """Return the product of the values that `s` has at all values of `index`, which is free in `s`.

    If `s` is one monomial without bound indices, the product is taken factor by factor. Otherwise the result is a
    factor `product`, whose name contains the text of `s`.
    """
    domain = algebra.domains[index]
    if len(s) != 1 or any(monomial.bound for _, monomial in s.values()):
        return _product_of_sum(s, index, algebra)
    coefficient, monomial = algebra.single(s)
    outside = [(f, e) for f, e in monomial.powers if index not in f.indices]
    result = algebra.pow(algebra.collect([(coefficient, (), outside)]), domain)
    for factor, exponent in monomial.powers:
        if index not in factor.indices:
            continue
        if factor.kind not in ("entry", "index") or any(k != index for k in factor.indices):
            raise GiveUp  # there is no symbol for products of other kinds, or of factors with other indices
        least = exponent.least(algebra.floors)
        if least is None or least < 0:
            raise GiveUp
        head = f"{domain.terms} {factor.kind} {factor.head} {len(factor.indices)}"
        result = algebra.mul(result, algebra.factor(Factor("product", head, factor.conj, ()), exponent))
    return result


def _product_of_sum(s: Sum, index: int, algebra: SumAlgebra) -> Sum:
    domain = algebra.domains[index]
    place = algebra.place(0, domain)
    moved = algebra.put(s, {index: place})
    if not moved:
        raise GiveUp  # the product is 0, or 1 if the domain is empty
    choices = []
    for conj in (False, True):
        form = algebra.conj(moved) if conj else moved
        sign = -1 if next(iter(form.values()))[0] < 0 else 1
        choices.append((text_of(algebra.times(sign, form), (place,)), conj, sign))
    text, conj, sign = min(choices)
    factor = Factor("product", f"{domain.terms} {text}", conj and not algebra.real, ())
    return algebra.mul(algebra.pow(algebra.number(sign), domain), algebra.factor(factor))

"""Derives from a hypothesis which polynomials in generic values are zero and which are not.

Only consequences that hold for every value that satisfies the hypothesis are derived. They come from the parts of a
conjunction, also inside a definition that is called, and from the items of `all`. Overlooking a consequence is safe: it
can only cost a proof."""

from __future__ import annotations

from relay.evaluation.algebra.base import Undecidable
from relay.evaluation.algebra.fractions import RationalFunctions
from relay.evaluation.algebra.scalars import Undefined
from relay.evaluation.compiled.codes import Names
from relay.evaluation.compiled.definitions import callee
from relay.evaluation.compiled.run import Run
from relay.evaluation.compiled.sources import walked
from relay.evaluation.compiled.terms import code
from relay.evaluation.plain_values import Mat
from relay.notation.comparisons import EQUALITIES
from relay.notation.printing import print_term
from relay.notation.syntax import Apply, BoolType, Call, Choice, Comprehension, ListType, NatType, Term
from relay.notation.traversal import operands

MOST_NESTED = 12
"""Calls inside definitions are followed to this depth."""


def assume(term: Term, names: Names, run: Run, ring: RationalFunctions) -> bool:
    """Records in the ring that a term is true. Returns False if no value can make it true. Raises `TooLarge`."""
    ring.known.assuming = True
    try:
        return all(_said(part, True, names, run, ring, print_term(part), 0) for part in operands(term))
    finally:
        ring.known.assuming = False


def _said(term: Term, truth: bool, names: Names, run: Run, ring: RationalFunctions, source: str, depth: int) -> bool:
    """Records that a term has the given truth value. Returns False if that is impossible."""
    before = run.depth
    try:
        return _taken(term, truth, names, run, ring, source, depth)
    except Undefined:
        return False  # a value for which the hypothesis is undefined does not satisfy it
    except Undecidable:
        run.depth = before  # the exception left calls open that had raised the depth
        return True


def _taken(term: Term, truth: bool, names: Names, run: Run, ring: RationalFunctions, source: str, depth: int) -> bool:
    if isinstance(term, Choice):
        a, b = term.args[0], term.args[1]
        # the one truth value of each choice that fixes both parts
        both = {"and": (True, True), "or": (False, False), "implies": (True, False)}
        if term.kind in both and truth is (term.kind == "and"):
            first, second = both[term.kind]
            return _said(a, first, names, run, ring, source, depth) and _said(
                b, second, names, run, ring, source, depth
            )
        if term.kind == "if":
            branch = b if code(a)(names, run) else term.args[2]
            return _said(branch, truth, names, run, ring, source, depth)
    if isinstance(term, Apply) and term.op == "not":
        return _said(term.args[0], not truth, names, run, ring, source, depth)
    if (
        isinstance(term, Apply)
        and term.op in EQUALITIES
        and not isinstance(term.args[0].type, NatType | BoolType | ListType)
    ):
        return _compared(term, (term.op == "eq") is truth, names, run, ring, source)
    if isinstance(term, Call) and not term.key.startswith("given:") and depth < MOST_NESTED:
        target = callee(term.key, names, run)
        inner = target.frame([code(arg)(names, run) for arg in term.args], run)
        return _said(target.definition.body, truth, inner, run, ring, source, depth + 1)
    if isinstance(term, Comprehension) and term.kind == ("all" if truth else "any"):
        return all(
            _said(term.body, truth, names, run, ring, source, depth) for _ in walked(term.clauses, code)(names, run)
        )
    return bool(code(term)(names, run)) is truth


def _compared(term: Apply, equal: bool, names: Names, run: Run, ring: RationalFunctions, source: str) -> bool:
    left, right = (code(arg)(names, run) for arg in term.args)
    if isinstance(left, Mat):
        if (left.rows, left.columns) != (right.rows, right.columns):
            raise Undefined
        left, right = left.entries, right.entries
    elif isinstance(left, tuple):
        if len(left) != len(right):
            raise Undefined
    else:
        left, right = (left,), (right,)
    differences = [ring.sub(x, y) for x, y in zip(left, right, strict=True)]
    if equal:
        return all(ring.assume_zero(difference) for difference in differences)
    # of several entries, only one needs to be nonzero, and which one is not known
    open_ = [difference for difference in differences if ring.same(difference, ring.number(0)) is not True]
    return bool(open_) and (len(open_) > 1 or ring.assume_nonzero(open_[0], source))

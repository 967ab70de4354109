"""What the referee says to claims whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from random import Random

import pytest
from sympy import QQ

from relay.checker.referee.arithmetic import Inexpressible
from relay.checker.referee.cases import Case, PartSource, cases
from relay.checker.referee.opinion import Opinion, Says, at_point, opinions
from relay.checker.referee.points import Points
from relay.notation import read_statement
from relay.notation.syntax import BoolType, Claim, ListType, NatType
from tests.checker.corpus import DEFINITIONS, named, read
from tests.checker.referee import brute
from tests.checker.referee.printed import read_shown
from tests.checker.referee.random_claims import random_claim
from tests.checker.test_soundness import claims, prelude
from tests.evaluation.naive import RATIONALS, Lst

KNOWN = named("""
# true, true: polynomials
claim (A: Matrix[n, n], B: Matrix[n, n]): det(mul(A, B)) == det(A) * det(B)
# true, false: at n = 2
claim (A: Matrix[n, n], B: Matrix[n, n]): mul(A, B) == mul(B, A)
# true, true: conjugates
claim (A: Matrix[n, n]): trace(adjoint(A)) == conj(trace(A))
# false: conjugates are not themselves
claim (x: Scalar): conj(x) == x
# undefined: a pole
claim (x: Scalar): x / x == 1
# true: the pole is kept away
claim (x: Scalar, y: Scalar) where x != y: (x * x - y * y) / (x - y) == x + y
# undefined: the pole is kept away unless 2 is 0
claim (x: Scalar) where x != 0: (2 * x) / (2 * x) == 1
# undefined: another pole is kept away
claim (x: Scalar) where x != 1: x / x == 1
# true: a factor of the pole is kept away, and the other
claim (x: Scalar, y: Scalar) where x != 0 and x + y != 0: (x * x + x * y) / (x * x + x * y) == 1
# false: and a pole besides
claim (x: Scalar): 1 / x == x
# true: a consequence
claim (x: Scalar, y: Scalar) where x * x == y * y: x == y or x == -y
# false: no consequence
claim (x: Scalar, y: Scalar) where x * x == y * y: x == y
# true, true: idempotents of size 2
claim (A: Matrix[n, n]) where mul(A, A) == A: det(A) == 0 or det(A) == 1
# true: where there is no rational point
claim (x: Scalar) where x * x + 1 == 0: x ** 4 == 1
# false: where there is no rational point
claim (x: Scalar) where x * x + 1 == 0: x ** 3 == 1
# false: in characteristic 7 alone
claim (x: Scalar) where 7 * x == 0: x == 0
# false: in larger fields of characteristic 2
claim (x: Scalar) where scalar(2) == 0: x ** 4 == x
# true: in every field of characteristic 2
claim (x: Scalar, y: Scalar) where scalar(2) == 0: (x + y) ** 2 == x ** 2 + y ** 2
# vacuous: a contradiction
claim (x: Scalar) where x == 0 and x == 1: x == 2
# vacuous: a contradiction of factors
claim (x: Scalar, y: Scalar) where x * y == 0 and x != 0 and y != 0: x == y
# vacuous: undefined everywhere
claim (x: Scalar) where 1 / (x - x) == 1: x == 0
# vacuous: 1 is 0 nowhere
claim (x: Scalar) where scalar(7) == 0 and scalar(8) == 0: x == 0
# true: a truth value
claim (b: Bool, x: Scalar): (x if b else -x) ** 2 == x ** 2
# false: for one of its two values
claim (b: Bool, x: Scalar): (x if b else x + 1) == x
# true, true, true: lists
claim (L: List[Scalar]): total(reverse(L)) == total(L)
# true, true, false: lists
claim (L: List[Scalar]): reverse(L) == L
# true, true, true: naturals
claim (k: Nat): 2 * sum(i for i in range(k)) + k == k * k
# true, true, false: naturals
claim (k: Nat): 2 ** k == 1 + k * k
# undefined, true: sizes
claim (A: Matrix[n, n]): A[0, 1] == A[0, 1]
# unknown: it ranges over a type
claim (x: Scalar): any(y == x for y in Scalar)
# unknown: it takes too long
claim (x: Scalar): x + scalar(burn(40)) == x
# unknown: too large
claim (x: Scalar): (x + 1) ** 4000 == (1 + x) ** 4000
""")


def ask(source: str) -> list[Opinion]:
    claim = read(source)
    assert isinstance(claim, Claim)
    return list(opinions(claim, DEFINITIONS))


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_what_it_says_case_by_case(name: str) -> None:
    expected = name.partition(":")[0].split(", ")
    found = ask(KNOWN[name])
    if name == "undefined, true: sizes":
        assert [o.says.value for o in found] == expected
    assert [o.says.value for o in found][: len(expected)] == expected, found


@pytest.mark.parametrize(
    ("source", "field"),
    [
        ("claim (A: Matrix[n, n], B: Matrix[n, n]): mul(A, B) == mul(B, A)", "Q"),
        ("claim (x: Scalar): conj(x) == x", "Q(i)"),
        ("claim (x: Scalar, y: Scalar) where x * x == y * y: x == y", "Q"),
        ("claim (x: Scalar, y: Scalar) where x * y == 1 and x != y: x + y == 0", "Q"),
        ("claim (A: Matrix[n, n]) where det(A) == 0: trace(A) == 0", "Q"),
        ("claim (x: Scalar): 1 / x == 1 / x", "Q"),
    ],
)
def test_a_counterexample_is_one(source: str, field: str) -> None:
    """It stands in an opinion only where the claim, read again at that point, says the same."""
    bad = next(o for o in ask(source) if o.says in (Says.FALSE, Says.UNDEFINED))
    assert bad.witness is not None
    assert bad.witness.field == field
    left = iter(bad.witness.scalars)
    source_ = PartSource(lambda: next(left), lambda: False, lambda: 0)
    claim = read(source)
    assert isinstance(claim, Claim)
    assert at_point(claim, DEFINITIONS, bad.case, source_, Points(field == "Q(i)")) is bad.says


def test_a_counterexample_of_one_characteristic_has_no_point() -> None:
    (found,) = ask("claim (x: Scalar) where 7 * x == 0: x == 0")
    assert (found.says, found.witness) == (Says.FALSE, None)


def test_it_agrees_with_claims_whose_truth_is_known() -> None:
    scope, known = prelude()
    certain = 0
    for source in claims("true")[::32]:
        claim = read_statement(source, scope)
        assert isinstance(claim, Claim)
        found = [o.says for o in opinions(claim, known)]
        assert not {Says.FALSE, Says.UNDEFINED} & set(found), source
        certain += Says.UNKNOWN not in found
    assert certain > 15


def test_it_agrees_with_brute_force() -> None:
    """What SymPy calls true in every field is never false or undefined in a small one, and what brute force finds is
    never called true; the checker has no part in this."""
    said: dict[str, int] = {}
    for number in range(200):
        made = random_claim(11, number)
        by_case = {o.case.words(): o for o in opinions(made.claim, made.definitions)}
        found = brute.search(made.claim, made.definitions)
        for point in (found.false, found.undefined):
            here = by_case.get(point.case.words()) if point is not None else None
            if here is not None:
                assert here.says not in (Says.TRUE, Says.VACUOUS), (made.source, point)
        if found.satisfied is not None:
            here = by_case.get(found.satisfied.case.words())
            assert here is None or here.says is not Says.VACUOUS, (made.source, found.satisfied)
        for opinion in by_case.values():
            said[opinion.says.value] = said.get(opinion.says.value, 0) + 1
    assert said["true"] > 60
    assert said["false"] > 60
    assert said["undefined"] > 5
    assert said["vacuous"] > 3


def test_it_agrees_with_the_naive_evaluator_at_rational_points() -> None:
    random = Random(5)
    seen: dict[str, int] = {}
    for number in range(500):
        made = random_claim(12, number)
        if any("Scalar" in part or "Vector" in part for part in made.source.split(" in ")[1:]):
            continue  # it ranges over a type
        for case in list(cases(made.claim))[:3]:
            drawn: list[int] = []

            def scalar(drawn: list[int] = drawn) -> object:
                drawn.append(random.randint(-2, 2))
                return QQ(drawn[-1])

            try:
                says = at_point(
                    made.claim, made.definitions, case, PartSource(scalar, lambda: True, lambda: 1), Points()
                )
            except Inexpressible:
                continue
            names = _values(made.claim, case, drawn)
            if names is None:
                continue
            naive, _ = brute.value(made.claim, made.definitions, RATIONALS, names, 100_000)
            if naive != brute.RAN_OUT:
                assert says.value == naive, (made.source, case, drawn)
                seen[naive] = seen.get(naive, 0) + 1
    assert seen["true"] > 100, seen
    assert seen["false"] > 50, seen
    assert seen["undefined"] > 3, seen
    assert seen["vacuous"] > 20, seen


def _values(claim: Claim, case: Case, drawn: Sequence[int]) -> dict[str, object] | None:
    """The same values for the naive evaluator; None where a size is undefined."""
    left = iter(drawn)
    names: dict[str, object] = dict(case.numbers)
    partial = {**names, **{name: Lst((0,) * lengths[0]) for name, lengths in case.lengths.items()}}
    for parameter in claim.parameters:
        if parameter.name in names:
            continue
        sizes = brute.sizes_of(parameter.type, partial)
        if sizes is None:
            return None
        inner = parameter.type
        while isinstance(inner, ListType):
            inner = inner.item
        parts = {BoolType: repeat(True), NatType: repeat(1)}.get(type(inner), map(RATIONALS.number, left))
        names[parameter.name] = brute.build(parameter.type, sizes, case.lengths.get(parameter.name, ()), parts)
    return names


@pytest.mark.parametrize(
    ("source", "text", "expected"),
    [
        (
            "claim (A: Matrix[n, n]): det(A) == 0",
            "n = 2, A = [[1, -2], [3/2, 0]] (in Q): the left side is 3",
            (1, -2, 1.5, 0),
        ),
        ("claim (x: Scalar, L: List[Scalar]): x == 0", "x = 1 + t, L = [t, 0] (in GF(4))", (3, 2, 0)),
        ("claim (x: Scalar): x == 0", "x = 2*t (in GF(9)): the left side is 2*t, the right side is 0", (6,)),
    ],
)
def test_what_is_printed_is_read_back(source: str, text: str, expected: tuple[object, ...]) -> None:
    claim = read(source)
    assert isinstance(claim, Claim)
    shown = read_shown(claim, text)
    assert shown is not None
    assert shown.scalars == expected
    assert read_shown(claim, text.partition(" (in ")[0] + " (in a larger finite field)") is None


@pytest.mark.parametrize(("field", "says"), [("GF(9)", brute.TRUE), ("GF(9) with the identity as conj", brute.FALSE)])
def test_the_involution_of_a_printed_field_counts(field: str, says: str) -> None:
    claim = read("claim (x: Scalar): implies(x ** 2 == 2, conj(x) == -x)")
    assert isinstance(claim, Claim)
    shown = read_shown(claim, f"x = t (in {field})")
    assert shown is not None
    assert brute.value(claim, DEFINITIONS, shown.field, shown.names, 1_000)[0] == says


def test_nothing_takes_long() -> None:
    """Budgets of work end what would take for ever, and the rest of the cases is unknown."""
    for source in (
        "claim (A: Matrix[n, n]): det(power(A, 40)) == det(A) ** 40",
        "claim (k: Nat): len([p for p in permutations(k + 9)]) == factorial(k + 9)",
        "claim (x: Scalar, y: Scalar): (x + y) ** 100 * (x - y) ** 100 == (x * x - y * y) ** 100",
        "claim (x: Scalar): (((x + 1) ** 999) ** 999) ** 999 == x",
        "claim (x: Scalar): scalar(9 ** 9) ** (9 ** 9) == x",
        "claim (v: Vector[n]): count(v[i] == scalar(j) for i in range(n) for j in range(20)) == 0",
    ):
        assert ask(source)[-1].says in (Says.UNKNOWN, Says.TRUE, Says.FALSE), source

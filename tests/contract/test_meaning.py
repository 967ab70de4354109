"""The notation's page, *Meaning*."""

from __future__ import annotations

import pytest

from tests.contract.asking import GF7, RAN_OUT, UNDEFINED, Q, Status, error, status, value, verdict

# The sentences on `over reals` and `over complexes` are tested in tests/checker/test_classes.py.


@pytest.mark.parametrize(
    "term",
    [
        "scalar(1) / 0",
        "scalar(0) / 0",
        "nat(1) // 0",
        "nat(1) % 0",
        "identity(2)[0, 2]",
        "vector(scalar(1) for i in range(2))[2]",
        "[nat(1)][1]",
        "nat(1) - 2",
        "first(i for i in range(3) if i > 5)",
        "first(i for i in [nat(1)] if i == 2)",
        "dot(vector(scalar(1) for i in range(2)), vector(scalar(1) for i in range(3)))",
        "vector(scalar(1) for i in range(2)) == vector(scalar(1) for i in range(3))",
        "identity(2) != identity(3)",
    ],
)
def test_undefined(term: str) -> None:
    """Undefined: division by zero, an index out of range, a negative `Nat`, `first` of nothing, unequal sizes."""
    assert value(term) == UNDEFINED


BAD = "nat(1) // 0 == 1"


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        (f"False and {BAD}", "False"),
        (f"True or {BAD}", "True"),
        (f"implies(False, {BAD})", "True"),
        (f"True if nat(1) == 1 else {BAD}", "True"),
        (f"{BAD} if nat(1) == 2 else False", "False"),
        (f"True and {BAD}", UNDEFINED),
        (f"False or {BAD}", UNDEFINED),
        (f"implies(True, {BAD})", UNDEFINED),
        (f"{BAD} and False", UNDEFINED),
        (f"{BAD} or True", UNDEFINED),
        (f"implies({BAD}, True)", UNDEFINED),
        (f"True if {BAD} else True", UNDEFINED),
        ("nat(2) < 1 < nat(3) // 0", "False"),
    ],
)
def test_only_what_they_need(term: str, expected: str) -> None:
    """`and`, `or`, `implies`, `if` evaluate left to right and only what they need."""
    assert value(term) == expected


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("any(6 // (2 - i) == 3 for i in range(9))", "True"),
        ("any(6 // i == 6 for i in range(3))", UNDEFINED),
        ("all(6 // (2 - i) == 2 for i in range(9))", "False"),
        ("all(6 // i == 6 for i in range(3))", UNDEFINED),
        ("first(6 // (2 - i) for i in range(9))", "3"),
        ("first(6 // i for i in range(9))", UNDEFINED),
        ("count(6 // (2 - i) == 3 for i in range(9))", UNDEFINED),
        ("sum(6 // (2 - i) for i in range(9))", UNDEFINED),
        ("max(6 // (2 - i) for i in range(9))", UNDEFINED),
    ],
)
def test_they_stop_at_the_first_item_that_decides(term: str, expected: str) -> None:
    """`any`, `all`, `first` stop at the first item that decides."""
    assert value(term) == expected


@pytest.mark.parametrize(
    "term",
    [
        "scalar(1) / 0 == scalar(1) / 0",
        "0 * (scalar(1) / 0)",
        "(scalar(1) / 0) ** 0",
        "[nat(1), 2 // 0][0]",
        "len([nat(1) // 0])",
        "not (nat(1) // 0 == 1)",
        "vector(1 / scalar(i) for i in range(2))[1]",
        "trace(matrix(1 / scalar(j - i) for i in range(1) for j in range(1)))",
        "pick(1, nat(1) // 0)",
    ],
)
def test_everything_else_is_strict(term: str) -> None:
    """Everything else is strict: one undefined part makes the whole undefined, `undefined == undefined` too."""
    pick = "define pick(a: Nat, b: Nat) -> Nat = a\n"
    assert value(term, definitions=pick) == UNDEFINED


def test_a_hypothesis_that_is_undefined_is_not_satisfied() -> None:
    """Where a hypothesis is undefined the value does not satisfy it; such values are counted and shown."""
    assert status("claim (x: Scalar, v: Vector[n]) where x / x == 1: vscale(1 / x, vscale(x, v)) == v").accepted
    never = verdict("claim (x: Scalar) where 1 / (x - x) == 1: x == 0")
    assert never.status is Status.VACUOUS
    assert "undefined for" in never.message


def test_running_out_is_not_a_value() -> None:
    """Running out of fuel, memory or depth is not a value."""
    assert value("burn(40)") == RAN_OUT
    assert value("2 ** 53 * nat(2)") == RAN_OUT
    assert value("down(1000)", definitions="define down(k: Nat) -> Nat = 0 if k == 0 else down(k - 1)\n") == RAN_OUT
    assert value("False and burn(40) == 0") == "False"
    assert value("burn(40) == burn(40)") == RAN_OUT


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("claim (x: Scalar) where burn(40) == 1: x == x", Status.UNDECIDED),
        ("claim (x: Scalar) where x == 0 or burn(40) == 1: x == x", Status.UNDECIDED),
        ("claim (x: Scalar) where x == 0 or burn(40) == 1: x == 1", Status.REFUTED),
        ("claim (x: Scalar): x + scalar(0 if x == 0 else burn(40)) == x", Status.UNDECIDED),
        ("claim (x: Scalar): x + scalar(1 if x == 0 else burn(40)) == x", Status.REFUTED),
        ("claim (x: Scalar): 1 / x + scalar(0 if x == 1 else burn(40)) == 1 / x", Status.UNDECIDED),
    ],
)
def test_what_runs_out_leaves_two_verdicts(claim: str, expected: Status) -> None:
    """Wherever it happens, in a hypothesis too, that evaluation is abandoned, and the verdict can then only be
    `refuted` (by another value) or `undecided`."""
    assert status(claim) is expected


@pytest.mark.parametrize(
    ("claim", "field"),
    [
        ("claim (x: Scalar, y: Scalar): (x + y) ** 2 == x ** 2 + y ** 2", "in Q"),
        ("claim (x: Scalar) where x + x == 0: x == 0", "in GF(2)"),
        ("claim (x: Scalar) where 3 * x == 0: x == 0", "in GF(3)"),
        ("claim (x: Scalar) where scalar(2) == 0: x ** 2 == x", "in GF(4)"),
        ("claim (x: Scalar) where 13 * x == 0: x == 0", "in GF(13)"),
        ("claim (x: Scalar) where 10007 * x == 0: x == 0", "in a larger finite field"),
        ("claim (x: Scalar): conj(x) == x", "in Q(i)"),
    ],
)
def test_every_field_with_every_involution(claim: str, field: str) -> None:
    """`fields`, the default: every field with every involution as `conj` (finite models include non-prime ones with
    Frobenius); a counterexample in any of them refutes."""
    found = verdict(claim)
    assert found.status is Status.REFUTED
    assert field in found.counterexample
    assert verdict(claim.replace("claim (", "claim over fields (")).status is Status.REFUTED


def test_ranging_over_a_type_has_a_meaning_in_finite_models_only() -> None:
    """Ranging over a type, in a claim itself or through a definition, has a meaning in finite models only: such a claim
    speaks of finite fields and its scope says so."""
    own = verdict("claim (x: Scalar): any(y + x == 0 for y in Scalar) and trace(identity(1)) == 1")
    called = verdict("claim (v: Vector[n], vs: List[Vector[n]]) where zero(v): in_span(v, vs)")
    for found in (own, called):
        assert found.status is Status.HOLDS
        assert "finite fields" in found.scope
    # squares are all there are in the algebraic closure, not in the finite fields
    assert status("claim (x: Scalar): any(y * y == x for y in Scalar)") is Status.REFUTED


def test_parameters_are_universally_quantified_and_where_is_the_hypothesis() -> None:
    """Parameters are universally quantified; `where` is the hypothesis."""
    assert status("claim (x: Scalar): x * x == x") is Status.REFUTED
    assert status("claim (x: Scalar, v: Vector[n]) where x * x == x: vscale(x, vscale(x, v)) == vscale(x, v)").accepted
    assert value("scalar(3)", Q) == value("scalar(10)", GF7)
    assert "the hypothesis must be Bool" in error("claim (x: Scalar) where x: x == x").message

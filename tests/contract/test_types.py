"""The notation's page, *Types*."""

from __future__ import annotations

from relay.notation import Scope
from relay.notation.syntax import Definition
from tests.contract.asking import (
    GF2,
    GF4,
    GROUP,
    UNDEFINED,
    Q,
    Status,
    claim_of,
    definition_of,
    error,
    statements,
    status,
    value,
    verdict,
)

# Functions are tested elsewhere: `tests/notation/samples.py`, `tests/checker/sampling/test_function_values.py` and
# `tests/scoring/credit/test_functions.py`.


def test_nat_and_bool() -> None:
    """`Nat`, `Bool`: 0, 1, 2, ...; truth values."""
    assert value("1 - 1") == "0"
    assert value("1 - 2") == UNDEFINED
    assert value("[b for b in Bool]") == "[False, True]"


def test_scalars_are_elements_of_the_models_field() -> None:
    """`Scalar`: elements of the model's field."""
    assert (value("1 / scalar(2)", Q), value("1 / scalar(2)", GF2)) == ("1/2", UNDEFINED)
    assert value("len([x for x in Scalar])", GF4) == "4"


def test_arrays_are_indexed_from_0() -> None:
    """`Vector[n]`, `Matrix[m, n]`: arrays of scalars, indexed from 0."""
    assert value("vector(scalar(i + 4) for i in range(2))[0]") == "4"
    assert value("matrix(scalar(10 * i + j) for i in range(2) for j in range(3))[1, 2]", Q) == "12"


def test_lists_are_equal_item_by_item_in_order() -> None:
    """`List[T]`: finite lists, equal item by item, in order."""
    assert value("[nat(2), 3] == [2, 3]") == "True"
    assert value("[nat(2), 3] == [3, 2]") == value("[nat(2), 3] == [2, 3, 3]") == "False"


def test_a_sort_that_the_task_declares() -> None:
    """A sort that the task declares, such as `Element`: that task's values."""
    scope = Scope(GROUP)
    assert isinstance(statements("define f(x: Element) -> Element = op(x, x)", scope)[0][-1], Definition)
    assert "no scalars" in error("claim (x: Scalar): x == x", scope).message
    assert "unknown type" in error("claim (x: Element): x == x").message


def test_sizes_are_terms_over_names_parameters_and_len() -> None:
    """A size is a `Nat` term over size names, `Nat` parameters, generator variables and `len`."""
    found = definition_of("define f(v: Vector[n], k: Nat, L: List[Nat], w: Vector[2 * n + k - len(L)]) -> Nat = n")
    assert found.sizes == ("n",)
    assert value("count(True for k in range(3) for v in Vector[k])", GF2) == "7"
    assert "a size must be Nat" in error("define f(x: Scalar, v: Vector[x]) -> Nat = 1").message


def test_a_size_name_stands_bare_where_it_is_bound() -> None:
    """A size name must stand bare in some parameter's type, where it is bound (an empty list still has its `n`), and is
    a `Nat` in the term."""
    assert "must stand bare" in error("define f(v: Vector[n + 1]) -> Nat = n").message
    size = "define size(vs: List[Vector[n]]) -> Nat = n\n"
    assert value("size([vector(scalar(1) for i in range(3)) for k in range(0)])", definitions=size) == "3"
    assert status("claim (v: Vector[n]): n >= 1 and n ** 2 == n") is Status.REFUTED


def test_sizes_that_types_cannot_decide_are_compared_when_evaluated() -> None:
    """Sizes that the types can't decide equal are compared when evaluated; unequal is undefined."""
    known = verdict("claim (A: Matrix[m, n], B: Matrix[k, l]): mul(A, B) == mul(A, B)")
    assert known.status is Status.UNDEFINED
    assert value("vector(scalar(0) for i in range(2)) == vector(scalar(0) for i in range(3))") == UNDEFINED
    join = "define join(v: Vector[n], k: Nat) -> Vector[n + k] = v\n"
    assert value("join(vector(scalar(1) for i in range(2)), 0)", definitions=join) == "[1, 1]"
    assert value("join(vector(scalar(1) for i in range(2)), 1)", definitions=join) == UNDEFINED


def test_a_claims_size_names_begin_at_1() -> None:
    """A claim's size names range over 1, 2, 3, ..."""
    assert status("claim (v: Vector[n]): dot(v, v) == dot(v, v) + (1 if n == 0 else 0)") is not Status.REFUTED
    assert claim_of("claim (v: Vector[n]): n == n").sizes == ("n",)
    assert "n = 1" in verdict("claim (v: Vector[n]): n > 1 or trace(identity(n)) != 1").counterexample


def test_calls_may_reach_size_0_and_nothing_below() -> None:
    """Calls may reach size 0 (`Vector[0]` and `Matrix[0, k]` have exactly one value); below 0 is undefined."""
    assert value("det(identity(0))") == "1"
    assert value("len([v for v in Vector[0]])", GF4) == value("len([A for A in Matrix[0, 3]])", GF4) == "1"
    assert value("minor(identity(0), 0, 0)") == value("len([v for v in Vector[1 - 2]])", GF2) == UNDEFINED

"""The notation's page, *Statements* and *Scope of names*: each test names the sentence that it holds the checker to."""

from __future__ import annotations

import pytest

from relay.commands.statements import review
from relay.notation import Scope, fences, read_statement
from relay.notation.syntax import Claim, Definition
from relay.records.task import Concept, Form, Task
from tests.contract.asking import GIVEN, SCOPE, Status, claim_of, definition_of, error, statements, status
from tests.listing import listed
from tests.notation.samples import DESCRIBED, described_scope


def test_a_definition_is_define_name_parameters_type_and_term() -> None:
    """define NAME(PARAM: TYPE, ...) -> TYPE = TERM"""
    found = definition_of("define f(x: Scalar, k: Nat) -> Scalar = x ** k")
    assert (found.name, [p.name for p in found.parameters]) == ("f", ["x", "k"])
    assert definition_of("define f() -> Nat = 7").parameters == ()
    assert "expected `->`" in error("define f(x: Scalar) = x").message


def test_a_claim_is_parameters_a_hypothesis_and_a_term() -> None:
    """claim [NAME] [over CLASS] (PARAM: TYPE, ...) [where TERM]: TERM"""
    bare, full = claim_of("claim (x: Scalar): x == x"), claim_of("claim c over fields (x: Scalar) where x != 0: x == x")
    assert (bare.name, bare.over, bare.hypothesis) == (None, "fields", None)
    assert (full.name, full.over, full.hypothesis is not None) == ("c", "fields", True)


def test_a_statement_may_run_over_several_lines() -> None:
    """A statement may run over several lines while a bracket is open, or after `=` or `:`."""
    assert (
        len(statements("define f(x: Scalar,\n  y: Scalar) -> Scalar =\n  x * y\nclaim (x: Scalar):\n  f(x, x) == x")[0])
        == 2
    )
    assert "only while a bracket is open" in error("claim (x: Scalar): x == x\n  and x == x").message


def test_a_hash_starts_a_comment() -> None:
    """`#` starts a comment."""
    assert claim_of("# a law\nclaim (x: Scalar): x == x  # plainly").source.strip().startswith("claim")
    assert claim_of("claim (x: Scalar):  # ( [\n  x == x") == claim_of("claim (x: Scalar): x == x")


def test_in_free_text_statements_stand_in_fences_marked_relay() -> None:
    """In free text, statements are recognised in fences marked ```relay only."""
    fence = "```"
    text = f"define f() -> Nat = 1\n{fence}\ndefine g() -> Nat = 1\n{fence}\n{fence}relay\nX\n{fence}\n"
    assert [fence.body.strip() for fence in fences(text)] == ["X"]


@pytest.mark.parametrize("source", DESCRIBED)
def test_what_the_page_shows_is_in_the_language(source: str) -> None:
    """The examples on the page; those over the reals have a place of their own."""
    assert isinstance(read_statement(source, described_scope()), Definition | Claim)


# --- scope of names --------------------------------------------------------------------------------------------------


def test_only_what_stands_before_can_be_called() -> None:
    """A tenure can call what is given, what it defined itself, and those definitions [that it was shown]. There is no
    chain-wide table of names."""
    assert "define it first" in error("claim (x: Scalar): f(x) == x").message
    assert status("define f(x: Scalar) -> Scalar = x + 0\nclaim (x: Scalar): f(x) == x") is Status.PROVED


def test_a_definition_is_the_hash_of_its_canonical_form() -> None:
    """A definition's identity is the hash of its canonical form."""
    one = definition_of("define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))")
    same = definition_of("define g(M: Matrix[k, k]) -> Scalar = (sum(M[q, q] for q in range(0, k)))  # of M")
    other = definition_of("define f(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(1, n))")
    assert one.key == same.key != other.key


def test_no_message_depends_on_what_cannot_be_read() -> None:
    """No message (duplicate, name taken, similar to) may depend on anything that the tenure cannot read."""
    assert "trace" in error("claim (A: Matrix[n, n]): trce(A) == 0").message
    assert "trace" not in error("claim (A: Matrix[n, n]): trce(A) == 0", Scope(GIVEN)).message
    assert definition_of("define trace(A: Matrix[n, n]) -> Scalar = A[0, 0]", Scope(GIVEN)).name == "trace"


TASK = Task(
    name="small",
    parameters={},
    brief="",
    given=GIVEN,
    statement_size=60,
    concepts=(Concept(id="double", forms=(Form(source="define twice(x: Scalar) -> Scalar = x + x"),), laws=()),),
)


def test_the_scope_of_a_file_is_the_file_in_order() -> None:
    """In a file given to `relay check`, the scope is the file, in order."""
    text = "claim (x: Scalar): f(x) == x\ndefine f(x: Scalar) -> Scalar = x * 1\nclaim (x: Scalar): f(x) == x"
    found = listed(review(TASK, text))
    assert [each.verdict.status for each in found] == [Status.ILL_FORMED, Status.DEFINED, Status.PROVED]


def test_reference_definitions_live_in_a_namespace_of_their_own() -> None:
    """The task's reference definitions live in a namespace of their own."""
    claims = ("claim (x: Scalar): twice(x) == x + x", "claim (x: Scalar): twice(x) == x")
    text = "\ndefine twice(x: Scalar) -> Scalar = x\n".join(claims)
    first, second, third = listed(review(TASK, text))
    assert first.verdict.status is Status.ILL_FORMED
    assert "twice" not in first.verdict.message.replace("`twice`", "")
    assert second.verdict.status is Status.DEFINED
    assert third.verdict.status is Status.TRIVIAL


def test_a_name_is_free_again_in_another_scope() -> None:
    """The later one shown gets a suffix: names are not identities. (What readers are shown:
    tests/trial/test_names.)"""
    scope = SCOPE.adding(definition_of("define trace(A: Matrix[n, n]) -> Scalar = 0 * A[0, 0]"))
    new, old = (read_statement("claim (A: Matrix[n, n]): trace(A) == 0", where) for where in (scope, SCOPE))
    assert new.key != old.key

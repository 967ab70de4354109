"""The counts of nodes after inlining agree with real inlining."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from relay.notation import Scope, count_nodes, read_statement
from relay.notation.inlining import Inliner
from relay.notation.syntax import Apply, Call, Definition, Term, Variable
from relay.records.task import Given

SCOPE = Scope(Given(scalars=True))


def namespace(*sources: str) -> tuple[dict[str, Definition], list[Definition]]:
    scope, read = SCOPE, []
    for source in sources:
        statement = read_statement(source, scope)
        assert isinstance(statement, Definition)
        scope = scope.adding(statement)
        read.append(statement)
    return {definition.key: definition for definition in read}, read


def test_each_use_of_a_parameter_counts_its_argument() -> None:
    definitions, (square, fourth) = namespace(
        "define square(x: Scalar) -> Scalar = x * x",
        "define fourth(x: Scalar) -> Scalar = square(square(x + 1))",
    )
    inliner = Inliner(definitions)
    assert inliner.nodes(square) == 3
    assert inliner.nodes(fourth) == count_nodes(expanded(fourth.body, definitions)) == 15


def test_a_numeral_counts_its_digits() -> None:
    definitions, (big, user) = namespace(
        "define big(x: Scalar) -> Scalar = 1234 * x", "define user(x: Scalar) -> Scalar = big(x) + 56"
    )
    inliner = Inliner(definitions)
    assert inliner.nodes(big) == big.nodes == 6
    assert inliner.nodes(user) == count_nodes(expanded(user.body, definitions)) == 9


def test_a_definition_may_keep_its_own_recursion_and_no_other() -> None:
    definitions, (power, user) = namespace(
        "define power(x: Scalar, k: Nat) -> Scalar = 1 if k == 0 else x * power(x, k - 1)",
        "define user(x: Scalar) -> Scalar = power(x, 3)",
    )
    inliner = Inliner(definitions)
    assert inliner.nodes(power) == power.nodes
    assert inliner.nodes(user) is None


def test_doubling_at_each_layer_is_counted_at_once() -> None:
    sources = ["define d0(x: Scalar) -> Scalar = x + x"]
    sources += [f"define d{i}(x: Scalar) -> Scalar = d{i - 1}(d{i - 1}(x))" for i in range(1, 12)]
    definitions, read = namespace(*sources)
    assert Inliner(definitions).nodes(read[-1]) == 2 ** (2**11 + 1) - 1


@given(st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=4), min_size=1, max_size=4))
def test_counting_agrees_with_inlining(shapes: list[list[int]]) -> None:
    """Each definition adds its parameters and calls of earlier definitions."""
    sources: list[str] = []
    for i, shape in enumerate(shapes):
        parts = [f"f{pick % i}(y, x + x)" if i and pick % 2 else ("x", "y", "x * y")[pick % 3] for pick in shape]
        sources.append(f"define f{i}(x: Scalar, y: Scalar) -> Scalar = {' + '.join(parts)}")
    definitions, read = namespace(*sources)
    inliner = Inliner(definitions)
    for definition in read:
        assert inliner.nodes(definition) == count_nodes(expanded(definition.body, definitions))


def test_what_is_passed_on_as_a_function_counts_as_its_body() -> None:
    definitions, read = namespace(
        "define twice(x: Scalar, y: Scalar) -> Scalar = x + x + y",
        "define at(f: Fn[Scalar, Scalar], x: Scalar) -> Scalar = f(x)",
        "define g(x: Scalar) -> Scalar = at(twice(x * x), x)",
        "define loop(f: Fn[Scalar, Scalar], x: Scalar) -> Scalar = f(loop(f, x))",
        "define h(x: Scalar) -> Scalar = at(loop(twice(x)), x)",
    )
    inliner = Inliner(definitions)
    # `g`: `f(x)` has three nodes. Its `f` becomes `twice`: five nodes, of which two become `x * x`.
    assert [inliner.nodes(definition) for definition in read] == [5, 3, 2 + 5 + 2 * 2, 5, None]


def expanded(term: Term, definitions: dict[str, Definition]) -> Term:
    """The term with its calls replaced. It may hold variables, operations and calls only."""
    if isinstance(term, Call):
        callee = definitions[term.key]
        arguments = [expanded(arg, definitions) for arg in term.args]
        names = [parameter.name for parameter in callee.parameters]
        return replaced(expanded(callee.body, definitions), dict(zip(names, arguments, strict=True)))
    if isinstance(term, Apply):
        return Apply(term.op, tuple(expanded(arg, definitions) for arg in term.args), term.type)
    return term


def replaced(term: Term, by: dict[str, Term]) -> Term:
    if isinstance(term, Variable):
        return by.get(term.name, term)
    if isinstance(term, Apply):
        return Apply(term.op, tuple(replaced(arg, by) for arg in term.args), term.type)
    return term

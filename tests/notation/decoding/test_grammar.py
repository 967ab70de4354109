"""The decoding grammar, sampled as by random weights: every byte that it allows is equally likely."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import llguidance
import numpy as np
import pytest

from agents.llm.decoding import answer_grammar
from relay.checker.phenomena import Behaviour
from relay.checker.seen import seen_signature
from relay.components import build
from relay.errors import NotationError
from relay.notation import Scope, read_match, read_statement, read_term
from relay.notation.decoding.callees import Callee, callees, without_sizes
from relay.notation.decoding.rules import Grammar
from relay.notation.decoding.sizes import limits, shares
from relay.notation.decoding.statements import add_statements
from relay.notation.model_classes import misplaced
from relay.notation.syntax import Claim, Definition
from relay.records.budget import Budget
from relay.records.spec import read_spec
from relay.records.task import Task
from relay.researcher.actions import Action, Evaluate, Match, State, answer_schema
from relay.researcher.answers import read_answer
from relay.researcher.observation import Inheritance, Observation, number_phenomena
from relay.schemes.notes.ledger import Ledger

BYTES = llguidance.LLTokenizer("byte")
LONGEST = 2_000
"""The most bytes of a sample."""


def task(name: str) -> Task:
    built: Task = build("relay.tasks", read_spec(name)).build(1)
    return built


def compiled(text: str) -> llguidance.LLMatcher:
    matcher = llguidance.LLMatcher(BYTES, llguidance.LLMatcher.grammar_from_lark(text))
    assert not matcher.is_error(), matcher.get_error()
    return matcher


def accepts(text: str, said: str) -> bool:
    matcher = compiled(text)
    tokens = list(said.encode())
    return bool(matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting())


def sample(matcher: llguidance.LLMatcher, rng: np.random.Generator) -> str:
    """A random text, drawn byte by byte."""
    matcher, said = matcher.deep_copy(), bytearray()
    while not matcher.is_stopped() and len(said) < LONGEST:
        mask = np.unpackbits(np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8), bitorder="little")
        assert not matcher.is_error(), f"nothing can follow: {said.decode()}"
        allowed = np.flatnonzero(mask)
        token = int(rng.choice(allowed))
        if token == BYTES.eos_token:
            break
        matcher.consume_token(token)
        said.append(token)
    return said.decode(errors="ignore")  # a text that was cut may end within a character


def library(built: Task, count: int) -> tuple[Scope, dict[str, Definition]]:
    """The first concepts of a task, as definitions of a researcher."""
    scope, known = Scope(built.given), {}
    for concept in built.concepts[:count]:
        try:
            found = read_statement(concept.forms[0].source, scope)
        except NotationError:  # it calls a concept that is not among them
            continue
        assert isinstance(found, Definition)
        scope, known[found.key] = scope.adding(found), found
    return scope, known


def statements(built: Task, scope: Scope, known: dict[str, Definition], rule: str = "statement") -> str:
    grammar = Grammar()
    add_statements(grammar, built.given, callees(scope, known), built.statement_size)
    return grammar.text(rule)


CASES = [("alien", 0, 300), ("alien", 4, 150), ("linear_algebra", 0, 200), ("linear_algebra", 40, 100)]


@pytest.mark.parametrize(("name", "count", "draws"), CASES)
def test_what_random_weights_say_is_well_formed(name: str, count: int, draws: int) -> None:
    built = task(name)
    scope, known = library(built, count)
    matcher, rng = compiled(statements(built, scope, known)), np.random.default_rng(5)
    wrong, kinds = Counter[str](), Counter[str]()
    for _ in range(draws):
        said = sample(matcher, rng)
        try:
            found = read_statement(said, scope, built.statement_size)
        except NotationError as error:
            wrong[f"{error}: {said}"] += 1
            continue
        kinds[type(found).__name__] += 1
        problem = misplaced(found, known) if isinstance(found, Claim) else None
        wrong.update([f"{problem}: {said}"] if problem else [])
    assert wrong.total() <= 0.01 * draws, wrong
    assert kinds["Definition"] > draws / 10 < kinds["Claim"]


@pytest.mark.parametrize("name", ["alien", "linear_algebra"])
def test_a_term_to_be_valued_has_no_free_names(name: str) -> None:
    built = task(name)
    scope, known = library(built, 3)
    matcher, rng = compiled(statements(built, scope, known, "term")), np.random.default_rng(6)
    for _ in range(60):
        read_term(sample(matcher, rng), scope)


SAYABLE = [
    "define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] = "
    "matrix(sum(A[i, h] * B[h, j] for h in range(m)) for i in range(l) for j in range(n))",
    "define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))",
    "define identity(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))",
    "define dot(u: Vector[n], v: Vector[n]) -> Scalar = sum(conj(u[i]) * v[i] for i in range(n))",
    "define columns(A: Matrix[m, n]) -> List[Vector[m]] = [vector(A[j, i] for j in range(m)) for i in range(n)]",
    "claim symmetric (u: Vector[n], v: Vector[n]) where u != v: u[0] * v[0] != v[0]",
    "claim over reals (x: Scalar, y: Scalar) where 0 < x: x * y <= x + y",
    "define reached(A: Matrix[m, n], w: Vector[m]) -> Bool = any(w[0] == A[0, 0] * e[0] for e in Vector[n])",
]  # fmt: skip


@pytest.mark.parametrize("said", SAYABLE)
def test_what_is_worth_saying_can_be_said(said: str) -> None:
    built = task("linear_algebra")
    text = statements(built, Scope(built.given), {})
    read_statement(said, Scope(built.given))
    assert accepts(text, said)


@pytest.mark.parametrize(
    "said",
    [
        "define twice(A: Matrix[n, n]) -> Matrix[n, n] = B",
        "define twice(x: Scalar) -> Scalar = k",
        "define sum(x: Scalar) -> Scalar = x",
        "define twice(x: Scalar, x: Scalar) -> Scalar = x",
        "claim twice (x: Scalar): x < 1",
        "claim twice (x: Scalar): 2 == 3",
        "define long(x: Scalar) -> Scalar = x + x + x + x + x + x + x + x + x + x + x",
    ],
)
def test_what_is_no_statement_can_not(said: str) -> None:
    built = task("linear_algebra")
    assert not accepts(statements(built, Scope(built.given), {}), said)


def observation(built: Task, actions: tuple[type[Action], ...]) -> Observation:
    return Observation(
        brief="",
        given=built.given,
        given_text="",
        phenomena=tuple(number_phenomena(built, 1).values()),
        inheritance=Inheritance(),
        instructions="",
        answers=answer_schema(actions),
        budget=Budget(),
        statement_size=built.statement_size,
    )


def looking(built: Task) -> Scope:
    """The scope of terms that look up phenomena."""
    numbers = {id: shown.number for id, shown in number_phenomena(built, 1).items()}
    signatures = {
        numbers[one.id]: seen_signature(Behaviour(one, built.given), place) for place, one in enumerate(built.phenomena)
    }
    return Scope(built.given, {}, signatures)


@pytest.mark.parametrize("head", ["define f1(", "claim (", "("])
def test_no_comma_follows_where_all_names_are_taken(head: str) -> None:
    built = task("alien")
    grammar = Grammar()
    add_statements(grammar, built.given, (), built.statement_size)
    matcher = compiled(grammar.text("match" if head == "(" else "statement"))
    kinds = {"Nat": "kpqr", "Element": "xyzw", "Bool": "PQ"}
    every = ", ".join(f"{name}: {kind}" for kind, names in kinds.items() for name in names)
    said = list((head.replace("f1", "named") + every).encode())
    assert matcher.try_consume_tokens(said) == len(said)
    assert matcher.try_consume_tokens([ord(",")]) == 0


LOOKS = [
    ("alien", ("Element", "Element"), "(x: Element, y: Element)", "(N, x, y)"),
    ("linear_algebra(brief=problems)", ("Matrix[n, n]",), "(A: Matrix[n, n])", "(N, A)"),
]


@pytest.mark.parametrize(("name", "parameters", "header", "arguments"), LOOKS)
def test_the_term_of_a_match_is_well_formed(
    name: str, parameters: tuple[str, ...], header: str, arguments: str
) -> None:
    built = task(name)
    scope, known = library(built, 3)
    grammar = Grammar()
    shown = observation(built, ()).phenomena
    types = [(tuple(map(without_sizes, one.parameters)), without_sizes(one.result)) for one in shown]
    seen = [Callee(str(one.number), *type) for one, type in zip(shown, types, strict=True)]
    add_statements(grammar, built.given, callees(scope, known), built.statement_size, seen)
    matcher, rng = compiled(grammar.text("match")), np.random.default_rng(8)
    wrong = Counter[str]()
    for _ in range(150):
        said = sample(matcher, rng)
        try:
            read_match(said, replace(looking(built), definitions=scope.definitions), built.statement_size)
        except NotationError as error:
            wrong[f"{error}: {said}"] += 1
    assert wrong.total() <= 1, wrong
    number = next(one.number for one in shown if one.parameters == parameters and one.result in ("Element", "Scalar"))
    looked = "seen" + arguments.replace("N", str(number))
    assert accepts(grammar.text("match"), f"{header}: {looked}")
    assert not accepts(grammar.text("match"), f"{header}: {looked.replace(str(number), '999')}")
    # in statements nothing is looked up
    first = arguments[4]
    assert accepts(grammar.text("statement"), f"claim {header}: {first} == {first}")
    assert not accepts(grammar.text("statement"), f"claim {header}: {looked} == {looked}")
    assert all(accepts(grammar.text("match"), one.name) for one in callees(scope, known))


def test_a_whole_answer_is_read_as_it_was_meant() -> None:
    built = task("alien")
    seen = observation(built, Ledger().actions)
    called = callees(Scope(built.given), {})
    matcher, rng = compiled(answer_grammar(seen, called)), np.random.default_rng(7)
    kinds: Counter[str] = Counter()
    for _ in range(120):
        said = sample(matcher, rng)
        if not said.endswith("]}"):
            continue  # random weights seldom end a note within the bytes of a sample
        read = read_answer(said, Ledger().actions)
        assert [action.action for action in read] == [one["action"] for one in json.loads(said)["actions"]]
        kinds.update(action.action for action in read)
        for action in read:
            if isinstance(action, State):
                read_statement(action.source, Scope(built.given), built.statement_size)
            elif isinstance(action, Evaluate):
                read_term(action.term, looking(built))
            elif isinstance(action, Match):
                read_match(action.term, looking(built), built.statement_size)
    assert {"state", "evaluate", "match", "end"} <= set(kinds)
    assert answer_grammar(seen, called) is answer_grammar(seen, called)  # the second one comes from the cache


def test_a_statement_may_record_itself_or_not() -> None:
    built = task("alien")
    called = callees(Scope(built.given), {})
    plain = '{"actions": [{"action": "state", "source": "define twice(x: Element) -> Element = vet(x, x)"}]}'
    recorded = plain.replace("}]}", ', "record": true, "remark": "of use"}]}')
    with_notes, without = (answer_grammar(observation(built, kinds), called) for kinds in (Ledger().actions, ()))
    assert accepts(with_notes, plain) and accepts(with_notes, recorded)
    assert accepts(without, plain) and not accepts(without, recorded)
    assert not accepts(with_notes, recorded.replace("true", "false"))


def test_what_orders_or_ranges_is_called_only_where_that_means_something() -> None:
    built = task("linear_algebra")
    called = [
        Callee("larger", ("Scalar", "Scalar"), "Bool", orders=True),
        Callee("root", ("Scalar",), "Bool", ranges=True),
    ]
    grammar = Grammar()
    add_statements(grammar, built.given, called, built.statement_size)
    text = grammar.text("statement")
    assert accepts(text, "claim over reals (x: Scalar): larger(x, x)")
    assert not accepts(text, "claim (x: Scalar): larger(x, x)")
    assert accepts(text, "claim (x: Scalar): root(x)")
    assert not accepts(text, "claim over complexes (x: Scalar): root(x)")
    assert accepts(text, "define both(x: Scalar) -> Bool = root(x) and larger(x, x)")


def test_shares_fit_and_no_other_covers_them() -> None:
    assert limits(18) == (1, 2, 3, 4, 6, 9, 13, 18)
    assert shares(4, 2, 18) == ((1, 3), (2, 2), (3, 1))
    for room in range(18):
        for parts in range(8):
            for share in shares(room, parts, 18):
                assert len(share) == parts and sum(share) <= room and set(share) <= set(limits(18))
    assert shares(2, 3, 18) == ()

"""Every common mistake gets an error with a position, what was expected, and the fix."""

from __future__ import annotations

import pytest

from relay.errors import NotationError
from relay.notation import Scope, read_parameters, read_statement, read_term, read_type
from tests.notation.samples import ALIEN, SCALARS, described_scope

SCOPE = described_scope()

TERMS = [
    # habits of mathematics and Python: the term, the column of the error within it, a part of the message
    ("A + A == A", 3, "say what each entry is, with `matrix(... for i in range(n) for j in range(n))`"),
    ("A * A == A", 3, "operations on arrays are not given, they are to be invented"),
    ("-v == v", 1, "operations on arrays are not given"),
    ("v + w == v", 3, "`vector(... for i in range(n))`"),
    ("A == 0", 3, "`matrix(... for i in range(n) for j in range(n))`"),
    ("v != 0", 3, "`vector(... for i in range(n))`"),
    ("A[0] == v", 1, "a row is `vector(A[i, j] for j in range(n))`"),
    ("A[0][0] == x", 1, "an entry of a matrix has two indices"),
    ("v[0, 1] == x", 1, "a vector has one index, `v[i]`"),
    ("vs[0, 1] == x", 1, "`vs[k][i]`"),
    ("x[0] == x", 1, "only vectors, matrices and lists have items, found Scalar"),
    ("len(v) == k", 1, "here `n`"),
    ("len(A) == k", 1, "here `n` and `n`"),
    ("len(k) == k", 1, "`len` is for lists, found Nat"),
    ("v in vs", 3, "any(v == w for w in vs)"),
    ("v not in vs", 3, "any(v == w for w in vs)"),
    ("(x if b) == x", 8, "write `a if c else b`"),
    ("if b: x", 1, "a choice is written `a if c else b`"),
    ("lambda y: y", 8, "there are no lambdas"),
    ("A.T == A", 2, "no attributes"),
    ("sum([y for y in ks]) == k", 20, "`sum` ranges over generators"),
    ("sum(ks) == k", 7, "`sum` ranges over generators"),
    ("sum(i in ks) == k", 7, "`sum` ranges over generators"),
    ("len(y for y in ks) == k", 7, "a list is built with `[t for ...]`"),
    ("max(k, 2) == k", 6, "write `a if a >= b else b`"),
    ("min(k, 2) == k", 6, "write `a if a <= b else b`"),
    ("x ^ 2 == x", 3, "powers are written `x ** k`"),
    ("x = x", 3, "equality is written `==`"),
    ("!b", 1, "`not a`"),
    ("b && b", 3, "write `and`"),
    ("b || b", 3, "write `or`"),
    ("b => b", 3, "write `implies(a, b)`"),
    ("b <=> b", 5, "write `a == b`"),
    ("b -> b", 3, "an implication is `implies(a, b)`"),
    ("k += 1", 4, "there are no assignments"),
    ("x === x", 5, "write `==`"),
    ("x <> x", 4, "write `!=`"),
    ("1.5 == x", 2, "there are no floats"),
    (".5 == x", 1, "there are no floats"),
    ("2x == x", 2, "as in `2 * x`"),
    ("2 x == x", 3, "as in `2 * x`"),
    ("'a' == x", 1, "there are no strings"),
    ('"a" == x', 1, "there are no strings"),
    ("{k} == k", 1, "there are no braces"),
    ("(k, k) == k", 3, "there are no tuples"),
    ("ks[0:1] == ks", 5, "there are no slices"),
    ("+x == x", 1, "there is no `+x`"),
    ("A @ A == A", 3, "there is no product of arrays"),
    ("k is k", 3, "write `a == b`"),
    ("k == None", 6, "there is no `None`"),
    ("true", 1, "write `True`"),
    ("return b", 8, "there is no `return`"),
    ("b; b", 2, "one statement at a time"),
    ("b for y in ks", 3, "generators stand only in"),
    ("range(k) == ks", 1, "stands only after `in`"),
    ("Nat == k", 1, "a type can't stand in a term"),
    # names
    ("trce(A) == x", 1, "did you mean `trace`?"),
    ("frobnicate(A) == x", 1, "define it first"),
    ("trace == x", 1, "is a function and must be called: `trace(A)`"),
    ("trace(A, A) == x", 1, "takes 1 argument, found 2"),
    ("mul(A) == A", 1, "`mul(A: Matrix[l, m], B: Matrix[m, n])` takes 2 arguments, found 1"),
    ("trace(v) == x", 7, "argument 1 of `trace` must be Matrix[n, n], found Vector[n]"),
    ("x(1) == x", 1, "can't be called; write `x * (...)`"),
    ("unknown == x", 1, "unknown name `unknown`"),
    ("all(b for b in ks)", 11, "`b` already stands for something here"),
    ("all(b for n in ks)", 11, "`n` already stands for something here"),
    ("all(b for det in ks)", 11, "`det` is the name of something that can be called"),
    ("all(all(b for i in ks) for i in ks)", 15, "`i` already stands for something here"),
    ("all(b for i in ks for i in ks)", 23, "`i` already stands for something here"),
    ("all(b for all in ks)", 11, "a word of the notation"),
    ("sum(i for i in range(k)) == i", 29, "unknown name `i`"),
    # types
    ("1 == 1", 3, "`scalar(2) != 0`"),
    ("[] == []", 4, "nothing decides the type of the items here"),
    ("in_span(v, []) == (len([]) == k)", 24, "nothing decides the type of the items here"),
    ("x == k", 3, "write `scalar(...)`"),
    ("k * x == x", 3, "write `scalar(k)`"),
    ("k / 2 == k", 3, "`a // b`"),
    ("x // 2 == x", 3, "on scalars there is `/` only"),
    ("x % 2 == x", 3, "`%` is for Nat, found Scalar"),
    ("x ** x == x", 6, "an exponent must be Nat, found Scalar"),
    ("x ** -1 == x", 6, "write `1 / x ** k`"),
    ("-k == k", 1, "a Nat has no negative"),
    ("ks[-1] == k", 4, "count from the front"),
    ("x < x", 3, "scalars have no order in every field"),
    ("max(y for y in Scalar) == x", 1, "scalars have no order in every field"),
    ("v < v", 3, "`<` is for Nat, found Vector[n]"),
    ("k", 1, "must be Bool, found Nat; write a comparison"),
    ("k and b", 1, "each side of `and` must be Bool"),
    ("not k", 5, "must be Bool"),
    ("b + 1 == k", 3, "truth values are joined"),
    ("b == 1", 3, "a truth value stands by itself"),
    ("ks == 0", 4, "a list without items is `[]`"),
    ("[[1, 0], [0, 1]] == A", 18, "a list is no array"),
    ("[k, x] == ks", 5, "item 2 is Scalar"),
    ("ks + vs == ks", 4, "`+` joins two lists of one type"),
    ("(k if b else x) == k", 2, "both branches of `if` have one type, found Nat and Scalar"),
    ("(x if k else x) == x", 7, "the condition of `if` must be Bool"),
    ("sum(v for v2 in vs) == x", 5, "`sum` is for numbers, found Vector[n]"),
    ("sum(b for i in ks) == k", 5, "`count(...)`"),
    ("count(k for i in ks) == k", 7, "must be Bool"),
    ("sum(i for i in k) == k", 16, "`range(k)`"),
    ("sum(y for y in v) == x", 16, "write `for i in range(n)` and `v[i]`"),
    ("all(b for y in Nat)", 16, "Nat has infinitely many values"),
    ("all(b for y in List[Scalar])", 16, "infinitely many values"),
    ("vector(1 for i in ks) == v", 1, "exactly one `range` clause"),
    ("vector(1 for i in range(n) if b) == v", 1, "exactly one `range` clause and no `if`"),
    ("matrix(1 for i in range(n)) == A", 1, "exactly two `range` clauses"),
    ("vector(i for i in range(n)) == v", 8, "an entry of `vector` must be Scalar, found Nat; write `scalar(i)`"),
    ("[vector(1 for j in range(i)) for i in ks] == vs", 1, "`i` means nothing outside"),
    ("in_span([], vs)", 9, "must be Vector[n]"),
    ("1000001 == k", 1, "numerals go up to 1000000"),
    # functions
    ("f(k) == x", 3, "argument 1 of `f` must be Scalar, found Nat; write `scalar(k)`"),
    ("f(x, x) == x", 1, "`f`, Fn[Scalar, Scalar], takes 1 argument, found 2"),
    ("f() == x", 1, "`f`, Fn[Scalar, Scalar], takes 1 argument, found 0"),
    ("f == x", 3, "found Fn[Scalar, Scalar] and Scalar"),
    ("g(v) == x", 1, "`g`, Fn[Vector[n], Vector[n], Scalar], takes 2 arguments, found 1"),
    ("g(v)(x) == x", 6, "argument 1 of this function must be Vector[n], found Scalar"),
    ("vs[0](v) == x", 1, "only functions are applied to arguments, found Vector[n]"),
    ("trace(A)(x) == x", 1, "only functions are applied to arguments, found Scalar; write `... * (...)`"),
    ("f[0] == x", 1, "only vectors, matrices and lists have items, found Fn[Scalar, Scalar]"),
    ("f + f == f", 3, "`+` is for numbers, found Fn[Scalar, Scalar]"),
    ("f < f", 3, "`<` is for Nat, found Fn[Scalar, Scalar]"),
    ("trace == trace", 7, "nothing decides the size `n` of this function, Fn[Matrix[n, n], Scalar]"),
    ("mul(A) == mul", 1, "takes 2 arguments, found 1"),
    ("len(trace) == k", 5, "`trace` is a function and must be called"),
    ("[trace, x] == [x]", 2, "must be called"),
    ("all(b for q in Fn[Scalar, Scalar])", 16, "a generator does not range over functions"),
    ("h == h", 3, "Fn[Nat, Bool] has infinitely many"),
    ("[h] == [h]", 5, "Fn[Nat, Bool] has infinitely many"),
]
HEAD = (
    "claim (A: Matrix[n, n], v: Vector[n], w: Vector[n], vs: List[Vector[n]], x: Scalar, "
    "k: Nat, ks: List[Nat], b: Bool, f: Fn[Scalar, Scalar], g: Fn[Vector[n], Vector[n], Scalar], h: Fn[Nat, Bool]): "
)


@pytest.mark.parametrize(("term", "column", "message"), TERMS)
def test_slips_in_terms(term: str, column: int, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_statement(HEAD + term, SCOPE)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column - len(HEAD)) == (1, column), caught.value


STATEMENTS = [
    ("def f(x: Nat) -> Nat = x", 1, 1, "write `define NAME(x: TYPE) -> TYPE = TERM`"),
    ("theorem (x: Nat): x == x", 1, 1, "write `claim NAME (x: TYPE): TERM`"),
    ("x == x", 1, 1, "expected `claim` or `define`"),
    ("", 1, 1, "the text ends here"),
    ("define f(x: Nat): Nat = x", 1, 17, "expected `->`"),
    ("define f(x) -> Nat = x", 1, 11, "expected `:`"),
    ("define f(x: Nat) = x", 1, 18, "expected `->`"),
    ("define f(x: Int) -> Nat = x", 1, 13, "the types are Nat, Bool, Scalar, Vector[n], Matrix[m, n], List[T]"),
    ("define f(x: Matrix[n]) -> Nat = n", 1, 21, "`Matrix[m, n]`"),
    ("define f(x: Vector) -> Nat = n", 1, 19, "`Vector[n]`"),
    ("define f(x: Fn[Nat]) -> Nat = 1", 1, 13, "a function takes at least one argument: write `Fn[T, R]`"),
    ("define f(x: Fn) -> Nat = 1", 1, 15, "`Fn[T, R]`"),
    ("define f(x: Fn[Nat, Vector[n + 1]]) -> Nat = 1", 1, 28, "must stand bare in some parameter's type"),
    ("define f(x: Nat) -> Fn[Vector[n], Nat] = 1", 1, 31, "must stand bare in some parameter's type"),
    (
        "define g(A: Matrix[n, n]) -> Fn[Matrix[n, n], Nat] = trace",
        1,
        54,
        "found Fn[Matrix[n, n], Scalar]",
    ),
    ("define g(A: Matrix[n, n]) -> Fn[Nat, Matrix[n, n]] = identity", 1, 54, "depend on the argument `n`"),
    ("define g(A: Matrix[n, n]) -> Fn[Nat, Matrix[n - 1, n - 1]] = minor(A)", 1, 62, "must be Fn[Nat, Matrix"),
    ("define sum(x: Nat) -> Nat = x", 1, 8, "a word of the notation"),
    ("define f(len: Nat) -> Nat = 1", 1, 10, "a word of the notation"),
    ("define f(det: Nat) -> Nat = det(det)", 1, 29, "the parameter hides the definition of this name"),
    ("define f(f: Nat) -> Nat = f", 1, 10, "the name of something that can be called"),
    ("define f(x: Nat, x: Nat) -> Nat = x", 1, 18, "`x` already stands for something"),
    ("define f(v: Vector[det]) -> Nat = 1", 1, 20, "the name of something that can be called"),
    ("define f(x: Nat) -> Vector[n] = vector(1 for i in range(x))", 1, 28, "must stand bare in some parameter's type"),
    ("define f(A: Matrix[n - 1, n + 1]) -> Nat = 1", 1, 20, "must stand bare in some parameter's type"),
    ("define f(x: Scalar, v: Vector[x]) -> Nat = 1", 1, 31, "a size must be Nat, found Scalar"),
    ("define f(n: Nat, v: Vector[sum(i for i in range(n))]) -> Nat = 1", 1, 28, "is arithmetic over names"),
    ("define f(x: Nat) -> Scalar = x", 1, 30, "the term of `f` must be Scalar, found Nat; write `scalar(x)`"),
    ("claim (x: Nat) x == x", 1, 16, "expected `:` or `where`"),
    ("claim (x: Nat) where x: x == x", 1, 22, "the hypothesis must be Bool"),
    ("claim over complexes (x: Scalar): x < x", 1, 37, "claim it `over reals`"),
    ("claim over reals (f: Fn[Scalar, Nat], g: Fn[Scalar, Nat]): f == g", 1, 62, "has a meaning in finite models only"),
    ("claim over rings (x: Scalar): x == x", 1, 12, "expected `fields`, `reals` or `complexes`"),
    ("claim (x: Nat): x <= x\nclaim (x: Nat): x >= x", 2, 1, "state one at a time"),
    ("claim (x: Nat): x <= x\n  and x >= x", 2, 1, "goes on over a line's end only while a bracket is open"),
    ("claim (x: Nat):\n  x \N{LESS-THAN OR EQUAL TO} x", 2, 5, "write `<=`"),
    ("claim (x: Nat):\n  (x <= x", 2, 3, "never closed"),
    ("claim (x: Nat):\n  x <= x)", 2, 9, "closes nothing"),
    ("claim (x: Nat):\n  [x) == x", 2, 5, "expected `]`"),
]


@pytest.mark.parametrize(("source", "line", "column", "message"), STATEMENTS)
def test_slips_in_statements(source: str, line: int, column: int, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_statement(source, SCOPE)
    assert message in caught.value.message
    assert (caught.value.line, caught.value.column) == (line, column), caught.value


def test_suggestions_come_from_the_scope_only() -> None:
    with pytest.raises(NotationError) as caught:
        read_statement("claim (A: Matrix[n, n]): trce(A) == 0", Scope(SCALARS))
    assert "trace" not in caught.value.message


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("claim (x: Scalar): x == x", "no scalars, and so no type `Scalar`"),
        ("claim (v: Vector[n]): v == v", "its types are Element, Nat, Bool, List[T]"),
        ("claim (x: Nat): scalar(x) == scalar(x)", "no `scalar`"),
        ("claim (x: Nat): vector(x for i in range(x)) == x", "no `vector`"),
        ("claim (x: Nat): x / 2 == x", "this task has none"),
        ("claim (x: Nat): -x == x", "no scalars"),
        ("claim (x: Element): x + x == x", "only the operations of the task"),
        ("claim (x: Element): x == 0", "`==` compares two terms of one type, found Element and Nat"),
        ("claim (x: Element): Element == x", "`Element` is a type; a generator ranges over it"),
        ("claim (Element: Nat): Element == 1", "is a type of this task"),
        ("define star(x: Element) -> Element = x", "is an operation of this task"),
        ("define Element(x: Element) -> Element = x", "is a type of this task"),
        ("claim (x: Element): sta(x, x) == x", "did you mean `star`?"),
        ("claim (x: Element): star == x", "must be called: `star(x0, x1)`"),
    ],
)
def test_a_task_without_scalars_says_so(source: str, message: str) -> None:
    with pytest.raises(NotationError) as caught:
        read_statement(source, Scope(ALIEN))
    assert message in caught.value.message


def test_the_other_readers_raise_alike() -> None:
    with pytest.raises(NotationError, match="this term must be Nat, found Bool"):
        read_term("True", SCOPE, expected=read_type("Nat", SCALARS))
    with pytest.raises(NotationError, match="unknown size `k`"):
        read_type("Vector[k]", SCALARS, ("n",))
    with pytest.raises(NotationError, match="unknown type"):
        read_parameters("x: Real", SCALARS)

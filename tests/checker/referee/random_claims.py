"""Random claims. Each is a function of a seed and a number; about half of them are true.

A true claim is built by changing both sides of an equation in steps that keep the value (reordering, expanding,
reversing sums, transposing). A false claim gets one more step, which changes the value. `built` records which of the
two a claim is, so that verdicts can be compared with it; it is `free` if the truth is unknown. Two in three claims are
very small.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from relay.errors import NotationError
from relay.notation import Scope, read_statement, split_statements
from relay.notation.syntax import Claim, Definition
from relay.records.task import Given
from tests.evaluation import random_terms
from tests.evaluation.library import SOURCE

GIVEN = Given(scalars=True)

TRUE, CHANGED, FREE = "true", "changed", "free"
"""Values of `built`: true by construction, changed so that it is most likely false, unknown."""

Tree = tuple[Any, ...]
"""A term before printing: an operation and its operands. `("name", text)` is printed as `text`."""

PRIMES = (2, 3, 5, 7, 13, 101, 257, 10007, 65537, 999983)
"""Characteristics that a checker may or may not try."""


@dataclass(frozen=True)
class RandomClaim:
    """A claim as text, with the definitions that it calls, and with the truth that it was built for."""

    source: str
    built: str


@dataclass(frozen=True)
class ReadClaim:
    """A random claim after parsing."""

    source: str
    built: str
    claim: Claim
    definitions: dict[str, Definition]


def read(made: RandomClaim) -> ReadClaim:
    """Parse a random claim. Raises `NotationError`."""
    scope, known = Scope(GIVEN), {}
    *helpers, last = split_statements(made.source)
    for located in helpers:
        definition = read_statement(located.source, scope)
        assert isinstance(definition, Definition)
        scope, known[definition.key] = scope.adding(definition), definition
    claim = read_statement(last.source, scope)
    assert isinstance(claim, Claim)
    return ReadClaim(made.source, made.built, claim, known)


def random_claim(seed: int, number: int) -> ReadClaim:
    """Return the claim of that number. Ill-typed claims are drawn again."""
    random = Random(f"{seed}:{number}")
    while True:
        maker = random.choices([maker for maker, _ in MAKERS], [weight for _, weight in MAKERS])[0]
        try:
            return read(maker(random))
        except NotationError:
            continue


# --- terms as text ---------------------------------------------------------------------------------------------------


def text(tree: Tree) -> str:
    """Return a tree in the notation, with brackets around every operation."""
    op, *args = tree
    if op in ("name", "num"):
        return str(args[0])
    if op == "neg":
        return f"(-{text(args[0])})"
    if op in ("sum", "prod"):
        name, bound, body = args
        return f"{op}({text(body)} for {name} in range({bound}))"
    if op == "at":
        return f"{text(args[0])}[{', '.join(args[1:])}]" if args[0][0] == "name" else f"({text(args[0])})[{args[1]}]"
    if op == "if":
        return f"({text(args[1])} if {args[0]} else {text(args[2])})"
    if op in ("+", "-", "*", "/"):
        return f"({text(args[0])} {op} {text(args[1])})"
    if op == "**":
        return f"({text(args[0])} ** {args[1]})"
    return f"{op}({', '.join(text(arg) for arg in args)})"


def name(word: str) -> Tree:
    return ("name", word)


def parts(tree: Tree) -> list[int]:
    """Return the places of a tree's subtrees."""
    return [k for k, arg in enumerate(tree) if isinstance(arg, tuple)]


Rule = Callable[[Tree, Random], "Tree | None"]


def somewhere(tree: Tree, random: Random, rules: Sequence[Rule]) -> Tree | None:
    """Return the tree with a random rule used at a random place; None if no rule fits in 12 attempts."""
    for _ in range(12):
        changed = _at_random_place(tree, random, random.choice(rules))
        if changed is not None and changed != tree:
            return changed
    return None


def _at_random_place(tree: Tree, random: Random, rule: Rule) -> Tree | None:
    inner = parts(tree)
    if inner and random.random() < 0.65:
        k = random.choice(inner)
        changed = _at_random_place(tree[k], random, rule)
        return None if changed is None else (*tree[:k], changed, *tree[k + 1 :])
    return rule(tree, random)


def rewritten(tree: Tree, random: Random, rules: Sequence[Rule], steps: int) -> Tree:
    """Return the tree after the given number of steps that keep the value."""
    for _ in range(steps):
        changed = somewhere(tree, random, rules)
        if changed is not None and len(text(changed)) < 400:
            tree = changed
    return tree


# --- scalars: steps that change no value -----------------------------------------------------------------------------


def _commute(t: Tree, random: Random) -> Tree | None:
    return (t[0], t[2], t[1]) if t[0] in ("+", "*") else None


def _associate(t: Tree, random: Random) -> Tree | None:
    if t[0] in ("+", "*") and t[1][0] == t[0]:
        return (t[0], t[1][1], (t[0], t[1][2], t[2]))
    if t[0] in ("+", "*") and t[2][0] == t[0]:
        return (t[0], (t[0], t[1], t[2][1]), t[2][2])
    return None


def _distribute(t: Tree, random: Random) -> Tree | None:
    if t[0] == "*" and t[2][0] in ("+", "-"):
        return (t[2][0], ("*", t[1], t[2][1]), ("*", t[1], t[2][2]))
    if t[0] == "*" and t[1][0] in ("+", "-"):
        return (t[1][0], ("*", t[1][1], t[2]), ("*", t[1][2], t[2]))
    return None


def _collect(t: Tree, random: Random) -> Tree | None:
    if t[0] in ("+", "-") and t[1][0] == t[2][0] == "*":
        if t[1][1] == t[2][1]:
            return ("*", t[1][1], (t[0], t[1][2], t[2][2]))
        if t[1][2] == t[2][2]:
            return ("*", (t[0], t[1][1], t[2][1]), t[1][2])
    return None


def _signs(t: Tree, random: Random) -> Tree | None:
    if t[0] == "-":
        return random.choice([("+", t[1], ("neg", t[2])), ("neg", ("-", t[2], t[1]))])
    if t[0] == "neg":
        return t[1][1] if t[1][0] == "neg" else ("-", ("num", 0), t[1])
    return None


def _powers(t: Tree, random: Random) -> Tree | None:
    if t[0] == "**" and isinstance(t[2], int):
        if t[2] == 0:
            return ("num", 1)
        return t[1] if t[2] == 1 else ("*", t[1], ("**", t[1], t[2] - 1))
    if t[0] == "*" and t[1] == t[2]:
        return ("**", t[1], 2)
    return None


def _numbers(t: Tree, random: Random) -> Tree | None:
    if t[0] == "num" and t[1] > 1:
        k = random.randrange(1, min(t[1], 9))
        return ("+", ("num", t[1] - k), ("num", k))
    if t[0] == "+" and t[1] == t[2]:
        return ("*", ("num", 2), t[1])
    return None


def _nothing(t: Tree, random: Random) -> Tree | None:
    if t[0] not in SCALARS:
        return None
    return random.choice([("+", t, ("num", 0)), ("*", ("num", 1), t), ("neg", ("neg", t)), ("**", t, 1)])


def _conjugates(t: Tree, random: Random) -> Tree | None:
    if t[0] == "conj":
        inner = t[1]
        if inner[0] == "conj":
            return inner[1]
        if inner[0] in ("+", "-", "*", "/"):
            return (inner[0], ("conj", inner[1]), ("conj", inner[2]))
        if inner[0] == "num":
            return inner
        if inner[0] in ("sum", "prod"):
            return (inner[0], inner[1], inner[2], ("conj", inner[3]))
        if inner[0] == "**":
            return ("**", ("conj", inner[1]), inner[2])
    return None


def _sums(t: Tree, random: Random) -> Tree | None:
    if t[0] == "+" and t[1][0] == t[2][0] == "sum" and t[1][1:3] == t[2][1:3]:
        return ("sum", t[1][1], t[1][2], ("+", t[1][3], t[2][3]))
    if t[0] != "sum":
        return None
    variable, bound, body = t[1:]
    form = random.randrange(4)
    if form == 0 and body[0] in ("+", "-"):
        return (body[0], ("sum", variable, bound, body[1]), ("sum", variable, bound, body[2]))
    if form == 1 and body[0] == "*" and variable not in words(body[1]):
        return ("*", body[1], ("sum", variable, bound, body[2]))
    if form == 2 and body[0] == "sum" and body[2] != variable:
        return ("sum", body[1], body[2], ("sum", variable, bound, body[3]))
    if form == 3:  # reverse the order of summation
        return ("sum", variable, bound, with_index(body, variable, f"{bound} - 1 - {variable}"))
    return None


def _quotients(t: Tree, random: Random) -> Tree | None:
    if t[0] == "/":
        if t[1][0] in ("+", "-"):
            return (t[1][0], ("/", t[1][1], t[2]), ("/", t[1][2], t[2]))
        return ("*", t[1], ("/", ("num", 1), t[2]))
    return None


def words(tree: Tree) -> set[str]:
    """Return every word of a tree's text."""
    return _words(text(tree))


def with_index(tree: Tree, variable: str, index: str) -> Tree:
    """Return a tree with an index variable replaced."""
    if tree[0] == "at":
        return (*tree[:2], *(index if place == variable else place for place in tree[2:]))
    return tuple(with_index(arg, variable, index) if isinstance(arg, tuple) else arg for arg in tree)


SCALARS = frozenset(("+", "-", "*", "/", "neg", "**", "num", "at", "sum", "conj", "x", "trace", "dot"))
SCALAR_RULES: tuple[Rule, ...] = (
    _commute, _associate, _distribute, _collect, _signs, _powers, _numbers, _nothing, _conjugates, _sums, _quotients,
)  # fmt: skip


# --- steps that do change it -----------------------------------------------------------------------------------------


def _other_operation(t: Tree, random: Random) -> Tree | None:
    return (random.choice([o for o in "+-*" if o != t[0]]), t[1], t[2]) if t[0] in ("+", "-", "*") else None


def _dropped(t: Tree, random: Random) -> Tree | None:
    if t[0] in ("neg", "conj", "transpose", "adjoint"):
        return t[1]
    return t[random.choice((1, 2))] if t[0] in ("+", "-", "*", "/", "mul", "add") else None


def _other_number(t: Tree, random: Random) -> Tree | None:
    if t[0] == "num":
        return ("num", random.choice([t[1] + 1, t[1] + random.choice(PRIMES), max(t[1] - 1, 0)]))
    return ("**", t[1], t[2] + random.choice((1, 1, 2, 6))) if t[0] == "**" and isinstance(t[2], int) else None


def _swapped(t: Tree, random: Random) -> Tree | None:
    if t[0] == "mul":
        return ("mul", t[2], t[1])
    return (t[0], t[2], t[1]) if t[0] in ("-", "/") else None


def _small_change(t: Tree, random: Random) -> Tree | None:
    """Add a term that is zero in many fields, or at most sizes."""
    if t[0] not in SCALARS:
        return None
    extra = random.choice(
        [("num", random.choice(PRIMES)), ("-", ("**", t, random.choice((2, 3, 4, 7, 9))), t), ("-", ("conj", t), t)]
    )
    return ("+", t, extra)


CHANGES: tuple[Rule, ...] = (_other_operation, _dropped, _other_number, _swapped, _small_change)


def sides(tree: Tree, random: Random, rules: Sequence[Rule], steps: int) -> tuple[Tree, Tree, str]:
    """Return two terms: half of the time equal ones, otherwise ones that most likely differ."""
    left, right = (rewritten(tree, random, rules, random.randrange(steps + 1)) for _ in range(2))
    if random.random() < 0.5:
        return left, right, TRUE
    changed = somewhere(right, random, CHANGES)
    return (left, right, TRUE) if changed is None else (left, changed, CHANGED)


def equation(
    random: Random, parameters: str, left: Tree, right: Tree, built: str, hypothesis: str = "", result: str = "Scalar"
) -> RandomClaim:
    """Return an equation between both sides, most often with definitions: without any, a true claim is trivial."""
    names = ", ".join(part.split(": ")[0] for part in parameters.split(", "))
    spelt, named = [text(left), text(right)], random.choice(((), (0,), (0,), (0,), (1,), (0, 1), (0, 1)))
    definitions = ""
    for side in named:
        definitions += f"define {'fg'[side]}({parameters}) -> {result} = {spelt[side]}\n"
        spelt[side] = f"{'fg'[side]}({names})"
    return claim(parameters, f"{spelt[0]} == {spelt[1]}", built, hypothesis, definitions)


def _predicate(random: Random, parameters: str, body: str, built: str, hypothesis: str = "") -> RandomClaim:
    """Return a claim that a condition holds, most often through a definition."""
    if random.random() < 0.3:
        return claim(parameters, body, built, hypothesis)
    names = ", ".join(part.split(": ")[0] for part in parameters.split(", "))
    return claim(parameters, f"p({names})", built, hypothesis, f"define p({parameters}) -> Bool = {body}\n")


def claim(parameters: str, body: str, built: str, hypothesis: str = "", definitions: str = "") -> RandomClaim:
    where = f" where {hypothesis}" if hypothesis else ""
    return RandomClaim(f"{definitions}claim ({parameters}){where}: {body}", built)


# --- claims about scalars --------------------------------------------------------------------------------------------

X, Y, Z = name("x"), name("y"), name("z")


def scalar_tree(random: Random, depth: int, leaves: Sequence[Tree], division: bool = False) -> Tree:
    """Return a random term over leaves."""
    if depth == 0 or random.random() < 0.15:
        if random.random() < 0.15:
            return ("num", random.choice((0, 1, 2, 3, 4, 6, *PRIMES)))
        return random.choice(leaves)
    form = random.randrange(12)
    if form == 0:
        return ("neg", scalar_tree(random, depth - 1, leaves, division))
    if form == 1:
        return ("conj", scalar_tree(random, depth - 1, leaves, division))
    if form == 2:
        return ("**", scalar_tree(random, depth - 1, leaves, division), random.choice((0, 1, 2, 2, 3)))
    if form == 3 and division:
        return ("/", scalar_tree(random, depth - 1, leaves), scalar_tree(random, depth - 1, leaves))
    op = random.choice("++-**")
    return (op, scalar_tree(random, depth - 1, leaves, division), scalar_tree(random, depth - 1, leaves, division))


def tiny(random: Random) -> RandomClaim:
    """Polynomials in one to three scalars."""
    leaves = (X, Y, Z)[: random.choice((1, 1, 2, 2, 3))]
    tree = scalar_tree(random, random.choice((1, 2, 2, 3)), leaves)
    left, right, built = sides(tree, random, SCALAR_RULES, 4)
    return equation(random, _scalars(leaves), left, right, built)


def _scalars(leaves: Sequence[Tree]) -> str:
    return ", ".join(f"{leaf[1]}: Scalar" for leaf in leaves)


CONDITIONS = (
    "x != 0", "y != 0", "x != y", "x == y", "x == 0", "x * y == 0", "x * x == x", "x ** 2 == 1", "x + y == 0",
    "x * x == y * y", "conj(x) == x", "x * conj(x) == 1", "scalar(2) != 0", "scalar(2) == 0", "scalar(3) == 0",
    "x ** 3 == x", "scalar(6) != 0 and x != y", "x == 1 or y == 1", "not x == y", "implies(x == 0, y == 0)",
    "x != x", "x * x + 1 == 0", "x * y == 1", "scalar(5) == 0 and x != 0", "2 * x == 0", "x / y == 1", "x ** 2 == 2",
    "conj(x) == -x", "x != 0 and y != 0", "1 / x == y", "x != 0 and x != 1", "x ** 4 == x", "x == y and x != y",
)  # fmt: skip


def conditional(random: Random) -> RandomClaim:
    """Polynomial equations with a hypothesis, which may or may not be needed."""
    tree = scalar_tree(random, random.choice((1, 2, 2)), (X, Y), random.random() < 0.5)
    left, right, built = sides(tree, random, SCALAR_RULES, 3)
    hypothesis = random.choice(CONDITIONS)
    if random.random() < 0.4:
        hypothesis = f"({hypothesis}) and ({random.choice(CONDITIONS)})"
    known = built if built == CHANGED or "/" not in text(left) + text(right) else FREE
    return equation(random, "x: Scalar, y: Scalar", left, right, known, hypothesis)


def logical(random: Random) -> RandomClaim:
    """A random condition as hypothesis and another as claim, which may or may not follow from it."""
    hypothesis, body = random.choice(CONDITIONS), random.choice(CONDITIONS)
    if random.random() < 0.5:
        body = f"({body}) {random.choice(('and', 'or'))} ({random.choice(CONDITIONS)})"
    if random.random() < 0.3:
        return _predicate(random, "x: Scalar, y: Scalar", f"implies({hypothesis}, {body})", FREE)
    return _predicate(random, "x: Scalar, y: Scalar", body, FREE, hypothesis)


def quotient(random: Random) -> RandomClaim:
    """Rational functions, with and without a hypothesis that excludes their poles."""
    tree = ("/", scalar_tree(random, 1, (X, Y)), scalar_tree(random, random.choice((0, 1)), (X, Y)))
    if random.random() < 0.3:
        tree = (random.choice("+-*"), tree, scalar_tree(random, 1, (X, Y), True))
    if random.random() < 0.3:
        factor = random.choice((X, Y, ("-", X, Y), ("num", 2), ("num", 6)))
        tree = ("/", ("*", tree[1], factor), ("*", tree[2], factor)) if tree[0] == "/" else tree
    left, right, built = sides(tree, random, SCALAR_RULES, 3)
    denominators = sorted({text(t[2]) for t in _all(left) + _all(right) if t[0] == "/"})
    kept = [d for d in denominators if random.random() < 0.9] if random.random() < 0.7 else []
    known = built if kept == denominators or built != TRUE else FREE
    hypothesis = " and ".join(f"{d} != scalar(0)" for d in kept)
    return equation(random, "x: Scalar, y: Scalar", left, right, known, hypothesis)


def _all(tree: Tree) -> list[Tree]:
    return [tree, *(inner for k in parts(tree) for inner in _all(tree[k]))]


def powers(random: Random) -> RandomClaim:
    """Laws that hold in small fields only, and laws that depend on the divisors of a number."""
    q = random.choice((2, 3, 4, 5, 7, 8, 9, 11, 13, 16, 17, 25, 27, 31, 49, 61, 64, 81, 101, 121, 841))
    form = random.randrange(8)
    prime = random.choice(PRIMES)
    if form == 0:
        return claim("x: Scalar", f"x ** {q} == x", CHANGED)
    if form == 1:
        return claim("x: Scalar", f"x ** {q} == x", FREE, f"scalar({random.choice((2, 3, 5, 7, 11))}) == 0")
    if form == 2:
        return claim("x: Scalar, y: Scalar", f"(x + y) ** {q} == x ** {q} + y ** {q}", FREE, f"scalar({q}) == 0")
    if form == 3:
        return claim("x: Scalar, y: Scalar", "x == y", CHANGED, f"{prime} * x == {prime} * y")
    if form == 4:
        return claim("x: Scalar, y: Scalar", f"x + {prime} * y == x", CHANGED)
    if form == 5:
        return claim("x: Scalar", f"{prime} * x == {prime - 1} * x + x", TRUE)
    if form == 6:
        factors = " * ".join(f"(x - {k})" if k else "x" for k in range(random.choice((2, 3, 4))))
        return claim("x: Scalar", f"{factors} == 0", CHANGED)
    return claim("x: Scalar", f"conj(x) {random.choice(('== x', f'** {q} == x', f'== x ** {q}'))}", FREE)


# --- naturals and sizes ----------------------------------------------------------------------------------------------


def natural_tree(random: Random, depth: int) -> Tree:
    if depth == 0 or random.random() < 0.2:
        return random.choice((name("k"), name("m"), ("num", random.choice((1, 2, 3, 5)))))
    op = random.choice("++**")
    return (op, natural_tree(random, depth - 1), natural_tree(random, depth - 1))


NATURAL_RULES: tuple[Rule, ...] = (_commute, _associate, _distribute, _numbers)
NATURAL_TRUTHS = (
    "2 * sum(i for i in range(k)) + k == k * k", "k // 2 * 2 + k % 2 == k",
    "sum(2 * i + 1 for i in range(k)) == k ** 2",
    "count(i < m for i in range(k + m)) == m", "sum(1 for i in range(k) for j in range(m)) == k * m",
    "count(i == j for i in range(k) for j in range(k)) == k", "k <= m or m <= k", "implies(k < m, k + 1 <= m)",
    "sum(1 for s in subsets(k, 1)) == k", "(k + m) - m == k", "k * (k + 1) % 2 == 0", "(k if k < m else m) <= k",
    "k % 3 < 3", "prod(2 for i in range(k)) == 2 ** k", "max(i for i in range(k + 1)) == k",
    "all(i * i <= k * k for i in range(k))", "k ** m * k == k ** (m + 1)", "len([i for i in range(k)]) == k",
)  # fmt: skip


def naturals(random: Random) -> RandomClaim:
    """Claims about naturals."""
    if random.random() < 0.5:
        truth = random.choice(NATURAL_TRUTHS)
        if random.random() < 0.5:
            return _predicate(random, "k: Nat, m: Nat", truth, TRUE)
        old = random.choice([c for c in truth if c in "+*%<12km"])
        new = {"+": "*", "*": "+", "%": "//", "<": ">=", "1": "2", "2": "3", "k": "m", "m": "k"}[old]
        return _predicate(random, "k: Nat, m: Nat", truth.replace(old, new, 1), FREE)
    left, right, built = sides(natural_tree(random, 2), random, NATURAL_RULES, 4)
    known = built if "-" not in text(right) else FREE
    return equation(random, "k: Nat, m: Nat", left, right, known, result="Nat")


SIZE_TRAPS = (
    "(0 if n == {c} else {t})", "({t} if n < {c} else {t} + 1)", "({t} if n % {c} == 0 else {t})",
    "({t} if n != {c} else 2 * {t})", "({t} if n // {c} == 0 else 0)", "({t} if n >= {c} else {t} + 0)",
)  # fmt: skip


def sized(random: Random) -> RandomClaim:
    """Claims whose truth depends on a size."""
    term = random.choice(("sum(v[i] for i in range(n))", "v[0]", "v[n - 1]", "v[0] * v[n - 1]"))
    trap = random.choice(SIZE_TRAPS).format(c=random.choice((1, 2, 3, 4, 5, 7)), t=term)
    return _predicate(random, "v: Vector[n]", f"{term} == {trap}", FREE, random.choice(("", "", "n > 1", "n != 3")))


# --- vectors, without a definition -----------------------------------------------------------------------------------


def vectors(random: Random) -> RandomClaim:
    """Sums over entries."""

    def leaf(index: str) -> Tree:
        return random.choice((("at", name("u"), index), ("at", name("v"), index), X))

    def body() -> Tree:
        return scalar_tree(random, random.choice((1, 1, 2)), (leaf("i"), leaf("i")))

    tree = ("sum", "i", "n", body())
    if random.random() < 0.3:
        tree = ("sum", "i", "n", ("sum", "j", "n", ("*", body(), leaf("j"))))
    if random.random() < 0.4:
        tree = (random.choice("+-*"), tree, ("sum", "i", "n", body()))
    left, right, built = sides(tree, random, SCALAR_RULES, 4)
    return equation(random, "u: Vector[n], v: Vector[n], x: Scalar", left, right, built)


# --- matrices --------------------------------------------------------------------------------------------------------

DEFINITIONS: dict[str, tuple[str, ...]] = {
    "mul": (
        "define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =\n"
        "    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))",
        "define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =\n"
        "    matrix(sum(B[m - 1 - k, j] * A[i, m - 1 - k] for k in range(m)) for i in range(l) for j in range(n))",
    ),
    "add": (
        "define add(A: Matrix[m, n], B: Matrix[m, n]) -> Matrix[m, n] =\n"
        "    matrix(A[i, j] + B[i, j] for i in range(m) for j in range(n))",
        "define add(A: Matrix[m, n], B: Matrix[m, n]) -> Matrix[m, n] =\n"
        "    matrix(B[p, q] - (-A[p, q]) for p in range(m) for q in range(n))",
    ),
    "scale": (
        "define scale(s: Scalar, A: Matrix[m, n]) -> Matrix[m, n] =\n"
        "    matrix(s * A[i, j] for i in range(m) for j in range(n))",
    ),
    "transpose": (
        "define transpose(A: Matrix[m, n]) -> Matrix[n, m] = matrix(A[j, i] for i in range(n) for j in range(m))",
    ),
    "adjoint": (
        "define adjoint(A: Matrix[m, n]) -> Matrix[n, m] = matrix(conj(A[j, i]) for i in range(n) for j in range(m))",
    ),
    "trace": (
        "define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))",
        "define trace(A: Matrix[n, n]) -> Scalar = 0 if n == 0 else A[n - 1, n - 1] + trace(\n"
        "    matrix(A[i, j] for i in range(n - 1) for j in range(n - 1)))",
        "define trace(A: Matrix[n, n]) -> Scalar =\n"
        "    sum((A[i, j] if i == j else 0) for i in range(n) for j in range(n))",
    ),
    "det": (
        "define det(A: Matrix[n, n]) -> Scalar = 1 if n == 0 else sum((-1) ** j * A[0, j] * det(\n"
        "    matrix(A[i + 1, k if k < j else k + 1] for i in range(n - 1) for k in range(n - 1))) for j in range(n))",
        "define det(A: Matrix[n, n]) -> Scalar = sum((-1) ** count(p[i] > p[j] for j in range(n) for i in range(j))\n"
        "    * prod(A[i, p[i]] for i in range(n)) for p in permutations(n))",
    ),
    "identity": (
        "define identity(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))",
    ),
    "dot": (
        "define dot(u: Vector[n], v: Vector[n]) -> Scalar = sum(u[i] * v[i] for i in range(n))",
        "define dot(u: Vector[n], v: Vector[n]) -> Scalar = sum(u[n - 1 - i] * v[n - 1 - i] for i in range(n))",
    ),
    "apply": (
        "define apply(A: Matrix[m, n], v: Vector[n]) -> Vector[m] =\n"
        "    vector(sum(A[i, k] * v[k] for k in range(n)) for i in range(m))",
    ),
    "vadd": ("define vadd(u: Vector[n], v: Vector[n]) -> Vector[n] = vector(u[i] + v[i] for i in range(n))",),
    "symmetric": (
        "define symmetric(A: Matrix[n, n]) -> Bool = all(A[i, j] == A[j, i] for i in range(n) for j in range(n))",
        "define symmetric(A: Matrix[n, n]) -> Bool = A == matrix(A[j, i] for i in range(n) for j in range(n))",
    ),
    "zero": ("define zero(v: Vector[n]) -> Bool = all(v[i] == 0 for i in range(n))",),
}
"""Name -> one or more definitions of it, which have the same meaning."""
CORRUPTIONS = (
    ("range(n))", "range(n - 1))"), ("+", "-"), ("-1", "1"), ("A[j, i]", "A[i, j]"), ("conj(A[j, i])", "A[j, i]"),
    ("* B[k, j]", "* B[j, k]"), ("s *", "s * s *"), ("1 if", "2 if"), ("== 0", "!= 0"), ("i == j", "i <= j"),
)  # fmt: skip


def definitions_for(body: str, random: Random) -> tuple[str, bool]:
    """Return definitions of all names that a text calls, and whether one was corrupted."""
    found, corrupted = [], False
    for word, spellings in sorted(DEFINITIONS.items()):
        if f"{word}(" not in body:
            continue
        source = random.choice(spellings)
        if random.random() < 0.06:
            old, new = random.choice(CORRUPTIONS)
            corrupted = corrupted or old in source
            source = source.replace(old, new, 1)
        found.append(source + "\n")
    return "".join(found), corrupted


A, B, C, U, V, S = (name(word) for word in "ABCuvs")


def matrix_tree(random: Random, depth: int) -> Tree:
    """Return a random term for a square matrix."""
    if depth == 0 or random.random() < 0.2:
        return random.choice((A, A, B, B, C, ("identity", name("n"))))
    form = random.randrange(8)
    if form < 3:
        return ("mul", matrix_tree(random, depth - 1), matrix_tree(random, depth - 1))
    if form < 5:
        return ("add", matrix_tree(random, depth - 1), matrix_tree(random, depth - 1))
    if form == 5:
        return ("scale", S, matrix_tree(random, depth - 1))
    return (random.choice(("transpose", "transpose", "adjoint")), matrix_tree(random, depth - 1))


def _matrix_products(t: Tree, random: Random) -> Tree | None:
    if t[0] == "mul":
        left, right = t[1:]
        if left[0] == "mul":
            return ("mul", left[1], ("mul", left[2], right))
        if right[0] == "mul":
            return ("mul", ("mul", left, right[1]), right[2])
        if left[0] == "add":
            return ("add", ("mul", left[1], right), ("mul", left[2], right))
        if right[0] == "add":
            return ("add", ("mul", left, right[1]), ("mul", left, right[2]))
        if left[0] == "scale":
            return ("scale", left[1], ("mul", left[2], right))
        if right[0] == "scale":
            return ("scale", right[1], ("mul", left, right[2]))
        if left[0] == "identity":
            return right
    return None


def _matrix_sums(t: Tree, random: Random) -> Tree | None:
    if t[0] == "add":
        if t[1][0] == "add" and random.random() < 0.5:
            return ("add", t[1][1], ("add", t[1][2], t[2]))
        return ("add", t[2], t[1])
    if t[0] == "scale" and t[2][0] == "add":
        return ("add", ("scale", t[1], t[2][1]), ("scale", t[1], t[2][2]))
    return None


def _turned(t: Tree, random: Random) -> Tree | None:
    if t[0] not in ("transpose", "adjoint"):
        return None
    inner = t[1]
    if inner[0] == t[0]:
        return inner[1]
    if inner[0] == "mul":
        return ("mul", (t[0], inner[2]), (t[0], inner[1]))
    if inner[0] == "add":
        return ("add", (t[0], inner[1]), (t[0], inner[2]))
    if inner[0] == "scale":
        return ("scale", inner[1] if t[0] == "transpose" else ("conj", inner[1]), (t[0], inner[2]))
    return inner if inner[0] == "identity" else None


def _matrix_nothing(t: Tree, random: Random) -> Tree | None:
    if t[0] in ("mul", "add", "scale", "transpose") or t in (A, B, C):
        return random.choice(
            [("transpose", ("transpose", t)), ("mul", t, ("identity", name("n"))), ("scale", ("num", 1), t)]
        )
    return None


def _traces(t: Tree, random: Random) -> Tree | None:
    if t[0] == "trace":
        inner = t[1]
        if inner[0] == "mul":
            return ("trace", ("mul", inner[2], inner[1]))
        if inner[0] == "add":
            return ("+", ("trace", inner[1]), ("trace", inner[2]))
        if inner[0] == "scale":
            return ("*", inner[1], ("trace", inner[2]))
        if inner[0] == "adjoint":
            return ("conj", ("trace", inner[1]))
        return ("trace", inner[1] if inner[0] == "transpose" else ("transpose", inner))
    if t[0] == "det" and t[1][0] == "mul":
        return ("*", ("det", t[1][1]), ("det", t[1][2]))
    if t[0] == "det":
        return ("det", t[1][1] if t[1][0] == "transpose" else ("transpose", t[1]))
    if t[0] == "dot":
        if t[1][0] == "apply":
            return ("dot", t[1][2], ("apply", ("transpose", t[1][1]), t[2]))
        return ("dot", t[2], t[1])
    if t[0] == "apply" and t[1][0] == "mul":
        return ("apply", t[1][1], ("apply", t[1][2], t[2]))
    if t[0] == "apply" and t[2][0] == "vadd":
        return ("vadd", ("apply", t[1], t[2][1]), ("apply", t[1], t[2][2]))
    return ("vadd", t[2], t[1]) if t[0] == "vadd" else None


MATRIX_RULES: tuple[Rule, ...] = (_matrix_products, _matrix_sums, _turned, _matrix_nothing, _traces)


def matrices(random: Random) -> RandomClaim:
    """Laws of the algebra of matrices, with definitions in random spellings, of which some are corrupted."""
    depth = random.choice((1, 1, 2, 2))
    form = random.randrange(8)
    tree = matrix_tree(random, depth)
    if form == 0:
        tree = ("trace", tree)
    elif form == 1:
        tree = ("det", matrix_tree(random, 1))
    elif form == 2:
        tree = ("dot", ("apply", tree, U), V)
    elif form == 3:
        tree = ("apply", tree, random.choice((V, ("vadd", U, V))))
    left, right, built = sides(tree, random, MATRIX_RULES, 3)
    body = f"{text(left)} == {text(right)}"
    hypothesis = random.choice(HYPOTHESES) if random.random() < 0.3 else ""
    definitions, corrupted = definitions_for(body + hypothesis, random)
    used = words(left) | words(right) | _words(hypothesis)
    types = {"A": "Matrix[n, n]", "B": "Matrix[n, n]", "C": "Matrix[n, n]", "s": "Scalar"} | {
        "u": "Vector[n]",
        "v": "Vector[n]",
    }
    chosen = [word for word in types if word in used]
    if not any(word in "ABCuv" for word in chosen):
        chosen.insert(0, "A")
    parameters = ", ".join(f"{word}: {types[word]}" for word in chosen)
    return claim(parameters, body, FREE if corrupted else built, hypothesis, definitions)


HYPOTHESES = (
    "symmetric(A)", "mul(A, A) == A", "transpose(A) == A", "trace(A) == 0", "n == 2", "n > 1", "zero(v)", "s != 0",
    "det(A) == 0", "det(A) != 0", "mul(A, B) == mul(B, A)", "A == B", "n % 2 == 1", "scale(s, A) == A",
    "trace(A) != trace(A)", "s == 0 or s == 1", "mul(A, A) == identity(n)", "u == v", "dot(u, v) == 0",
)  # fmt: skip


def predicates(random: Random) -> RandomClaim:
    """Implications between conditions on matrices and vectors."""
    hypothesis, body = random.choice(HYPOTHESES), random.choice(HYPOTHESES)
    if random.random() < 0.4:
        body = f"{body} or {random.choice(HYPOTHESES)}"
    definitions, _ = definitions_for(hypothesis + body, random)
    parameters = "A: Matrix[n, n], B: Matrix[n, n], s: Scalar"
    if any(word in hypothesis + body for word in ("u ==", "zero(v)", "dot(")):
        parameters = "A: Matrix[n, n], s: Scalar, u: Vector[n], v: Vector[n]"
        if "B" in hypothesis + body:
            return predicates(random)
    return claim(parameters, body, FREE, hypothesis, definitions)


# --- lists -----------------------------------------------------------------------------------------------------------

LIST_TRUTHS = (
    "len(L + M) == len(L) + len(M)", "sum(x for x in L + M) == sum(x for x in L) + sum(x for x in M)",
    "[x + 0 for x in L] == L", "[L[k] for k in range(len(L))] == L", "(L + M) + L == L + (M + L)",
    "len([x for x in L if x == 0]) == count(x == 0 for x in L)", "prod(x for x in L + M) == prod(x for x in M + L)",
    "sum(x * y for x in L for y in M) == sum(x for x in L) * sum(y for y in M)",
    "[L[len(L) - 1 - k] for k in range(len(L))] == [L[len(L) - 1 - k] for k in range(len(L))] + []",
    "all(any(x == y for y in L) for x in L)", "any(x == 0 for x in L) == (prod(x for x in L) == 0)",
    "implies(L == M, len(L) == len(M))", "sum(conj(x) for x in L) == conj(sum(x for x in L))",
)  # fmt: skip
LIST_CHANGES = (
    ("L + M", "M + L"), ("+ M", "+ L"), ("+ 0", "+ 1"), ("[k]", "[0]"), (" * y", ""), ("any(", "all("),
    ("== 0", "!= 0"),
    ("conj(x) for", "x for"), (" - 1 - k", ""), ("len(M)", "len(L)"), ("== L", "== M"), ("sum", "prod"),
)  # fmt: skip


def lists(random: Random) -> RandomClaim:
    """Claims about lists of scalars."""
    truth = random.choice(LIST_TRUTHS)
    if random.random() < 0.5:
        return _predicate(random, "L: List[Scalar], M: List[Scalar]", truth, TRUE)
    changes = [(old, new) for old, new in LIST_CHANGES if old in truth]
    changed = truth.replace(*random.choice(changes), 1) if changes else truth
    return _predicate(random, "L: List[Scalar], M: List[Scalar]", changed, FREE)


# --- recursive definitions -------------------------------------------------------------------------------------------

RECURSIONS = (
    (
        "define s(v: Vector[n], k: Nat) -> Scalar = {base} if k == 0 else v[k - 1] + s(v, k - 1)\n",
        "v: Vector[n]", ("s(v, n) == sum(v[i] for i in range(n))", "s(v, n - 1) + v[n - 1] == s(v, n)"), "0",
    ),
    (
        "define w(x: Scalar, k: Nat) -> Scalar = {base} if k == 0 else x * w(x, k - 1)\n",
        "x: Scalar, j: Nat, k: Nat",
        ("w(x, k) == x ** k", "w(x, j + k) == w(x, j) * w(x, k)", "w(w(x, j), k) == w(x, j * k)"), "1",
    ),
    (
        "define fact(k: Nat) -> Nat = {base} if k == 0 else k * fact(k - 1)\n", "k: Nat",
        ("fact(k + 1) == (k + 1) * fact(k)", "fact(k) == prod(i + 1 for i in range(k))", "fact(k) >= k"), "1",
    ),
    (
        "define fib(k: Nat) -> Nat = k if k < 2 else fib(k - 1) + fib(k - 2)\n", "k: Nat",
        ("fib(k + 2) == fib(k + 1) + fib(k)",
         "sum(fib(i) for i in range(k + 1)) + 1 == fib(k + 2)", "fib(k) < 2 ** k"), "",
    ),
    (
        "define h(x: Scalar, v: Vector[n], k: Nat) -> Scalar = {base} if k == 0 else h(x, v, k - 1) * x + v[k - 1]\n",
        "x: Scalar, v: Vector[n]", ("h(x, v, n) == sum(v[i] * x ** (n - 1 - i) for i in range(n))",), "0",
    ),
    (
        "define alternating(L: List[Scalar], k: Nat) -> Scalar =\n"
        "    {base} if k == len(L) else L[k] - alternating(L, k + 1)\n",
        "L: List[Scalar]", ("alternating(L, 0) == sum((-1) ** k * L[k] for k in range(len(L)))",), "0",
    ),
)  # fmt: skip


def recursive(random: Random) -> RandomClaim:
    """Recursive definitions, some with another base, or with a step that is wrong at one number."""
    definition, parameters, truths, base = random.choice(RECURSIONS)
    truth, built = random.choice(truths), TRUE
    form = random.randrange(6)
    if form == 0:
        base, built = f"({base or 0} + 1)", FREE
    elif form == 1:
        definition, built = definition.replace("k == 0", f"k == {random.choice((1, 2, 3))}"), FREE
    elif form == 2:
        truth, built = (
            truth.replace(*random.choice((("+", "-"), ("*", "+"), ("k", "(k + 1)"), ("n)", "n - 1)"))), 1),
            FREE,
        )
    elif form == 3:
        left, _, right = truth.partition(" == ")
        size = "n" if "n" in _words(parameters) else "k" if "k" in _words(parameters) else "len(L)"
        if right:
            truth, built = (
                f"{left} == ({right} if {size} != {random.choice((1, 2, 3, 4, 6))} else {right} + 1)",
                CHANGED,
            )
    return claim(parameters, truth, built, "", definition.format(base=base))


# --- types as generators ---------------------------------------------------------------------------------------------

RANGING = (
    "any(y * y == x for y in Scalar)", "all(y * x == x * y for y in Scalar)", "any(y + x == 0 for y in Scalar)",
    "all(y ** 2 == y for y in Scalar)", "any(x * y == 1 for y in Scalar)", "count(y == x for y in Scalar) == 1",
    "implies(x != 0, any(x * y == 1 for y in Scalar))", "all(y ** 4 == y for y in Scalar)",
    "first(y for y in Scalar if y == x) == x", "sum(y for y in Scalar) == 0", "prod(y for y in Scalar) == 0",
    "count(True for y in Scalar) % 2 == 1", "count(y * y == 0 for y in Scalar) == 1", "any(b for b in Bool)",
    "all(any(y * y == z for y in Scalar) for z in Scalar)", "all(conj(conj(y)) == y for y in Scalar)",
    "sum(y ** 2 for y in Scalar) == 0", "any(y * y + y == x for y in Scalar)", "all(c[0] == 0 for c in Vector[1])",
    "all(any(c[i] == x for i in range(2)) for c in Vector[2])", "count(c[0] == x for c in Vector[1]) == 1",
)  # fmt: skip


def ranging(random: Random) -> RandomClaim:
    """Claims that range over a type, which have a value in finite fields only."""
    body = random.choice(RANGING)
    if random.random() < 0.3:
        body = f"{body} {random.choice(('or', 'and'))} {random.choice(RANGING)}"
    hypothesis = random.choice(("", "", "x != 0", "scalar(2) != 0", "scalar(3) == 0", "x * x == x"))
    return _predicate(random, "x: Scalar", body, FREE, hypothesis)


# --- anything --------------------------------------------------------------------------------------------------------

ANYTHING = {
    part.split(": ")[0]: part.split(": ")[1] for part in re.split(r", (?=\w+: )", random_terms.WITHOUT_FUNCTIONS)
}
"""Claims about functions are left out, since only the checker can judge them."""


def anything(random: Random) -> RandomClaim:
    """Random well-typed claims, which are mostly false or undefined."""
    terms = random_terms.Terms(random, ranging=False)
    kind = random.choice((random_terms.SCALAR, random_terms.NAT, random_terms.BOOL))
    if kind == random_terms.BOOL:
        body = terms.term(kind, random.choice((1, 2)), dict(random_terms.KINDS))
    else:
        left, right = (terms.term(kind, random.choice((0, 1, 2)), dict(random_terms.KINDS)) for _ in range(2))
        body = f"({left}) {random.choice(('==', '==', '!='))} ({right})"
    hypothesis = terms.term(random_terms.BOOL, 1, dict(random_terms.KINDS)) if random.random() < 0.2 else ""
    used = _words(body + " " + hypothesis)
    chosen = [word for word in ANYTHING if word in used]
    if any("Fn" in kind and name in used for name, kind in random_terms.KINDS.items()):
        return tiny(random)
    for size, holder in (("m", "w"), ("n", "v")):
        if size in used and not any(re.search(rf"\b{size}\b", ANYTHING[word]) for word in chosen):
            chosen.append(holder)
    if not 0 < len(chosen) <= 3 or len(body) > 300:
        return tiny(random)
    parameters = ", ".join(f"{word}: {ANYTHING[word]}" for word in chosen)
    return claim(parameters, body, FREE, hypothesis, _library(used))


LIBRARY = {located.source.split("(")[0].removeprefix("define "): located.source for located in split_statements(SOURCE)}


def _library(used: set[str]) -> str:
    """Return the definitions of the evaluator's tests that a text calls, directly or not."""
    wanted = {word for word in LIBRARY if word in used}
    wanted |= {word for word in LIBRARY for caller in wanted if word in _words(LIBRARY[caller])}
    return "".join(f"{source}\n" for word, source in LIBRARY.items() if word in wanted)


def _words(source: str) -> set[str]:
    return set("".join(c if c.isalnum() or c == "_" else " " for c in source).split())


MAKERS: tuple[tuple[Callable[[Random], RandomClaim], int], ...] = (
    (tiny, 30), (conditional, 12), (logical, 7), (quotient, 8), (powers, 5), (naturals, 8), (sized, 4), (vectors, 6),
    (matrices, 8), (predicates, 2), (lists, 4), (ranging, 3), (anything, 3), (recursive, 4),
)  # fmt: skip

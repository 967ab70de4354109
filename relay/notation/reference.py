"""The reference page of the notation, `docs/notation.md`, generated from the grammar, the tables and the limits.

    python -m relay.notation.reference > docs/notation.md

A test compares the committed page with the output of this module.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from relay.notation.limits import CHARACTERS, NUMERAL
from relay.notation.raw import NESTING
from relay.notation.scope import RESERVED
from relay.notation.sizes import SIZE_NODES
from relay.notation.tables import grammar

__all__ = ["reference", "summary"]

_OPENING = """\
# The notation

<!-- Made by `python -m relay.notation.reference`; change that module or the grammar, not this page. -->

Researchers write mathematics as *statements*: definitions and claims. Terms are a typed subset of Python's expression
syntax, and nothing in them is ever executed. In free text, statements stand in fences marked `relay`:

    define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))
    claim trace_cyclic (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))

A statement ends with its line, unless a bracket is open or the line ends with `=` or `:`. `#` starts a comment. A line
that begins with `define` or `claim` always begins a new statement.
"""

_TYPES = (
    ("`Nat`, `Bool`", "0, 1, 2, ...; truth values"),
    ("`Scalar`", "elements of the model's field"),
    ("`Vector[n]`, `Matrix[m, n]`", "arrays of scalars, indexed from 0; `n` and `m` are sizes"),
    ("`List[T]`", "finite lists, equal item by item, in order"),
    ("`Element`, ...", "a sort that the task declares"),
    ("`Fn[T, ..., R]`", "functions of one or more arguments, `T, ...`, that give an `R`"),
)

_FORMS = (
    ("`x + y`, `x - y`, `x * y`", "two Nat or two Scalar; on Nat, `x - y` below 0 is undefined"),
    ("`x / y`, `-x`", "Scalar; division by zero is undefined"),
    ("`k // l`, `k % l`", "Nat"),
    ("`x ** k`", "Nat or Scalar, to the power of a Nat; `0 ** 0` is 1; binds tighter than `-x`, to the right"),
    ("`scalar(k)`, `conj(x)`", "a Nat as a Scalar; the involution of the field"),
    ("`a == b`, `a != b`", "two terms of one type, any type"),
    ("`k < l`, `<=`, `>`, `>=`", "Nat; Scalar in definitions and in claims `over reals`"),
    ("`a < b <= c`", "`a < b and b <= c`"),
    ("`a and b`, `a or b`, `not a`, `implies(a, b)`", "Bool, left to right, only as much as is needed"),
    ("`a if c else b`", "`a` or `b`, of one type"),
    ("`A[i, j]`, `v[i]`, `L[k]`", "an entry, a component, an item; outside is undefined"),
    ("`[a, b]`, `[]`, `L + M`, `len(L)`", "lists"),
    ("`[t for ...]`", "the list of the values of `t`"),
    ("`vector(t for i in range(n))`", "a vector; exactly one range, no `if`"),
    ("`matrix(t for i in range(m) for j in range(n))`", "a matrix; exactly two ranges, no `if`"),
    ("`sum(t for ...)`, `prod`", "Nat or Scalar; empty: 0, 1"),
    ("`all(t for ...)`, `any`, `count`", "of a Bool; `count` is how often it is true; empty: true, false, 0"),
    ("`max(t for ...)`, `min`", "Nat; Scalar where scalars have an order; empty: undefined"),
    ("`first(t for ...)`", "the first value, of any type; empty: undefined"),
    ("`f(a, b)`", "a call, by position, of what is given, defined or read, or of the definition itself"),
    ("`f(a)`, `f`", "a name with its first arguments only, maybe none: the function of the rest"),
    ("`f(x)`, `fs[k](x)`, `g(a)(x)`", "a function applied; with its first arguments only, a function of the rest"),
)

_SOURCES = (
    ("`range(b)`, `range(a, b)`", "0 or `a` up to `b` - 1; empty when `b <= a`"),
    ("a list", "its items, in order"),
    ("`permutations(n)`", "of 0, ..., n - 1, as lists, lexicographic"),
    ("`subsets(n, k)`", "increasing lists of k of 0, ..., n - 1, lexicographic"),
    ("`Bool`, a sort", "every value"),
    ("`Scalar`, `Vector[k]`, `Matrix[m, n]`", "every value, in finite models only"),
)

_OF_SCALARS = re.compile(r"Scalar|Vector|Matrix|vector|matrix|conj|A\[")
"""Matches the rows that mean something only in tasks with scalars."""

_ASKED = """\
A researcher may ask for the value of a term without free names (`evaluate`), and at how many points a term has the
values of each phenomenon of its type (`match`). The term of a `match` has its parameters before it, or is a function:

    (x: Element, y: Element): op(y, op(x, x))
    f

`f` and `f(a)` stand for the function of the arguments that are left; any other term must be an `Fn`. The term of both
may have as many nodes as a statement, and both are paid for as a statement is: by the nodes that are valued if every
generator is run to its end ([Budgets](trials.md#budgets)).

In both, `seen(5, x, y)` is the value that phenomenon 5 shows for the arguments `x` and `y`. The number is a numeral.
The value is undefined where no row shows one, and in another field than the phenomenon's. `seen` is no word of the
notation: where something that can be called has this name, it is meant. In a statement there is no `seen` but that.
"""
_WITHOUT_SCALARS = {
    "`x + y`, `x - y`, `x * y`": ("`k + l`, `k - l`, `k * l`", "Nat; `k - l` below 0 is undefined"),
    "`x ** k`": ("`k ** l`", "Nat; `0 ** 0` is 1"),
    "`k < l`, `<=`, `>`, `>=`": ("`k < l`, `<=`, `>`, `>=`", "Nat"),
    "`A[i, j]`, `v[i]`, `L[k]`": ("`L[k]`", "an item; outside is undefined"),
    "`sum(t for ...)`, `prod`": ("`sum(t for ...)`, `prod`", "Nat; empty: 0, 1"),
    "`max(t for ...)`, `min`": ("`max(t for ...)`, `min`", "Nat; empty: undefined"),
}
"""What stands in a row's place in tasks without scalars."""

_SORTS, _A_SORT = "`Element`, ...", ", a sort"
"""The row, and the part of a row, that mean something only in tasks with sorts."""

_DECISIONS = (
    "The type of a numeral is found by unification over the whole statement: from the other operand, the expected "
    "type, or any other place where its variable stands. In a task without scalars every numeral is a Nat.",
    "The type of `[]` is found in the same way. As an argument whose type has a size name, it takes the size that "
    "another argument decides; if none does, it is ill-formed.",
    "A size name takes its value from the first argument in whose type it stands bare. Two sizes are never compared "
    "while a statement is read; if they differ, the value is undefined.",
    "The type of `a if c else b`, `[a, b]` and `L + M` has the sizes of its first part.",
    "Sizes in the header of a statement are arithmetic over names, `len(...)` and items of lists. In a type that a "
    "generator ranges over, and in `range`, any Nat term is allowed.",
    f"A size has at most {SIZE_NODES} term nodes, those that calls put together included.",
    "`vector(t for i in range(a, b))` has the size `b - a`, or 0 where `b <= a`.",
    "The items of a list have one size, and so have the values that `first` chooses from: the size can't name a "
    "variable that a generator of the same term binds.",
    "Nesting counts brackets as they are written and, in the tree of a term, every operator, call and comprehension: "
    "`a + b + c` nests two deep, a chain of comparisons one deep a link. Arguments, items and clauses are flat.",
    "Term nodes are counted as written, with three additions: a numeral counts as many as it has digits (zeros before "
    "them don't count), the middle of a chained comparison counts twice, and `range(b)` counts its start. Bound names "
    "and the types of parameters don't count; sizes of a type that is ranged over do.",
    "A bare name stands for the function that it names; a name with its first arguments only stands for the function "
    "of the rest: `in_kernel(A)` is an `Fn[Vector[n], Bool]`. In a place where no function can stand, a name with too "
    "few arguments is ill-formed. A definition without parameters is called, `f()`.",
    "`Fn[S, T, R]` takes two arguments; `Fn[S, Fn[T, R]]` takes one and gives a function. They are different types.",
    "A size name may stand bare inside an `Fn`, and is bound there. If the given arguments of a function leave sizes "
    "open, it takes them from the place where it stands, as `[]` does; if nothing decides them, it is ill-formed. So "
    "is a function with sizes that depend on an argument that was not given: `identity` alone, with `identity(n: Nat) "
    "-> Matrix[n, n]`, is no `Fn`.",
    "A function has its sizes: applied to an argument of another size, its value is undefined.",
    "`f == g` compares functions at every value that they take, so it ranges over types; it is undefined if one of "
    "the results is, or if the sizes differ. It costs as much as the comparison written out. Functions that take a "
    "Nat, a list or a function, or that give functions, are not compared.",
    "A generator does not range over functions. A claim does, with a parameter: over all of them if a model has few, "
    "else over random ones and ones with structure (linear, affine, bilinear, quadratic, constant, projections, "
    "powers, membership in subspaces and the like). Parameters that are functions of functions are not drawn: such a "
    "claim is undecided.",
    "Order on scalars may be written in any definition. A claim that uses it, itself or through a definition, has to "
    "be `over reals`.",
    "A claim `over reals` or `over complexes` that ranges over a type with scalars in it, itself or through a "
    "definition, is ill-formed, unless it can be decided exactly. Ranging over `Bool` or over a sort is allowed.",
    "`over reals` is tried in Q and in Q(sqrt(2)) with both of its orders, and with the square roots of a few numbers "
    "that the claim names; `over complexes` in these with i beside.",
    "Over the reals and the complexes a claim is trivial by random functions only if it stays true with them in "
    "finite fields too: `x * x != -1` says something about the reals. One that compares scalars by `<` is trivial "
    "only if it calls something that was defined, and stays true with random functions over the rationals.",
    "Inside a definition its name means itself, even if another definition of that name is in scope.",
    "A claim's name is a label: it is not in scope, and may be any name that is no word of the notation.",
    "There is no `+x`, and no comma after the last argument. `in` stands in generators only.",
    "A source `for x in ...` and a condition `if ...` take a choice `a if c else b` in brackets only.",
    "Leading zeros are allowed in numerals.",
    "A fence that is never closed goes on to the end of the text.",
)


def _table(head: tuple[str, str], rows: tuple[tuple[str, str], ...]) -> str:
    lines = [f"| {head[0]} | {head[1]} |", "| --- | --- |", *(f"| {left} | {right} |" for left, right in rows)]
    return "\n".join(lines) + "\n"


def _grammar() -> str:
    """The grammar without its opening comment."""
    text = grammar()
    return text[text.index("// ---") :].rstrip()


def reference() -> str:
    """The whole page."""
    words = ", ".join(f"`{word}`" for word in sorted(RESERVED, key=lambda word: (word.lower(), word)))
    parts = [
        _OPENING,
        "## Types\n\n" + _table(("type", "values"), _TYPES),
        "A size is a `Nat` term. A size name stands bare in some parameter's type and is a `Nat` in the term.\n",
        "## Terms\n\n" + _table(("term", "meaning"), _FORMS),
        "`and`, `or`, `implies`, `if`, `any`, `all` and `first` evaluate only as far as they need; every other term is "
        "undefined if a part of it is.\n",
        "## Generators\n\n" + _table(("`for x in ...`", "x ranges over"), _SOURCES),
        "A bound name may not equal one in scope around it, nor one that can be called; generators side by side may "
        "share a name. A parameter may have the name of a definition, which it hides in its statement. "
        "These words can't be names: " + words + ".\n",
        "## In `evaluate` and `match`\n\n" + _ASKED,
        "## Limits\n\n"
        f"Checked before any work: ASCII without control characters, {CHARACTERS:,} characters and nesting {NESTING} a "
        f"statement, numerals up to {NUMERAL:,}. A task sets the most term nodes that a statement may have: `relay "
        "task show` prints the number, and `relay check --statement-size` sets another one.\n",
        "## Decisions\n\n" + "\n".join(f"- {decision}" for decision in _DECISIONS) + "\n",
        "## Identity\n\n"
        "A statement's key is the hash of its canonical form, in which bound names are positions, calls are keys, and "
        "layout, comments, redundant brackets and the statement's own name are dropped.\n",
        "## Grammar\n\n"
        "LALR(1), in Lark's syntax. Names in capitals are words and marks; `?` and `->` name the nodes of the tree.\n\n"
        f"```lark\n{_grammar()}\n```\n",
    ]
    return "\n".join(parts)


def summary(scalars: bool, sorts: Sequence[str] = ("Element",)) -> str:
    """The tables of types, terms and generators, one row a line, short enough for a prompt.

    If not `scalars`, what needs scalars is left out; so is what needs sorts, if there are no `sorts`.
    """
    groups = (("Types", _TYPES), ("Terms", _FORMS), ("Generators, as in `for x in ...`", _SOURCES))
    lines = []
    for head, rows in groups:
        lines.append(f"{head}:")
        lines += filter(None, [_row(left, right, scalars, sorts) for left, right in rows])
    return "\n".join(lines)


def _row(left: str, right: str, scalars: bool, sorts: Sequence[str]) -> str:
    """A row for a task with or without `scalars`, and with these `sorts`; empty if it means nothing there."""
    if not scalars:
        left, right = _WITHOUT_SCALARS.get(left, (left, right))
        if _OF_SCALARS.search(left + right):
            return ""
    if left == _SORTS:
        left = ", ".join(sorts)
    if not sorts:
        left = left.removesuffix(_A_SORT)
    return f"{left}  {right}".replace("`", "") if left else ""


if __name__ == "__main__":
    print(reference(), end="")

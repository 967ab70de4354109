"""From a syntax error to what was expected and the mend, above all for what habits of Python suggest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lark import Token

from relay.errors import NotationError
from relay.notation.limits import position
from relay.notation.raw import Raw

__all__ = ["FOREIGN", "complaint"]

FOREIGN = {
    "None": "there is no `None`; every term has a value of its type",
    "abs": "there is no absolute value; on scalars write `x * conj(x)`",
    "assert": "statements are `claim (...): ...`",
    "axiom": "statements are `define` and `claim`",
    "def": "write `define NAME(x: TYPE) -> TYPE = TERM`",
    "elif": "write `a if c else (b if d else e)`",
    "enumerate": "write `for i in range(len(vs))` and `vs[i]`",
    "exists": "write `any(... for x in ...)`",
    "exit": "the notation has terms only, no commands",
    "filter": "write `[t for x in vs if ...]`",
    "float": "there are no floats; write a quotient such as `1 / 2`",
    "forall": "the parameters of a claim are universally quantified; inside a term write `all(... for x in ...)`",
    "iff": "write `a == b`",
    "import": "there are no imports; call what is given and what you defined or read",
    "int": "there is no `int`; a numeral is read as its place requires, and `scalar(k)` turns a Nat into a Scalar",
    "is": "write `a == b`",
    "lambda": "there are no lambdas; define a function and call it",
    "lemma": "write `claim NAME (x: TYPE): TERM`",
    "let": "there are no assignments; define a function, or write the term out",
    "map": "write `[t for x in vs]`",
    "null": "there is no null value",
    "print": "the notation has terms only, no commands",
    "return": "a definition is a single term after `=`; there is no `return`",
    "reversed": "write `[vs[len(vs) - 1 - i] for i in range(len(vs))]`",
    "round": "there is no rounding; numbers are exact",
    "set": "there are no sets; use a list",
    "sorted": "there is no sorting; write the order that you mean",
    "theorem": "write `claim NAME (x: TYPE): TERM`",
    "then": "write `a if c else b`",
    "true": "write `True`",
    "false": "write `False`",
    "tuple": "there are no tuples; use a list",
    "while": "there are no loops; let a definition call itself",
    "xor": "write `a != b`",
    "zip": "write `for i in range(len(vs))` and `vs[i]`, `ws[i]`",
}
"""Words of other languages, and what to write in their place."""

_MARKS = (
    ("&&", "write `and`"),
    ("&", "write `and`"),
    ("||", "write `or`"),
    ("|", "write `or`"),
    ("==>", "write `implies(a, b)`"),
    ("=>", "write `implies(a, b)`; at least is `>=`"),
    ("===", "write `==`"),
    ("=<", "write `<=`"),
    ("->", "`->` stands only between the parameters and the type of a definition; an implication is `implies(a, b)`"),
    ("<>", "write `!=`"),
    (":=", "a definition is written `define NAME(x: TYPE) -> TYPE = TERM`"),
    ("~", "write `not a`"),
    ("!", "`not` is written out: `not a`; unequal is `!=`. For a factorial write `prod(i + 1 for i in range(n))`"),
    ("^", "powers are written `x ** k`"),
    ("@", "there is no product of arrays here; write it out, or define it"),
    ('"', "there are no strings"),
    ("'", "there are no strings, and no mark for a transpose; define a function and call it"),
    ("{", "there are no braces; lists are written `[a, b]`"),
    ("}", "there are no braces; lists are written `[a, b]`"),
    ("\\", "there are no backslashes; a statement goes on over a line's end while a bracket is open"),
    (";", "one statement at a time, with nothing after it"),
    ("`", "there are no back quotes inside a statement"),
    ("$", "there is no `$`; write the term in plain ASCII"),
    ("?", "write `a if c else b`"),
)
_NUMBER_BEFORE = re.compile(r"[0-9]$")
_SHOWN = {
    "NAME": "a name",
    "LPAR": "`(`",
    "RPAR": "`)`",
    "LSQB": "`[`",
    "RSQB": "`]`",
    "COMMA": "`,`",
    "COLON": "`:`",
    "EQUAL": "`=`",
    "__ANON_0": "`->`",
    "CLASS": "`fields`, `reals` or `complexes`",
    "FOR": "`for`",
    "IN": "`in`",
    "IF": "`if`",
    "ELSE": "`else`",
    "WHERE": "`where`",
    "OVER": "`over`",
    "DEFINE": "`define`",
    "CLAIM": "`claim`",
    "$END": "the end",
}
_OPERATORS = frozenset({"PLUS", "MINUS", "PRODUCT", "POWER", "COMPARISON", "AND", "OR"})
_TYPES = frozenset({"NAT", "BOOL", "SCALAR", "VECTOR", "MATRIX", "LIST", "FN"})
_STARTS_TERM = frozenset({"NUMBER", "TRUE", "FALSE", "FUNCTION", "COMPREHENSION"})
_SOURCES = frozenset({"RANGE", "PERMUTATIONS", "SUBSETS"})


def complaint(
    source: str, offset: int, token: Token | None, accepts: frozenset[str], values: Sequence[object]
) -> NotationError:
    """The error for a parser that stumbled at `offset` of `source`: over `token`, over a character that begins no
    token (`None`, with `accepts` empty), or over the end (`None`)."""
    line, column = position(source, offset)
    return NotationError(_message(source, offset, token, accepts, values), line=line, column=column)


def _message(source: str, offset: int, token: Token | None, accepts: frozenset[str], values: Sequence[object]) -> str:
    rest = source[offset:]
    before = source[:offset]
    place = token if token is not None else rest[:1]
    found = f"`{place}` can't stand here" if rest.strip() else "the text ends here"
    last = values[-1] if values else None
    for word in (token, last.token if isinstance(last, Raw) and last.kind in ("name", "call") else last):
        if isinstance(word, Token) and str(word) in FOREIGN and (word.type == "NAME"):
            return f"`{word}` is not a word of the notation: {FOREIGN[str(word)]}"
    for mark, mend in _MARKS:
        if rest.startswith(mark) or (mark in ("=>", "==>", "=<", "===") and (before[-1:] + rest).startswith(mark)):
            return f"`{mark}` is not in the notation: {mend}"
    if rest.startswith("."):
        if _NUMBER_BEFORE.search(before) or rest[1:2].isdigit():
            return "there are no floats; write a quotient of numerals such as `1 / 2`"
        return "there are no attributes and methods; functions are called as `f(x)`"
    if token is not None and token.type in ("NAME", "LPAR") and isinstance(last, Raw) and last.kind == "numeral":
        return f"{found}: between a numeral and what it multiplies write `*`, as in `2 * x`"
    if token is not None and token.type in ("NAME", "NUMBER") and _NUMBER_BEFORE.search(before):
        return f"{found}: numerals are plain decimal digits"
    habit = _habit(token, accepts, values)
    if habit:
        return f"{found}: {habit}"
    return f"{found}; expected {_expected(accepts)}" if accepts else f"{found}; it begins no word of the notation"


def _habit(token: Token | None, accepts: frozenset[str], values: Sequence[object]) -> str | None:
    """The mend for a slip that the tokens around the place betray."""
    kind = token.type if token is not None else "$END"
    last = values[-1] if values else None
    inside = _open_word(values)
    if kind == "EQUAL":
        return "equality is written `==`"
    if kind in ("PRODUCT", "POWER", "PLUS", "MINUS", "COMPARISON") and isinstance(last, Token) and last.type == "PLUS":
        return "there is no `+x`, `++` or `+=`; write the term out"
    if kind == "PLUS" and "MINUS" in accepts:
        return "there is no `+x`; write `x`"
    if "ELSE" in accepts:
        return "`a if c` needs its other branch: write `a if c else b`"
    if inside is not None and kind in ("COMMA", "RPAR") and "FOR" in accepts:
        if kind == "COMMA" and str(inside) in ("max", "min"):
            sign = ">=" if str(inside) == "max" else "<="
            return f"`{inside}` ranges over generators; of two terms write `a if a {sign} b else b`"
        return f"`{inside}` ranges over generators: write `{inside}(t for x in ...)`"
    if kind == "FOR" and inside is None:
        return "generators stand only in sum, prod, all, any, count, max, min, first, vector, matrix and `[t for ...]`"
    if kind == "FOR" and "COMMA" in accepts:
        return f"`{inside}` takes terms; a list is built with `[t for ...]`" if inside else None
    if kind in ("IN", "NOT") and isinstance(last, Raw):
        return "there is no `in` outside a generator; write `any(v == w for w in vs)` (in a generator: `for x in ...`)"
    if kind in ("FUNCTION", "COMPREHENSION", *_SOURCES) and "NAME" in accepts and "NUMBER" not in accepts:
        return f"`{token}` is a word of the notation; choose another name"
    if kind in _SOURCES:
        mend = f"for a list write `[i for i in {token}(...)]`"
        return f"`{token}` stands only after `in`, as in `for i in {token}(...)`; {mend}"
    if kind in _TYPES and "NUMBER" in accepts:
        return "a type can't stand in a term; a generator ranges over it with `for x in TYPE`"
    if kind == "COLON" and "RSQB" in accepts:
        return "there are no slices; write `[v[i] for i in range(a, b)]`"
    return None


def _open_word(values: Sequence[object]) -> Token | None:
    """The word (`sum`, `len`, ...) whose bracket is the innermost open one, or a list's `[` (None)."""
    for index in range(len(values) - 1, 0, -1):
        value, before = values[index], values[index - 1]
        if isinstance(value, Token) and value.type == "LSQB":
            return None
        if isinstance(value, Token) and value.type == "LPAR":
            return before if isinstance(before, Token) and before.type in ("COMPREHENSION", "FUNCTION") else None
    return None


def _expected(accepts: frozenset[str]) -> str:
    """What could stand here, in words."""
    rest = set(accepts)
    words: list[str] = []
    if rest >= _STARTS_TERM:
        words.append("a term")
        rest -= _STARTS_TERM | {"NAME", "LPAR", "LSQB", "MINUS", "NOT"}
        if rest >= _SOURCES:
            words.append("`range(...)`, `permutations(n)`, `subsets(n, k)` or a type")
            rest -= _SOURCES | _TYPES
    elif rest >= _TYPES:
        words.append("a type")
        rest -= _TYPES | {"NAME"}
    if rest & _OPERATORS:
        words.append("an operator")
        rest -= _OPERATORS
    words += [_SHOWN.get(terminal, f"`{terminal.lower()}`") for terminal in sorted(rest)]
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]

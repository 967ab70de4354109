"""Random well-typed statements, as text: small, nested, and often undefined somewhere."""

from __future__ import annotations

from random import Random

NAT, BOOL, SCALAR, VECTOR, MATRIX = "Nat", "Bool", "Scalar", "Vector", "Matrix"
NATS, VECTORS, LISTS, TABLE = "List[Nat]", "List[Vector]", "List[List[Nat]]", "List[List[Vector]]"
SCALARS, MATRICES = "List[Scalar]", "List[Matrix]"
COUNTS, MAPS, TESTS, LISTED = "Fn[Nat, Nat]", "Fn[Scalar, Scalar]", "Fn[Vector, Bool]", "List[Fn[Scalar, Scalar]]"
ITEM = {NATS: NAT, VECTORS: VECTOR, LISTS: NATS, TABLE: VECTORS, SCALARS: SCALAR, MATRICES: MATRIX, LISTED: MAPS}

WITHOUT_FUNCTIONS = (
    "A: Matrix[m, n], v: Vector[n], w: Vector[m], k: Nat, q: Nat, b: Bool, x: Scalar, "
    "L: List[Nat], M: List[List[Nat]], vs: List[Vector[n]], T: List[List[Vector[m]]]"
)
PARAMETERS = (
    f"{WITHOUT_FUNCTIONS}, "
    "f: Fn[Nat, Nat], g: Fn[Scalar, Scalar], p: Fn[Vector[n], Bool], h: Fn[Vector[n], Nat, Vector[m]], "
    "fs: List[Fn[Scalar, Scalar]]"
)
KINDS = {
    "A": MATRIX, "v": VECTOR, "w": VECTOR, "k": NAT, "q": NAT, "b": BOOL, "x": SCALAR, "L": NATS, "M": LISTS,
    "vs": VECTORS, "T": TABLE, "m": NAT, "n": NAT, "f": COUNTS, "g": MAPS, "p": TESTS, "fs": LISTED,
}  # fmt: skip


class Terms:
    """A generator of random terms. `ranging` says whether they may range over types."""

    def __init__(self, random: Random, *, ranging: bool = True) -> None:
        self.random = random
        self.ranging = ranging
        self.fresh = 0

    def term(self, kind: str, depth: int, names: dict[str, str]) -> str:
        """Return a random term of a kind; `names` holds the kinds of the names in scope."""
        known = sorted(name for name, its in names.items() if its == kind)
        if depth <= 0 or self.random.random() < 0.15:
            return self._leaf(kind, known, names)
        makers = getattr(self, "_" + "".join(c for c in kind.lower() if c.isalpha()), None)
        if makers is None or self.random.random() < 0.2:
            return self._anything(kind, depth, names)
        return str(makers(depth - 1, names))

    def _of(self, *choices: str) -> str:
        return self.random.choice(choices)

    def _leaf(self, kind: str, known: list[str], names: dict[str, str]) -> str:
        if known and self.random.random() < 0.8:
            return self._of(*known)
        if kind == NAT:
            return self._of("0", "1", "2", "3", "m", "n")
        if kind == BOOL:
            return self._of("True", "False", "k == n", "b")
        if kind == SCALAR:
            return self._of("scalar(1)", "scalar(0)", "scalar(2)", "scalar(q)")
        if kind in ITEM and self.random.random() < 0.5:
            return self._of(*known) if known else "[]"
        return self._of(*known) if known else self.term(kind, 1, names)

    def _name(self) -> str:
        self.fresh += 1
        return f"z{self.fresh}"

    def _anything(self, kind: str, depth: int, names: dict[str, str]) -> str:
        """Return a random term in a form that every kind has."""
        form = self.random.randrange(4)
        if form == 0:
            lists = [of for of, item in ITEM.items() if item == kind]
            if lists:
                listed = self.term(self._of(*lists), depth - 1, names)
                return f"({listed})[{self.term(NAT, depth - 1, names)}]"
        if form == 1:
            return self._comprehension("first", kind, depth - 1, names)
        then, other = self.term(kind, depth - 1, names), self.term(kind, depth - 1, names)
        return f"({then} if {self.term(BOOL, depth - 1, names)} else {other})"

    def _comprehension(self, word: str, kind: str, depth: int, names: dict[str, str]) -> str:
        inner = dict(names)
        clauses = []
        for _ in range(self.random.choice((1, 1, 1, 2, 2, 3))):
            name = self._name()
            source, its = self._source(min(depth, 2), inner)
            clauses.append(f"for {name} in {source}")
            inner[name] = its
            while self.random.random() < 0.3:
                clauses.append(f"if {self.term(BOOL, depth - 1, inner)}")
        body = self.term(kind, depth - 1, inner)
        inside = f"{body} {' '.join(clauses)}"
        return f"[{inside}]" if word == "[" else f"{word}({inside})"

    def _source(self, depth: int, names: dict[str, str]) -> tuple[str, str]:
        form = self.random.randrange(12 if self.ranging else 9)
        if form < 4:
            low = f"{self.term(NAT, depth - 1, names)}, " if self.random.random() < 0.3 else ""
            return f"range({low}{self.term(NAT, depth - 1, names)})", NAT
        if form < 7:
            listed = self._of(*ITEM)
            return self.term(listed, depth - 1, names), ITEM[listed]
        if form == 7:
            return f"permutations({self.term(NAT, 0, names)})", NATS
        if form == 8:
            return f"subsets({self.term(NAT, depth - 1, names)}, {self.term(NAT, 0, names)})", NATS
        if form == 9:
            return f"Vector[{self.term(NAT, 0, names)}]", VECTOR
        if form == 10:
            return self._of("Scalar", "Bool"), SCALAR
        return f"Matrix[{self._of('1', 'n - 1', 'k')}, {self._of('1', 'm - 1')}]", MATRIX

    # --- kinds -------------------------------------------------------------------------------------------------------

    def _nat(self, depth: int, names: dict[str, str]) -> str:
        form = self.random.randrange(14)
        if form == 12:
            return self._of(
                f"at({self.term(COUNTS, depth, names)}, {self.term(NAT, depth, names)})",
                f"f({self.term(NAT, depth, names)})", f"steps({self._of('k', 'q')})({self.term(NAT, 0, names)} % 3)",
            )  # fmt: skip
        if form == 13:
            return self._of(
                f"width({self.term(TESTS, depth, names)})", f"above({self._of('0', '1', 'k')}, f, q)",
                f"iterate({self.term(COUNTS, 0, names)}, {self._of('k', 'q', '2')}, {self.term(NAT, 0, names)} % 3)",
                "round_and_round(f, k)",
            )  # fmt: skip
        if form < 4:
            op = self._of("+", "-", "*", "//", "%", "**", "-", "+")
            return f"({self.term(NAT, depth, names)} {op} {self.term(NAT, depth, names)})"
        if form == 4:
            return f"len({self.term(self._of(*ITEM), depth, names)})"
        if form < 8:
            return self._comprehension(self._of("sum", "prod", "max", "min"), NAT, depth, names)
        if form == 8:
            return self._comprehension("count", BOOL, depth, names)
        if form == 9:
            return f"size({self.term(VECTORS, depth, names)})"
        if form == 10:
            return self._of("seven()", f"fib({self._of('k', 'q', 'n', 'k + q')})")
        return f"ack({self._of('k', '1', '2')}, {self.term(NAT, depth, names)} % 3)"

    def _bool(self, depth: int, names: dict[str, str]) -> str:
        form = self.random.randrange(12)
        if form == 10:
            return self._of(
                f"p({self.term(VECTOR, depth, names)})",
                f"holds_at({self.term(TESTS, depth, names)}, {self.term(VECTOR, depth, names)})",
            )  # fmt: skip
        if form == 11:
            kind = self._of(MAPS, LISTED, TESTS) if self.ranging else NAT
            return f"(({self.term(kind, depth, names)}) == ({self.term(kind, depth, names)}))"
        if form < 3:
            kind = self._of(NAT, SCALAR, VECTOR, MATRIX, NATS, VECTORS, LISTS, TABLE, BOOL)
            left, right = self.term(kind, depth, names), self.term(kind, depth, names)
            return f"(({left}) {self._of('==', '!=')} ({right}))"
        if form == 3:
            left, right = self.term(NAT, depth, names), self.term(NAT, depth, names)
            return f"({left} {self._of('<', '<=', '>', '>=')} {right})"
        if form < 6:
            left, right = self.term(BOOL, depth, names), self.term(BOOL, depth, names)
            word = self._of("and", "or", "implies")
            return f"implies({left}, {right})" if word == "implies" else f"({left} {word} {right})"
        if form == 6:
            return f"(not {self.term(BOOL, depth, names)})"
        if form == 7 and self.ranging:
            return f"in_span({self.term(VECTOR, depth, names)}, {self.term(VECTORS, 0, names)})"
        return self._comprehension(self._of("any", "all"), BOOL, depth, names)

    def _scalar(self, depth: int, names: dict[str, str]) -> str:
        form = self.random.randrange(13)
        if form == 12:
            return self._of(
                f"g({self.term(SCALAR, depth, names)})",
                f"fs[{self.term(NAT, 0, names)}]({self.term(SCALAR, depth, names)})",
                f"compose({self.term(MAPS, depth, names)}, g, {self.term(SCALAR, 0, names)})",
            )  # fmt: skip
        if form < 3:
            left, right = self.term(SCALAR, depth, names), self.term(SCALAR, depth, names)
            return f"({left} {self._of('+', '-', '*', '/')} {right})"
        if form == 3:
            return f"({self.term(SCALAR, depth, names)} ** ({self.term(NAT, depth, names)} % 4))"
        if form == 4:
            return f"{self._of('-', 'conj')}({self.term(SCALAR, depth, names)})"
        if form == 5:
            return f"scalar({self.term(NAT, depth, names)})"
        if form == 6:
            return f"({self.term(VECTOR, depth, names)})[{self.term(NAT, depth, names)}]"
        if form == 7:
            base = self.term(MATRIX, depth, names)
            return f"({base})[{self.term(NAT, depth, names)}, {self.term(NAT, depth, names)}]"
        if form == 8:
            return self._of(
                f"det({self.term(MATRIX, depth, names)})", f"leibniz({self.term(MATRIX, depth, names)})",
                f"dot({self.term(VECTOR, depth, names)}, {self.term(VECTOR, depth, names)})",
            )  # fmt: skip
        if form == 9 and self.ranging:
            return f"root({self.term(SCALAR, depth, names)})"
        return self._comprehension(self._of("sum", "prod"), SCALAR, depth, names)

    def _vector(self, depth: int, names: dict[str, str]) -> str:
        form = self.random.randrange(7)
        if form == 6:
            return self._of(
                f"each({self.term(MAPS, depth, names)}, {self.term(VECTOR, depth, names)})",
                f"h({self.term(VECTOR, depth, names)}, {self.term(NAT, 0, names)})",
                f"pair(h, {self.term(NAT, 0, names)}, {self.term(VECTOR, depth, names)})",
                f"fixed(h, {self.term(VECTOR, depth, names)})({self.term(NAT, 0, names)})",
                f"h({self.term(VECTOR, 0, names)})({self.term(NAT, 0, names)})",
            )  # fmt: skip
        if form < 2:
            name = self._name()
            low = f"{self.term(NAT, 0, names)}, " if self.random.random() < 0.2 else ""
            high = self.term(NAT, min(depth, 1), names)
            body = self.term(SCALAR, depth, {**names, name: NAT})
            return f"vector({body} for {name} in range({low}{high}))"
        if form == 2:
            return f"cut({self.term(VECTOR, depth, names)}, {self.term(NAT, 0, names)})"
        if form == 3:
            return f"tail({self.term(VECTOR, depth, names)})"
        if form == 4:
            return f"grow({self.term(SCALAR, depth, names)}, {self.term(NAT, depth, names)} % 4)"
        left, right = self.term(VECTOR, depth, names), self.term(VECTOR, depth, names)
        return f"pick({left}, {right}, {self.term(BOOL, depth, names)})"

    def _matrix(self, depth: int, names: dict[str, str]) -> str:
        form = self.random.randrange(6)
        if form < 2:
            i, j = self._name(), self._name()
            rows, columns = self.term(NAT, min(depth, 1), names), self.term(NAT, min(depth, 1), names)
            body = self.term(SCALAR, depth, {**names, i: NAT, j: NAT})
            return f"matrix({body} for {i} in range({rows}) for {j} in range({columns}))"
        if form == 2:
            return f"mul({self.term(MATRIX, depth, names)}, {self.term(MATRIX, depth, names)})"
        if form == 3:
            return f"transpose({self.term(MATRIX, depth, names)})"
        if form == 4:
            return f"join({self.term(VECTORS, depth, names)}, {self.term(NAT, 0, names)})"
        return f"minor({self.term(MATRIX, depth, names)}, {self.term(NAT, 0, names)}, {self.term(NAT, 0, names)})"

    def _list(self, kind: str, depth: int, names: dict[str, str]) -> str:
        form = self.random.randrange(4)
        item = ITEM[kind]
        if form == 0:
            items = [self.term(item, depth, names) for _ in range(self.random.randrange(4))]
            return f"[{', '.join(items)}]"
        if form == 1:
            return f"({self.term(kind, depth, names)} + {self.term(kind, depth, names)})"
        return self._comprehension("[", item, depth, names)

    def _listnat(self, depth: int, names: dict[str, str]) -> str:
        form = self.random.randrange(5)
        if form == 0:
            return f"odd({self.term(NAT, depth, names)} % 6)"
        if form == 1:
            return f"twice({self.term(NATS, depth, names)}, {self.term(NAT, 0, names)} % 3)"
        return self._list(NATS, depth, names)

    def _listvector(self, depth: int, names: dict[str, str]) -> str:
        form = self.random.randrange(5)
        if form == 0:
            return f"heads({self.term(VECTOR, depth, names)})"
        if form == 1:
            return f"columns({self.term(MATRIX, depth, names)})"
        return self._list(VECTORS, depth, names)

    def _listlistnat(self, depth: int, names: dict[str, str]) -> str:
        if self.random.random() < 0.3:
            return f"upto({self.term(NATS, depth, names)})"
        return self._list(LISTS, depth, names)

    def _listlistvector(self, depth: int, names: dict[str, str]) -> str:
        return self._list(TABLE, depth, names)

    def _listscalar(self, depth: int, names: dict[str, str]) -> str:
        return self._list(SCALARS, depth, names)

    # --- functions ---------------------------------------------------------------------------------------------------

    def _fnnatnat(self, depth: int, names: dict[str, str]) -> str:
        return self._of(
            "fib", f"ack({self.term(NAT, depth, names)} % 3)", f"iterate({self.term(COUNTS, depth, names)}, k % 3)",
            f"steps({self.term(NAT, depth, names)})", f"above(1, {self.term(COUNTS, 0, names)})", "f",
        )  # fmt: skip

    def _fnscalarscalar(self, depth: int, names: dict[str, str]) -> str:
        return self._of(
            f"plus({self.term(SCALAR, depth, names)})", "g",
            f"compose({self.term(MAPS, depth, names)}, {self.term(MAPS, depth, names)})",
        )  # fmt: skip

    def _fnvectorbool(self, depth: int, names: dict[str, str]) -> str:
        return self._of(
            f"ortho({self.term(VECTOR, depth, names)})", "p",
            f"both({self.term(TESTS, depth, names)}, {self.term(TESTS, depth, names)})",
        )  # fmt: skip

    def _listfnscalarscalar(self, depth: int, names: dict[str, str]) -> str:
        return self._list(LISTED, depth, names)

    def _listmatrix(self, depth: int, names: dict[str, str]) -> str:
        return self._list(MATRICES, depth, names)

"""Statements for the tests of the notation: those of its description, and random ones that are well typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from relay.notation import Scope, read_statement
from relay.notation.syntax import Definition
from relay.records.task import Given, Operation, Sort

SCALARS = Given(scalars=True)
ALIEN = Given(
    sorts=(Sort(name="Element", size=2),),
    operations=(
        Operation(name="star", parameters=("Element", "Element"), result="Element", table=((0, 1), (1, 0))),
        Operation(name="unit", parameters=(), result="Element", table=(0,)),
    ),
)

DESCRIBED = (
    "define mul(A: Matrix[l, m], B: Matrix[m, n]) -> Matrix[l, n] =\n"
    "    matrix(sum(A[i, k] * B[k, j] for k in range(m)) for i in range(l) for j in range(n))",
    "define trace(A: Matrix[n, n]) -> Scalar = sum(A[i, i] for i in range(n))",
    "define minor(A: Matrix[n, n], r: Nat, c: Nat) -> Matrix[n - 1, n - 1] =\n"
    "    matrix(A[i if i < r else i + 1, j if j < c else j + 1] for i in range(n - 1) for j in range(n - 1))",
    "define det(A: Matrix[n, n]) -> Scalar =\n"
    "    1 if n == 0 else sum((-1) ** j * A[0, j] * det(minor(A, 0, j)) for j in range(n))",
    "define identity(n: Nat) -> Matrix[n, n] = matrix((1 if i == j else 0) for i in range(n) for j in range(n))",
    "define in_span(v: Vector[n], vs: List[Vector[n]]) -> Bool =\n"
    "    any(all(v[i] == sum(c[k] * vs[k][i] for k in range(len(vs))) for i in range(n)) for c in Vector[len(vs)])",
    "claim trace_cyclic (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))",
    "claim (A: Matrix[n, n], B: Matrix[n, n]): det(mul(A, B)) == det(A) * det(B)",
)


def described_scope() -> Scope:
    """A scope with the definitions of the notation's description."""
    scope = Scope(SCALARS)
    for source in DESCRIBED:
        statement = read_statement(source, scope)
        if isinstance(statement, Definition):
            scope = scope.adding(statement)
    return scope


def unique_names() -> Callable[[int], str]:
    """Names of which each is new."""
    count = iter(range(10**6))
    return lambda depth: f"u{next(count)}"


def level_names(depth: int) -> str:
    """Names that generators side by side share, because they depend on the depth only."""
    return f"level_{depth}"


@dataclass
class Writer:
    """Writes random well-typed statements. With other `names`, the same `random` writes the same statement renamed."""

    random: Random
    names: Callable[[int], str]
    loose: bool = False
    """Whether to add redundant brackets."""
    env: dict[str, str] = field(default_factory=dict)
    """Names in scope, in order, with their types."""

    def statement(self, name: str = "named") -> str:
        """A definition or a claim."""
        self.env = {}
        m, n = self.bind("Nat", size=True), self.bind("Nat", size=True)
        types = [f"Vector[{n}]", f"Matrix[{m}, {n}]", "Scalar", "Nat", f"List[Vector[{n}]]", "List[Nat]", "Bool"]
        types += [f"Fn[Vector[{n}], Bool]", "Fn[Nat, Scalar, Scalar]", "Fn[Scalar, Scalar]", "List[Fn[Scalar, Scalar]]"]
        self.test = types[-4]
        parameters = ", ".join(f"{self.bind(type)}: {type}" for type in types)
        self.recursive = ""
        if self.random.random() < 0.5:
            where = f" where {self.term('Bool', 2)}" if self.random.random() < 0.5 else ""
            return f"claim {name} ({parameters}){where}: {self.term('Bool', 3)}"
        result = self.random.choice(["Nat", "Bool", "Scalar", f"Vector[{n}]", "List[Nat]", f"List[Vector[{n} + 1]]"])
        if self.random.random() < 0.2:
            result = self.random.choice(["Fn[Scalar, Scalar]", f"Fn[Vector[{n}], Bool]", "List[Fn[Scalar, Scalar]]"])
        self.recursive = f"{name}({', '.join(list(self.env)[2:])})"
        self.result = result
        return f"define {name}({parameters}) -> {result} = {self.term(result, 3)}"

    def bind(self, type: str, *, size: bool = False) -> str:
        name = self.names(len(self.env))
        self.env[name] = type
        return name

    def variables(self, type: str) -> list[str]:
        head = type.split("[")[0]
        return [
            name
            for name, known in self.env.items()
            if known == type or (head not in ("Fn", "List") and known.split("[")[0] == head)
        ]

    def variable(self, type: str) -> str:
        exact = [name for name, known in self.env.items() if known == type]
        return self.random.choice(exact or self.variables(type))

    def term(self, type: str, depth: int) -> str:
        text = self.compound(type, depth) if depth > 0 else self.leaf(type)
        if self.loose and self.random.random() < 0.2:
            text = f"({text})"
        return text

    def leaf(self, type: str) -> str:
        choices = [self.variable(type)] if any(known == type for known in self.env.values()) else []
        if type in ("Nat", "Scalar"):
            choices.append(str(self.random.randrange(12)))
        if type == "Bool":
            choices.append(self.random.choice(["True", "False"]))
        if type.startswith("List"):
            choices.append("[]")
        if type.startswith("Vector"):
            size = type[7:-1]
            choices.append(f"vector(1 for {self.names(len(self.env))} in range({size}))")
        return self.random.choice(choices)

    def compound(self, type: str, depth: int) -> str:
        def sub(kind: str) -> str:
            return self.term(kind, depth - 1)

        def paren(kind: str) -> str:
            return f"({sub(kind)})"

        pick = self.random.choice
        forms: list[Callable[[], str]] = [
            lambda: self.leaf(type),
            lambda: f"({sub(type)}) if ({sub('Bool')}) else ({sub(type)})",
        ]
        if getattr(self, "recursive", "") and type == self.result:
            forms.append(lambda: self.recursive)
        if type == "Nat":
            forms += [
                lambda: f"{paren('Nat')} {pick(['+', '-', '*', '//', '%', '**'])} {paren('Nat')}",
                lambda: f"len({self.variable('List[Nat]')} + {paren('List[Nat]')})",
                lambda: f"({paren('List[Nat]')} + {self.variable('List[Nat]')})[{sub('Nat')}]",
                lambda: self.over(pick(["sum", "prod", "max", "min", "first"]), "Nat", depth),
                lambda: self.over("count", "Bool", depth),
            ]
        elif type == "Scalar":
            forms += [
                lambda: f"{paren('Scalar')} {pick(['+', '-', '*', '/'])} {paren('Scalar')}",
                lambda: f"{paren('Scalar')} ** {paren('Nat')}",
                lambda: f"-{paren('Scalar')}",
                lambda: f"{pick(['conj', '-'])}({sub('Scalar')})",
                lambda: f"scalar({sub('Nat')})",
                lambda: f"{self.variable('Vector')}[{sub('Nat')}]",
                lambda: f"{self.variable('Matrix')}[{sub('Nat')}, {sub('Nat')}]",
                lambda: self.over(pick(["sum", "prod", "first"]), "Scalar", depth),
                lambda: f"{self.variable('Fn[Nat, Scalar, Scalar]')}({sub('Nat')}, {sub('Scalar')})",
                lambda: f"{self.variable('Fn[Nat, Scalar, Scalar]')}({sub('Nat')})({sub('Scalar')})",
                lambda: f"{self.variable('List[Fn[Scalar, Scalar]]')}[{sub('Nat')}]({sub('Scalar')})",
            ]
        elif type == "Bool":
            forms += [
                lambda: f"{paren('Bool')} {pick(['and', 'or', '==', '!='])} {paren('Bool')}",
                lambda: f"not {paren('Bool')}",
                lambda: f"implies({sub('Bool')}, {sub('Bool')})",
                lambda: f"{self.variable('Nat')} {pick(['<', '<=', '>', '>=', '=='])} {paren('Nat')}",
                lambda: f"{self.variable('Nat')} < {paren('Nat')} <= {paren('Nat')}",
                lambda: f"{self.variable('Scalar')} {pick(['==', '!='])} {paren('Scalar')}",
                lambda: f"{self.variable('Vector')} == {paren(self.env[self.variable('Vector')])}",
                lambda: f"{self.variable('List[Nat]')} == {paren('List[Nat]')}",
                lambda: f"{paren('Fn[Scalar, Scalar]')} == {paren('Fn[Scalar, Scalar]')}",
                lambda: f"{self.variable(self.test)}({sub(self.test[3:-7])})",
                lambda: self.over(pick(["all", "any"]), "Bool", depth),
            ]
        elif type.startswith("List"):
            item = type[5:-1]
            forms += [lambda: f"[{sub(item)}, {sub(item)}]", lambda: f"{paren(type)} + {paren(type)}"]
            if item == "Nat":
                forms.append(lambda: self.over("list", "Nat", depth))
        elif type.startswith("Vector"):
            forms.append(lambda: self.vector(type[7:-1], depth))
        elif type == "Fn[Scalar, Scalar]":
            forms += [
                lambda: f"{self.variable('Fn[Nat, Scalar, Scalar]')}({sub('Nat')})",
                lambda: f"{self.variable('List[Fn[Scalar, Scalar]]')}[{sub('Nat')}]",
                lambda: self.over("first", "Fn[Scalar, Scalar]", depth),
            ]
        return pick(forms)()

    def vector(self, size: str, depth: int) -> str:
        outer = dict(self.env)
        name = self.bind("Nat")
        text = f"vector({self.term('Scalar', depth - 1)} for {name} in range({size}))"
        self.env = outer
        return text

    def over(self, kind: str, body: str, depth: int) -> str:
        outer = dict(self.env)
        clauses = "".join(self.clause(depth) for _ in range(self.random.choice([1, 1, 2])))
        inside = self.term(body, depth - 1) + clauses
        self.env = outer
        return f"[{inside}]" if kind == "list" else f"{kind}({inside})"

    def clause(self, depth: int) -> str:
        n = list(self.env)[1]
        source, type = self.random.choice(
            [
                (f"range({self.term('Nat', depth - 1)})", "Nat"),
                (f"range({self.term('Nat', 0)}, {self.term('Nat', depth - 1)})", "Nat"),
                (self.variable("List[Nat]"), "Nat"),
                (f"permutations({self.term('Nat', 0)})", "List[Nat]"),
                (f"subsets({self.term('Nat', 0)}, {self.term('Nat', 0)})", "List[Nat]"),
                ("Scalar", "Scalar"),
                (f"Vector[{n}]", f"Vector[{n}]"),
                ("Bool", "Bool"),
                (self.variable("List[Fn[Scalar, Scalar]]"), "Fn[Scalar, Scalar]"),
            ]
        )
        text = f" for {self.bind(type)} in {source}"
        if self.random.random() < 0.3:
            text += f" if ({self.term('Bool', depth - 1)})"
        return text


def write(seed: int, names: Callable[[int], str] = level_names, *, loose: bool = False, name: str = "named") -> str:
    """The random statement of a seed."""
    return Writer(Random(seed), names, loose).statement(name)

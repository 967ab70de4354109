"""Random numbers are made in one module, and each way of making them is fixed for good."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from relay.seeds import content_generator, entropy, generator, integer_generator, plain_generator

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "relay" / "seeds.py"
SOURCES = sorted(path for room in ("agents", "analysis", "relay", "tasks") for path in (ROOT / room).rglob("*.py"))
RANDOM = ("numpy.random", "random", "secrets")
"""Modules that make random numbers."""


def test_what_is_drawn_by_seed_is_fixed_for_good() -> None:
    assert generator(1, "answer", 2, 3, 4).integers(0, 10**9, 3).tolist() == [544601479, 998660945, 489729534]
    places = [(1, "a"), (2, "a"), (1, "b"), (1, "a", 1), (1, "a", 0, 1), (1, "a", 0, 0, 1)]
    assert len({entropy(*place) for place in places}) == 6


def test_what_is_drawn_by_content_is_fixed_for_good() -> None:
    drawn = content_generator("a", 1, [("size", "n")]).integers(0, 10**9, 3)
    assert drawn.tolist() == [182597211, 256984872, 876646636]
    assert content_generator("a").integers(0, 10**9, 3).tolist() == [342184234, 327529917, 631228423]
    assert content_generator("a", digest_bytes=32).integers(0, 10**9, 3).tolist() == [477277784, 498949679, 945828561]


def test_what_is_drawn_from_an_integer_is_fixed_for_good() -> None:
    assert integer_generator(1).integers(0, 10**9, 3).tolist() == [511821624, 950463696, 34852552]
    plain = plain_generator(1)
    assert [plain.randint(-9, 9) for _ in range(3)] == [-5, 9, -7]


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of everything that is called by a name of an imported module, as `numpy.random.PCG64`."""
    meant: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                meant[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            meant |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            owner, _, rest = ast.unparse(node.func).partition(".")
            if owner in meant:
                yield node.lineno, f"{meant[owner]}.{rest}" if rest else meant[owner]


def made(tree: ast.AST) -> list[tuple[int, str]]:
    """Line and name of the calls that make random numbers."""
    return [(line, name) for line, name in calls(tree) if name.startswith(tuple(f"{module}." for module in RANDOM))]


@pytest.mark.parametrize("path", [ROOT / "cli.py", *SOURCES], ids=lambda path: str(path.relative_to(ROOT)))
def test_random_numbers_are_made_in_one_module(path: Path) -> None:
    found = made(ast.parse(path.read_text(encoding="utf-8")))
    assert bool(found) == (path == SEEDS), f"use relay.seeds instead: {found}"


@pytest.mark.parametrize(
    "source",
    [
        "import numpy as np\nnp.random.default_rng(0)",
        "import numpy\nnumpy.random.Generator(numpy.random.PCG64(1))",
        "from numpy import random\nrandom.default_rng()",
        "from numpy.random import PCG64 as Bits\nBits(1)",
        "import random\nrandom.Random(1)",
        "from random import Random, randint\nrandint(1, 2)",
    ],
)
def test_every_spelling_is_seen(source: str) -> None:
    assert made(ast.parse(source))


def test_what_only_has_such_a_name_is_left_alone() -> None:
    assert not made(ast.parse("from relay.notation.syntax import Generator\nGenerator(1)\nrng.random()"))

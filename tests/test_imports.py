"""The import directions of the house, read from the source. No module is imported for this."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
TOPS = ("agents", "analysis", "cli", "relay", "tasks")
ALLOWED = {
    "cli": {"agents", "analysis", "relay", "tasks"},
    "agents": {"relay"},
    "analysis": {"relay"},
    "tasks": {"relay"},
    "relay": set[str](),
}
LAYERS = (
    {"errors", "seeds", "text"},
    {"records"},
    {"component_code"},
    {"components"},
    {"component_files"},
    {"notation"},
    {"evaluation"},
    {"checker"},
    {"scoring", "researcher"},
    {"schemes"},
    {"trial"},
    {"studies"},
    {"commands"},
    {"__main__"},
)
"""Rooms and modules at the first level of `relay/`: each may import itself and the layers above it in this list."""
LAYER = {name: place for place, names in enumerate(LAYERS) for name in names}
OF_FILES = ("relay.records", "relay.errors", "relay.text", "relay.seeds")
"""What analysis may use of `relay`: what reads a trial's files, and the one place where random numbers are made."""
OF_COMMANDS = ("relay.commands", "relay.components")
"""What only its commands may use besides."""
RULES = (
    ("relay.researcher", "relay", lambda target: not within(target, "relay.scoring")),
    ("relay.schemes", "relay", lambda target: not within(target, "relay.scoring")),
    ("agents", "relay", lambda target: not within(target, "relay.scoring")),
    ("analysis", "relay", lambda target: within(target, *OF_FILES, *OF_COMMANDS)),
    (
        "relay.checker.referee",
        "relay",
        lambda target: within(target, "relay.checker.referee", "relay.notation", "relay.seeds"),
    ),
)
"""A place, the packages that the rule speaks of, and which of their modules the place may import.

The first three keep the hidden graph hidden: what a researcher sees and does can't reach what it is scored with. The
fourth: analysis works from what a trial left on disk (and counts it in words: `text` imports nothing); only its
commands print. The fifth: the referee shares nothing with the checker that it is a second opinion on, but for the
language (and the place where random numbers are made)."""


def sources() -> list[Path]:
    found = [ROOT / "cli.py"]
    for top in TOPS:
        found += sorted((ROOT / top).rglob("*.py"))
    return found


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sources()}


def within(module: str, *places: str) -> bool:
    return any(module == place or module.startswith(f"{place}.") for place in places)


def imported(path: Path, at_import: bool = False) -> Iterator[str]:
    """Modules of the project that `path` imports. With `at_import`, only those that run when it is imported."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in _running(tree) if at_import else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the direction"
            assert node.module is not None
            for alias in node.names:
                submodule = f"{node.module}.{alias.name}"
                yield submodule if submodule in MODULES else node.module


def _running(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes outside of function bodies and of `if TYPE_CHECKING`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from _running(node)


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_follow_the_direction_of_the_house(module: str) -> None:
    top = module.partition(".")[0]
    for target in imported(MODULES[module]):
        other = target.partition(".")[0]
        if other in TOPS and other != top:
            assert other in ALLOWED[top], f"{module} imports {target}"


@pytest.mark.parametrize("module", sorted(name for name in MODULES if name.startswith("relay.")))
def test_rooms_import_only_what_stands_before_them(module: str) -> None:
    room = module.split(".")[1]
    for target in imported(MODULES[module]):
        if target.startswith("relay.") and target.split(".")[1] != room:
            other = target.split(".")[1]
            assert LAYER[other] < LAYER[room], f"{module} imports {target}, which is no lower layer"


@pytest.mark.parametrize(("place", "of", "may"), RULES, ids=[place for place, *_ in RULES])
def test_what_is_hidden_and_what_is_independent_stays_so(place: str, of: str, may: object) -> None:
    assert callable(may)
    seen = {(name, target) for name in MODULES if within(name, place) for target in imported(MODULES[name])}
    assert seen, f"{place} has no modules"
    assert not sorted((name, target) for name, target in seen if within(target, of) and not may(target))


def test_only_the_commands_of_analysis_know_of_a_command_line() -> None:
    own = {name for name in MODULES if within(name, "analysis") and not within(name, "analysis.commands")}
    seen = {(name, target) for name in own for target in imported(MODULES[name])}
    assert not sorted(each for each in seen if within(each[1], *OF_COMMANDS, "analysis.commands"))


def test_no_imports_run_in_circles() -> None:
    graph = nx.DiGraph()
    for module, path in MODULES.items():
        for target in imported(path, at_import=True):
            if target in MODULES and target != module:
                graph.add_edge(module, target)
    assert not list(nx.simple_cycles(graph))

"""The import directions of the house, read from the source: nothing is imported to find out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest

ROOT = Path(__file__).resolve().parents[1]
ROOMS = ("agents", "analysis", "cli", "relay", "tasks")
ALLOWED = {
    "cli": {"agents", "analysis", "relay", "tasks"},
    "agents": {"relay"},
    "analysis": {"relay"},
    "tasks": {"relay"},
    "relay": set[str](),
}
SHAPES = {
    "relay.records.budget",
    "relay.records.events",
    "relay.records.record",
    "relay.records.spec",
    "relay.records.status",
    "relay.records.task",
}
DATA_OF_TRIALS = SHAPES | {"relay.errors", "relay.records.log", "relay.records.trial_files", "relay.text"}
"""All of relay that analysis may use: the shapes of what is on disk, its reader, where it is, the errors, and `text`,
which puts a number and its noun into words and imports nothing."""


def sources() -> list[Path]:
    found = [ROOT / "cli.py"]
    for room in ROOMS:
        found += sorted((ROOT / room).rglob("*.py"))
    return found


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in sources()}


def imported(path: Path, at_import: bool = False) -> Iterator[str]:
    """Modules of the project that `path` imports; with `at_import`, only those that importing it runs."""
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
    room = module.partition(".")[0]
    for target in imported(MODULES[module]):
        other = target.partition(".")[0]
        if other in ROOMS and other != room:
            assert other in ALLOWED[room], f"{module} imports {target}"


def test_analysis_works_from_trial_directories_alone() -> None:
    for module, path in MODULES.items():
        if module.partition(".")[0] == "analysis":
            used = {target for target in imported(path) if target.partition(".")[0] == "relay"}
            assert used <= DATA_OF_TRIALS, f"{module} imports {sorted(used - DATA_OF_TRIALS)}"


def test_no_imports_run_in_circles() -> None:
    graph = nx.DiGraph()
    for module, path in MODULES.items():
        for target in imported(path, at_import=True):
            if target in MODULES and target != module:
                graph.add_edge(module, target)
    assert not list(nx.simple_cycles(graph))

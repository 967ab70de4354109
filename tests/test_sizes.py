"""Nothing in the house is larger than can be read in one sitting: files, classes, functions, lists of arguments.

These are bounds, not aims: most files have about 100 lines.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator

import pytest

from tests.test_imports import MODULES, ROOT

LINES_OF_A_FILE = 400
LINES_OF_A_CLASS = 250
FIELDS_OF_A_CLASS = 17
"""A condition has as many: one for each kind of component, and a few numbers."""
LINES_OF_A_FUNCTION = 60
ARGUMENTS = 8
"""Of a function, without `self` and `cls`. Commands have an argument for each option, so they may have more."""
PACKAGES_OF_RELAY = 10
MODULES_OF_RELAY = 8

TREES = {module: ast.parse(path.read_text(encoding="utf-8")) for module, path in MODULES.items()}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def length(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def is_command(module: str) -> bool:
    return module == "cli" or module.startswith(("analysis.commands.", "relay.commands."))


def fields(node: ast.ClassDef) -> set[str]:
    """Names that are declared in a class body, and attributes that its methods set on `self`."""
    declared = [item.target for item in node.body if isinstance(item, ast.AnnAssign)]
    stored = [item for item in ast.walk(node) if isinstance(item, ast.Attribute) and isinstance(item.ctx, ast.Store)]
    own = {item.attr for item in stored if isinstance(item.value, ast.Name) and item.value.id == "self"}
    return own | {target.id for target in declared if isinstance(target, ast.Name)}


def arguments(node: Function) -> int:
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def too_large(module: str) -> Iterator[str]:
    """What in a module is too large, in words."""
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    if lines > LINES_OF_A_FILE:
        yield f"the file has {lines} lines"
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.ClassDef):
            if length(node) > LINES_OF_A_CLASS:
                yield f"class {node.name} has {length(node)} lines"
            if len(fields(node)) > FIELDS_OF_A_CLASS:
                yield f"class {node.name} has {len(fields(node))} fields"
        if isinstance(node, Function):
            if length(node) > LINES_OF_A_FUNCTION:
                yield f"{node.name} has {length(node)} lines"
            if arguments(node) > ARGUMENTS and not is_command(module):
                yield f"{node.name} has {arguments(node)} arguments"


@pytest.mark.parametrize("module", sorted(MODULES))
def test_nothing_is_too_large_to_be_read(module: str) -> None:
    assert not list(too_large(module))


def test_no_public_class_has_the_name_of_another() -> None:
    places = defaultdict(list)
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    assert not {name: found for name, found in places.items() if len(found) > 1}


def test_the_first_level_of_relay_can_be_read_at_a_glance() -> None:
    inside = list((ROOT / "relay").iterdir())
    assert sum(path.is_dir() and path.name != "__pycache__" for path in inside) <= PACKAGES_OF_RELAY
    assert sum(path.suffix == ".py" for path in inside) <= MODULES_OF_RELAY

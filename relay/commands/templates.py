"""The files that `relay new` writes: relay's own examples, under another name."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
import shlex
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from relay.errors import UsageError

__all__ = ["TEMPLATES", "examples_folder", "write_component"]

TEMPLATES: Mapping[str, tuple[str, str, str]] = {
    "notes": ("a note scheme", "Board", "alien --agent explorer --notes"),
    "memory": ("a memory scheme", "Glimpse", "alien --memory"),
    "handover": ("a hand-over step", "Sampled", "alien --handover"),
    "charter": ("a charter", "CiteNotes", "alien --notes wiki --handover"),
    "truth": ("a truth", "OnlyRefuted", "alien --truth"),
    "intervention": ("an intervention", "Chatter", "alien --intervention"),
    "agent": ("an agent", "Guesser", "alien --agent"),
    "task": ("a task", "Clock", ""),
}
"""Kind -> what its example is, the class in it, and what stands before one in `relay run`."""


def examples_folder() -> Path:
    """The folder of the examples: beside this module where relay is installed, else in the project."""
    beside = Path(__file__).with_name("examples")
    return beside if beside.is_dir() else Path(__file__).resolve().parents[2] / "examples"


def write_component(kind: str, name: str, file: Path | None) -> tuple[str, ...]:
    """Write a component of a kind, and return what to do next, line by line.

    Raises `UsageError` if there is no such kind, if the name can't be a class's, or if the file exists or can't be
    written.
    """
    if kind not in TEMPLATES:
        close = get_close_matches(kind, TEMPLATES, n=1, cutoff=0.5)
        hint = f" (did you mean `{close[0]}`?)" if close else ""
        raise UsageError(f"there is no template for `{kind}`{hint}; the kinds are: {', '.join(TEMPLATES)}")
    noun, example, option = TEMPLATES[kind]
    text = (examples_folder() / f"{kind}.py").read_text(encoding="utf-8")
    chosen = _class_name(name, text, example)
    path = file or Path(f"{_snake(chosen)}.py")
    if path.suffix != ".py":
        raise UsageError(f"{path} is no Python file; give a name that ends in .py")
    reference = f"{path}:{chosen}"
    text = text.replace(f"examples/{kind}.py:{example}", reference)
    _write(path, re.sub(rf"\b{example}\b", chosen, text))
    asked = shlex.quote(reference)
    return (
        f"{path} holds {noun} that runs as it is (docs/components.md). Check it after each change, and run it:",
        f"    relay check-component {asked}",
        f"    relay run {' '.join(filter(None, (option, asked)))} -g 3",
    )


def _class_name(name: str, text: str, example: str) -> str:
    """The name of a class: `my notes` and `my-notes` become `MyNotes`. `text` is the file that it will stand in."""
    words = [word[:1].upper() + word[1:] for word in re.split(r"[\s\-_.]+", name) if word]
    chosen = name if name.isidentifier() and name[0].isupper() else "".join(words)
    if not (chosen.isascii() and chosen.isidentifier()) or keyword.iskeyword(chosen):
        raise UsageError(f"`{name}` can't be the name of a class; give letters, digits and underscores, as MyNotes")
    if chosen in _taken(text) - {example}:
        raise UsageError(f"`{chosen}` means something else in the file already; give another name")
    return chosen


def _taken(text: str) -> set[str]:
    """The names that have a meaning in a Python file."""
    found = set(dir(builtins))
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name) | ast.alias(name=name) | ast.ClassDef(name=name) | ast.FunctionDef(name=name):
                found.add(name)
    return found


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _write(path: Path, text: str) -> None:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists already; give --file for another one") from None
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror or error}; give --file for another one") from None

"""How a component is written: `ledger`, `ledger(cap=2000)`, `path/to/file.py:Name(word='two words', sizes=[1, 2])`.

In YAML the same is `ledger`, `{name: ledger, parameters: {cap: 2000}}` or `{ledger: {cap: 2000}}`. Values are integers,
decimals, `true`, `false`, `none`, words, quoted strings, lists of these, and components with parameters of their own,
as in `judge(model=mock/judge(refuses_true=0.1))`. Only this module reads such text; nothing
in it is executed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from relay.errors import UsageError
from relay.records.record import Record

__all__ = ["TASK_FILE", "ComponentSpec", "code_reference", "named_task", "read_options", "read_spec", "spell"]

LONGEST = 4_000
"""Most characters of a component's text: longer text is a mistake, such as a whole file."""

DEEPEST = 8
"""The most lists and components inside one another. There is a bound because the reader is recursive."""

TASK_FILE = "file"
"""Name of the task that the path of a YAML file stands for."""

_TOKEN = re.compile(r"""\s*(?:(?P<mark>[=,()\[\]])|(?P<quoted>'[^']*'|"[^"]*")|(?P<word>[^\s=,()\[\]'"]+))""")
_WHOLE = re.compile(r"[+-]?\d{1,30}")
_DECIMAL = re.compile(r"[+-]?(\d{1,30}\.\d{0,30}|\.\d{1,30}|\d{1,30})([eE][+-]?\d{1,3})?")
_CONSTANTS: dict[str, bool | None] = {"true": True, "false": False, "none": None, "null": None}


class ComponentSpec(Record):
    """A component by name, with the parameters that differ from its defaults. Once resolved, it has all parameters."""

    name: str
    parameters: dict[str, Any] = {}

    def __str__(self) -> str:
        if not self.parameters:
            return self.name
        inside = ", ".join(f"{key}={spell(value)}" for key, value in self.parameters.items())
        return f"{self.name}({inside})"

    def briefly(self) -> str:
        """Short text for a person; it can't be read back.

        Parameters that are none are left out.
        """
        shown = {key: value for key, value in self.parameters.items() if value is not None}
        for key, value in shown.items():
            if nested := _nested(value):
                shown[key] = nested.briefly()
        inside = ", ".join(f"{key}={value if isinstance(value, str) else spell(value)}" for key, value in shown.items())
        return f"{self.name}({inside})" if inside else self.name


def read_spec(source: str | Mapping[str, Any] | ComponentSpec) -> ComponentSpec:
    """The component that a text or a piece of YAML describes. Raises `UsageError` if it describes none."""
    if isinstance(source, ComponentSpec):
        return source
    if isinstance(source, str):
        return _Reader(source).spec()
    if isinstance(source, Mapping):
        return _from_mapping(source)
    raise UsageError(f"a component is `name`, `name(key=value)` or `{{name: ..., parameters: ...}}`, not {source!r}")


def code_reference(name: str) -> tuple[str, str] | None:
    """The path and the attribute of a name such as `path/to/file.py:Name`; None if it is a name of another kind."""
    path, colon, attribute = name.rpartition(":")
    return (path, attribute) if colon and path.endswith(".py") else None


def named_task(task: ComponentSpec, name: str) -> ComponentSpec:
    """The spec of a task for titles. If the task is read from a file, the file is replaced by `name`, the name that the
    task gives itself."""
    if task.name == TASK_FILE:
        rest = {key: value for key, value in task.parameters.items() if key != "path"}
        return ComponentSpec(name=name, parameters=rest)
    return task if code_reference(task.name) is None else task.model_copy(update={"name": name})


def read_options(pairs: Iterable[str]) -> dict[str, Any]:
    """Parameters from texts such as `key=value`, with values as in a component's text. `key.part=value` sets a part of
    a parameter.

    Raises `UsageError` with the text that is wrong.
    """
    found: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = (part.strip() for part in pair.partition("="))
        *within, last = key.split(".")
        if not equals or not last or not all(within):
            raise UsageError(f"`{pair}` has no value or no name; write key=value or key.part=value")
        holder = found
        for name in within:
            holder = holder.setdefault(name, {})
            if not isinstance(holder, dict):
                raise UsageError(
                    f"the option `{key}` sets a part of `{name}`, which has a value already; leave one out"
                )
        if last in holder:
            raise UsageError(f"the option `{key}` is given twice")
        quoted = value.startswith(("[", "'", '"'))
        holder[last] = _Reader(f"_(value={value})").spec().parameters["value"] if quoted else _constant(value)
    return found


def _from_mapping(source: Mapping[str, Any]) -> ComponentSpec:
    # first, since `name` alone could also be read as a component called `name`
    if "name" in source and set(source) <= {"name", "parameters"}:
        name, parameters = source["name"], source.get("parameters")
    elif len(source) == 1:
        name, parameters = next(iter(source.items()))
    else:
        keys = ", ".join(map(str, source))
        raise UsageError(f"a component in YAML is `{{name: ..., parameters: {{...}}}}`, not a mapping of {keys}")
    parameters = {} if parameters is None else parameters
    if not isinstance(name, str) or not isinstance(parameters, Mapping):
        raise UsageError(f"a component in YAML is `{{name: NAME, parameters: {{key: value}}}}`, not {dict(source)!r}")
    return ComponentSpec(name=name, parameters={str(key): value for key, value in parameters.items()})


def _nested(value: Any) -> ComponentSpec | None:
    """The component that `value` describes, or None if it describes none. The spec of a model gets the name
    `provider/name`."""
    if not (isinstance(value, Mapping) and set(value) == {"name", "parameters"}):
        return None
    spec = _from_mapping(value)
    rest = dict(spec.parameters)
    name = rest.pop("name", None)
    return ComponentSpec(name=f"{spec.name}/{name}", parameters=rest) if isinstance(name, str) else spec


class _Reader:
    """Reads a component's text in one pass."""

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > LONGEST:
            raise UsageError(f"a component's spelling has at most {LONGEST} characters, this one has {len(text)}")
        self.tokens: list[tuple[str, str]] = []
        at = 0
        while at < len(text.rstrip()):
            found = _TOKEN.match(text, at)
            if found is None:
                raise self.error(f"`{text[at:].strip()[:20]}` has no closing quote")
            at = found.end()
            kind = found.lastgroup or ""
            self.tokens.append((kind, found.group(kind)))
        self.at = 0

    def error(self, what: str) -> UsageError:
        return UsageError(f"can't read the component `{self.text[:80]}`: {what}; write name(key=value, ...)")

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "its end")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def expect(self, mark: str) -> None:
        kind, found = self.take()
        if kind != "mark" or found != mark:
            raise self.error(f"expected `{mark}` and found {found if kind == 'end' else f'`{found}`'}")

    def spec(self) -> ComponentSpec:
        kind, name = self.take()
        if kind not in ("word", "quoted"):
            raise self.error("it does not begin with a name")
        parameters = self.parameters(0) if self.peek() == ("mark", "(") else {}
        if self.peek()[0] != "end":
            raise self.error(f"`{self.peek()[1]}` is unexpected after its end")
        return ComponentSpec(name=name.strip("'\"") if kind == "quoted" else name, parameters=parameters)

    def parameters(self, depth: int) -> dict[str, Any]:
        """What stands in brackets after a name; `depth`: how many lists and components stand around it."""
        found: dict[str, Any] = {}
        self.expect("(")
        while self.peek() != ("mark", ")"):
            kind, key = self.take()
            if kind != "word":
                raise self.error(f"expected a parameter's name and found {key if kind == 'end' else f'`{key}`'}")
            self.expect("=")
            if key in found:
                raise self.error(f"`{key}` is given twice")
            found[key] = self.value(depth)
            if self.peek() != ("mark", ")"):
                self.expect(",")
        self.take()
        return found

    def value(self, depth: int) -> Any:
        kind, text = self.take()
        if kind == "quoted":
            return text[1:-1]
        component = kind == "word" and self.peek() == ("mark", "(")
        if kind == "word" and not component:
            return _constant(text)
        if not component and (kind, text) != ("mark", "["):
            raise self.error(f"expected a value and found {text if kind == 'end' else f'`{text}`'}")
        if depth >= DEEPEST:
            raise self.error(f"{'components' if component else 'lists'} are nested deeper than {DEEPEST}")
        if component:
            return {"name": text, "parameters": self.parameters(depth + 1)}
        items = []
        while self.peek() != ("mark", "]"):
            items.append(self.value(depth + 1))
            if self.peek() != ("mark", "]"):
                self.expect(",")
        self.take()
        return items


def _constant(word: str) -> Any:
    if word.lower() in _CONSTANTS:
        return _CONSTANTS[word.lower()]
    if _WHOLE.fullmatch(word):
        return int(word)
    if _DECIMAL.fullmatch(word):
        return float(word)
    return word


def spell(value: Any) -> str:
    """A parameter's value as text that `read_spec` reads back."""
    if nested := _nested(value):
        return str(nested)
    if isinstance(value, bool) or value is None:
        return str(value).lower()
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(spell, value)) + "]"
    # Quotes keep a string that would be read as another type, or that contains a mark.
    if isinstance(value, str) and (_constant(value) != value or not re.fullmatch(r"[^\s=,()\[\]'\"]+", value)):
        return f'"{value}"' if "'" in value else f"'{value}'"
    return str(value)

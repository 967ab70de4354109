"""Task files: a whole task in one YAML file, its mathematics as text in the notation.

The fields are those of `relay.records.task.Task`, with three shorthands. A form, law or row may be written without its
field names. `prerequisites` may be a mapping from concepts to the reasons why they are needed. `briefs` contains one or
more briefs, each with its text and its phenomena. Loading checks the form of the data, and `relay.scoring.theory` the
mathematics. The file is data: YAML is read by a safe loader.
"""

from __future__ import annotations

from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import ValidationError, model_validator
from ruamel.yaml.error import YAMLError

from relay.errors import TaskError
from relay.records.marks import CopiedFile
from relay.records.record import Record
from relay.records.task import Concept, Form, Given, Law, Operation, Phenomenon, Row, Sort, Task, TellingWord
from relay.records.user_files import read_user_file
from relay.records.yaml_text import read_yaml

LARGEST = 1_000_000
"""Largest size of a task file in bytes. Reading one of this size takes seconds."""


class TaskFile(Record):
    """The task in a YAML file."""

    path: Annotated[str, CopiedFile("task file")]
    """The file, absolute or relative to the working directory."""
    brief: str | None = None
    """Name of one of the file's briefs; None: the first."""
    seed: int | None = None
    """Ignored: a file gives the same task for every seed. All tasks have this field."""

    def build(self, seed: int) -> Task:
        """The task. Raises `TaskError` if the file can't be read or does not have the form of a task."""
        # not the whole path: the same file is the same task, wherever it lies
        parameters = {"path": Path(self.path).name, "brief": self.brief}
        return resolve(read_task_file(Path(self.path)), self.path, self.brief, parameters)


class Brief(Record):
    """The text that researchers read, and the phenomena that are shown with it."""

    text: str
    vocabulary: tuple[TellingWord, ...] = ()
    """Words in the text and the phenomena that betray the field; see `relay.records.task.Task`."""
    phenomena: tuple[Phenomenon, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _short_rows(cls, data: Any) -> Any:
        """A row `[[input, ...], output]` stands for `{inputs: [input, ...], output: output}`."""
        return _rewritten(data, "phenomena", lambda item: _rewritten(item, "rows", _row))


class TaskContents(Record):
    """The contents of a task file: a task whose brief is not chosen yet."""

    name: str
    statement_size: int
    given: Given
    briefs: dict[str, Brief]
    references: tuple[str, ...] = ()
    concepts: tuple[Concept, ...]

    @model_validator(mode="before")
    @classmethod
    def _short_forms_and_laws(cls, data: Any) -> Any:
        """A form or law given as text stands for `{source: text}`. Prerequisites may be given with their reasons."""
        return _rewritten(
            data, "concepts", lambda item: _reasons(_rewritten(_rewritten(item, "forms", _source), "laws", _source))
        )


FIELDS = sorted(
    {
        name
        for kind in (TaskContents, Brief, Given, Sort, Operation, Concept, Form, Law, Phenomenon, Row)
        for name in kind.model_fields
    }
)
"""All field names of a task file, for suggestions. Names of briefs and of sampled parameters are not among them."""


def read_task_file(path: Path) -> TaskContents:
    """Read a task file. Raises `TaskError` with the file, the place in it and what was expected."""
    try:
        text = read_user_file(path, LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not a UTF-8 text"
        raise TaskError(f"task file {path}: {reason}; give the path of a readable YAML file") from None
    return _parsed(path, text)


@lru_cache(maxsize=8)  # by the text: the file may be edited meanwhile
def _parsed(path: Path, text: str) -> TaskContents:
    try:
        data = read_yaml(text)
    except (YAMLError, ValueError) as error:
        raise TaskError(f"task file {path}: not YAML: {_first_line(error)}; fix it there") from None
    if not isinstance(data, dict):
        raise TaskError(f"task file {path}: expected a mapping with the fields of a task, found {_kind(data)}")
    try:
        return TaskContents.model_validate(data)
    except ValidationError as error:
        # a misspelt field first: other errors often follow from it
        first = min(error.errors(), key=lambda found: found["type"] != "extra_forbidden")
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        where = _concept_at(data, first["loc"])
        # pydantic begins its messages with a capital letter; here they follow a colon
        what = f"{first['msg'][:1].lower()}{first['msg'][1:]}"
        if first["type"] == "extra_forbidden":
            close = get_close_matches(str(first["loc"][-1]), FIELDS, n=1)
            what = f"there is no such field; {f'did you mean `{close[0]}`?' if close else 'remove it'}"
        raise TaskError(f"task file {path}: {place}{where}: {what}") from None


def resolve(contents: TaskContents, where: str, brief: str | None, parameters: dict[str, Any]) -> Task:
    """The task with the brief that `brief` names, or with the first if it is None. Raises `TaskError` if there is no
    such brief. `where` names the file in messages."""
    if not contents.briefs:
        raise TaskError(
            f"task file {where}: `briefs` is empty; give at least one, as `briefs: {{blind: {{text: ...}}}}`"
        )
    chosen = next(iter(contents.briefs)) if brief is None else brief
    if chosen not in contents.briefs:
        raise TaskError(f"task file {where}: no brief `{chosen}`; give one of {', '.join(contents.briefs)}")
    return Task(
        name=contents.name,
        parameters=parameters,
        brief=contents.briefs[chosen].text.strip(),
        given=contents.given,
        statement_size=contents.statement_size,
        references=contents.references,
        concepts=contents.concepts,
        phenomena=contents.briefs[chosen].phenomena,
        vocabulary=contents.briefs[chosen].vocabulary,
    )


def _rewritten(data: Any, field: str, change: Any) -> Any:
    """`data` with `change` applied to each item of the list `field`. Data of another form is returned as it is; the
    records then report it."""
    if not isinstance(data, dict) or not isinstance(data.get(field), list):
        return data
    return {**data, field: [change(item) for item in data[field]]}


def _source(item: Any) -> Any:
    return {"source": item} if isinstance(item, str) else item


def _reasons(item: Any) -> Any:
    """`item` with its prerequisites and their reasons as two fields, if they are given together as `prerequisites: {id:
    reason}`."""
    if not isinstance(item, dict) or not isinstance(item.get("prerequisites"), dict):
        return item
    return {**item, "prerequisites": list(item["prerequisites"]), "reasons": item["prerequisites"]}


def _row(item: Any) -> Any:
    return {"inputs": item[0], "output": item[1]} if isinstance(item, list) and len(item) == 2 else item


def _concept_at(data: dict[str, Any], place: tuple[int | str, ...]) -> str:
    """The id of the concept that contains a place, in brackets; empty if none does."""
    match place:
        case ("concepts", int(index), *_):
            item = data["concepts"][index]
            if isinstance(item, dict) and isinstance(item.get("id"), str):
                return f" (concept `{item['id']}`)"
    return ""


def _first_line(error: Exception) -> str:
    """The error in one line, with its position if the loader knows it."""
    problem = getattr(error, "problem", None)
    mark = getattr(error, "problem_mark", None)
    if problem and mark is not None:
        return f"line {mark.line + 1}, column {mark.column + 1}: {problem}"
    return (str(error) or type(error).__name__).splitlines()[0]


def _kind(data: Any) -> str:
    known = {"NoneType": "nothing", "list": "a list", "str": "a text"}
    return known.get(type(data).__name__, f"a {type(data).__name__}")

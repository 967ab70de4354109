"""The files that components are read from: named in the condition by `files/NAME`, and read from a copy in the trial.

A condition never has a user's path: it would differ from folder to folder, and mean nothing on another machine.
`FileCollection` replaces paths by names of copies while a condition is resolved; `verified` finds the files again and
compares their hashes, before anything is imported from them; `located` replaces the names by paths, so that components
can be built.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import count
from pathlib import Path, PurePosixPath
from typing import Any, get_args

from relay.component_code import gathered, read_code
from relay.components import find
from relay.errors import UsageError
from relay.records.condition import FILES, Condition, FileCopy
from relay.records.head import sha256
from relay.records.marks import CopiedFile, copied_files
from relay.records.record import Record
from relay.records.spec import ComponentSpec, code_reference, read_spec
from relay.records.trial_notes import NAME, read_source
from relay.records.user_files import read_user_file

__all__ = ["FileCollection", "located", "model_specs", "needed_trials", "put_model", "verified"]

SHIPPED = f"{FILES}/relay"
"""The folder of the copies of files that relay ships."""


def model_specs(kind: type[Record], parameters: Mapping[str, Any]) -> Iterator[tuple[str, ComponentSpec]]:
    """The models among a component's parameters: their places, with the specs. A place is the name of a field, or
    `FIELD.NUMBER`, from 1, in a field with several models."""
    for name, value in parameters.items():
        info = kind.model_fields.get(name)
        annotation = None if info is None else info.annotation
        if ComponentSpec not in (annotation, *get_args(annotation)):
            continue
        if isinstance(value, Mapping):
            yield name, ComponentSpec.model_validate(value)
        elif isinstance(value, list | tuple):
            for number, each in enumerate(value, 1):
                yield f"{name}.{number}", ComponentSpec.model_validate(each)


def put_model(parameters: dict[str, Any], place: str, spec: ComponentSpec) -> None:
    """Put the spec of a model into its place among the parameters of a component; `place` as in `model_specs`."""
    name, _, number = place.partition(".")
    data = spec.model_dump(mode="json")
    if not number:
        parameters[name] = data
        return
    several = list(parameters[name])
    several[int(number) - 1] = data
    parameters[name] = several


def needed_trials(group: str, source: str | Mapping[str, Any] | ComponentSpec) -> tuple[Path, ...]:
    """The directories of the trials that a component needs, which have to be run before a condition with it can be
    resolved. Raises `UsageError` if there is no such component."""
    spec = read_spec(source)
    marks = copied_files(find(group, spec.name))
    return tuple(
        Path(str(spec.parameters[name])) for name, mark in marks.items() if mark.trial and name in spec.parameters
    )


class FileCollection:
    """The files of a condition, collected component by component."""

    def __init__(self) -> None:
        self._copies: dict[str, FileCopy] = {}
        self._sources: dict[str, Path] = {}
        self._folders: dict[str, dict[str, bytes]] = {}
        """Folder of copies -> name in it -> contents."""
        self._code: dict[str, dict[str, frozenset[str]]] = {}
        """Folder of copies -> name of a component's file -> all files that belong to it."""

    @property
    def copies(self) -> dict[str, FileCopy]:
        """Name of a copy -> the copy, for all files."""
        return self._copies

    @property
    def sources(self) -> dict[str, Path]:
        """Name of a copy -> where the file lies, absolute."""
        return self._sources

    def collect(self, field: str, group: str, spec: ComponentSpec) -> ComponentSpec:
        """Collect the files of a component that the field `field` of a condition has. Returns its spec with names of
        copies in place of paths. `spec` must be resolved."""
        kind = find(group, spec.name)
        parameters = dict(spec.parameters)
        for name, mark in copied_files(kind).items():
            if name in parameters:
                parameters[name] = _each(parameters[name], partial(self._marked, field, mark=mark))
        for place, model in model_specs(kind, spec.parameters):
            put_model(parameters, place, self.collect(field, "relay.models", model))
        name = self._marked(field, spec.name, CopiedFile(code=True))
        return ComponentSpec(name=name, parameters=parameters)

    def add(self, field: str, path: Path, noun: str) -> str:
        """Collect a file that belongs to no component, but to the field `field` of a condition. Returns the name of the
        copy."""
        return self._marked(field, str(path), CopiedFile(noun))

    def _marked(self, field: str, value: str, mark: CopiedFile) -> str:
        if mark.code:
            reference = code_reference(value)
            return value if reference is None else f"{self._add_code(field, Path(reference[0]))}:{reference[1]}"
        shipped = mark.shipped(value)
        path_of = Path(value) if shipped is None else shipped
        data = _read(path_of, mark)
        if shipped is None and path_of.is_dir():
            return self._place(field, path_of.absolute(), NAME, {NAME: data}, mark.noun, made=True)
        if shipped is None:
            return self._place(field, path_of.absolute().parent, path_of.name, {path_of.name: data}, mark.noun)
        self._put(field, SHIPPED, shipped.parent, {shipped.name: data}, mark.noun)
        return value

    def _add_code(self, field: str, path: Path) -> str:
        code = read_code(path)
        return self._place(field, code.path.parent, code.path.name, code.files, "file", code=True)

    def _place(
        self,
        field: str,
        source: Path,
        name: str,
        files: Mapping[str, bytes],
        noun: str,
        code: bool = False,
        made: bool = False,
    ) -> str:
        """Put a file and those that belong to it into the first folder in which they fit. Returns the file's name.

        `source` is the folder where they lie; with `made`, the directory that the file is made of.
        """
        for number in count(1):
            folder = FILES if number == 1 else f"{FILES}/{number}"
            if self._fits(folder, name, files, code):
                break
        self._put(field, folder, source, files, noun, made)
        if code:
            self._code.setdefault(folder, {})[name] = frozenset(files)
        return f"{folder}/{name}"

    def _fits(self, folder: str, name: str, files: Mapping[str, bytes], code: bool) -> bool:
        # in the first folder these would be taken for the other ones
        if folder == FILES and (name.isdigit() or name == PurePosixPath(SHIPPED).name):
            return False
        together = {**self._folders.get(folder, {}), **files}
        if any(together[each] != data for each, data in self._folders.get(folder, {}).items()):
            return False
        if any(str(above) in together for each in together for above in PurePosixPath(each).parents):
            return False
        # beside other files a component's file must import what it imports where it lies, and nothing else
        wanted = {**self._code.get(folder, {}), **({name: frozenset(files)} if code else {})}
        return all(gathered(each, together.get).keys() == own for each, own in wanted.items())

    def _put(
        self, field: str, folder: str, source: Path, files: Mapping[str, bytes], noun: str, made: bool = False
    ) -> None:
        self._folders.setdefault(folder, {}).update(files)
        for name, data in files.items():
            key = f"{folder}/{name}"
            users = self._copies[key].used_by if key in self._copies else ()
            self._copies[key] = FileCopy(
                sha256=sha256(data),
                used_by=users if field in users else (*users, field),
                noun=noun,
            )
            self._sources.setdefault(key, source if made else source / name)


def verified(condition: Condition) -> dict[str, Path]:
    """Name of a copy -> where the file lies, for all files of a condition. Raises `UsageError` if a file is missing, or
    is not the one that the condition names. Nothing is imported."""
    found: dict[str, Path] = {}
    for name, copy in condition.files.items():
        path = condition.origin.sources.get(name)
        if path is None:
            raise UsageError(f"the condition names {name}, and nothing says where it is; read it from its trial")
        try:
            data = read_source(path)
        except OSError as error:
            why = error.strerror or error
            raise UsageError(f"the {copy.noun} {path} can't be read: {why}; restore it or start a new trial") from None
        if sha256(data) != copy.sha256:
            raise UsageError(
                f"the {copy.noun} {path} was changed since the condition was written: its SHA-256 is not "
                f"{copy.sha256[:12]}...; restore it or start a new trial"
            )
        found[name] = path
    return found


def located(group: str, spec: ComponentSpec, paths: Mapping[str, Path]) -> ComponentSpec:
    """The spec of a component with the paths of its files in place of their names, so that it can be built.

    `paths` are those of `verified`. Raises `UsageError` if the spec names a file that is not among them.
    """
    name = _path_of(spec.name, CopiedFile(code=True), paths)
    kind = find(group, name)
    parameters = dict(spec.parameters)
    for field, mark in copied_files(kind).items():
        if field in parameters:
            parameters[field] = _each(parameters[field], partial(_path_of, mark=mark, paths=paths))
    for place, model in model_specs(kind, spec.parameters):
        put_model(parameters, place, located("relay.models", model, paths))
    return ComponentSpec(name=name, parameters=parameters)


def _each(value: Any, replaced: Callable[[str], str]) -> Any:
    """The value of a field with paths, with each of them replaced; None and empty texts stay."""
    if isinstance(value, list | tuple):
        return [replaced(str(path)) if path else path for path in value]
    return replaced(str(value)) if value else value


def _path_of(value: str, mark: CopiedFile, paths: Mapping[str, Path]) -> str:
    if not mark.code:
        own = (path for name, path in paths.items() if PurePosixPath(name).parent == PurePosixPath(SHIPPED))
        shipped = next((path for path in own if path.stem == value), None) or mark.shipped(value)
        return str(shipped or _known(value, paths))
    reference = code_reference(value)
    if reference is None:
        return value
    name, attribute = reference
    path = _known(name, paths)
    for each, data in read_code(path).files.items():
        copy = paths.get(str(PurePosixPath(name).parent / each))
        if copy is None or read_user_file(copy) != data:
            raise UsageError(
                f"{path} imports {path.parent / each}, which is not among the files of the trial; remove it there"
            )
    return f"{path}:{attribute}"


def _known(name: str, paths: Mapping[str, Path]) -> Path:
    if name not in paths:
        raise UsageError(
            f"the condition names the file `{name}`, of which the trial has no copy; start a new trial with `relay run`"
        )
    return paths[name]


def _read(path: Path, mark: CopiedFile) -> bytes:
    wanted = "a trial's directory" if mark.trial else "a file's path"
    if mark.trial and path.exists() and not path.is_dir():  # a file of notes is of nobody knows which trial
        raise UsageError(f"{path} is no trial's directory; give one, whose notes are read and verified")
    try:
        return read_source(path) if mark.trial else read_user_file(path)
    except OSError as error:
        raise UsageError(f"the {mark.noun} {path} can't be read: {error.strerror or error}; give {wanted}") from None

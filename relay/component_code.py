"""Python files that components are read from: the file, the modules beside it that it imports, and their import.

A file may import modules and packages that lie in its folder. They are found in its text, so that they can be copied
with it; what is found nowhere in the folder is imported as usual. A file and its modules are read once, and the bytes
that were read are what is run: no bytecode that an earlier version left behind is used. The module's name depends on
these bytes alone. So a file and a copy of it are one module, in every process, and a file that was edited is another.
"""

from __future__ import annotations

import ast
import hashlib
import inspect
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cached_property
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from traceback import walk_tb
from types import FrameType, ModuleType

from relay.errors import UsageError
from relay.records.record import Record
from relay.records.user_files import read_user_file

__all__ = [
    "ComponentCode", "defined_at", "failing_place", "gathered", "how_to_mend", "import_code", "is_own", "load_file",
    "loaded_code", "read_code",
]  # fmt: skip

FILE_MODULE = "_relay_component_"
"""Prefix of the names of modules read from files; a hash of the contents follows."""

MOST_FILES = 64
"""Most files of one component: its own and the modules beside it."""
MOST_BYTES = 1 << 20
"""Most bytes of these files together."""

OWN = frozenset({"agents", "analysis", "cli", "relay", "tasks"})
"""Relay's own packages and modules at the top level."""
ELSEWHERE = OWN | sys.stdlib_module_names
"""Names that are never looked up beside a component: relay's own modules, whose version a condition has, and those of
Python."""

Reader = Callable[[str], bytes | None]
"""From a file's name within a folder to its contents; None if there is no such file."""


@dataclass(frozen=True)
class ComponentCode:
    """A Python file as it was read, with the modules beside it that it imports."""

    path: Path
    """The file, absolute."""
    files: Mapping[str, bytes]
    """Name within the file's folder -> contents, for the file and for each module beside it."""

    @cached_property
    def module(self) -> str:
        """The name of the module that the file becomes."""
        whole = hashlib.sha256(self.path.name.encode())
        for name, data in sorted(self.files.items()):
            whole.update(f"\n{name} ".encode() + hashlib.sha256(data).digest())
        return FILE_MODULE + whole.hexdigest()[:16]

    @cached_property
    def beside(self) -> dict[str, str]:
        """Dotted name -> name of the file, for each module beside the file."""
        names = (name for name in self.files if name != self.path.name)
        return {name.removesuffix(".py").removesuffix("/__init__").replace("/", "."): name for name in names}


def read_code(path: Path) -> ComponentCode:
    """Read a Python file and the modules beside it that it imports. Raises `UsageError` if the file can't be read, or
    if there are too many of them."""
    place = path.resolve()

    def read(name: str) -> bytes | None:
        file = place.parent / name
        try:
            if not file.is_file():
                return None
            # too large to be one of at most `MOST_BYTES`: the sum below will say so
            return b"" if file.stat().st_size > MOST_BYTES else read_user_file(file, MOST_BYTES)
        except OSError as error:
            raise UsageError(f"`{file}` can't be read: {error.strerror or error}; fix its permissions") from None

    files = gathered(place.name, read)
    size = sum((place.parent / name).stat().st_size for name in files)
    if len(files) > MOST_FILES or size > MOST_BYTES:
        raise UsageError(
            f"`{path}` and the modules beside it that it imports are {len(files)} files with {size:,} bytes; at most "
            f"{MOST_FILES} files and {MOST_BYTES:,} bytes are copied into a trial; install them as a package instead"
        )
    return ComponentCode(path=place, files=files)


def gathered(name: str, read: Reader) -> dict[str, bytes]:
    """The file `name` of a folder and the modules in the folder that it imports, and these in turn: name -> contents.

    Imports are found anywhere in the text, also inside functions. Once there are too many files, the search stops.
    """
    found: dict[str, bytes] = {}
    waiting: list[tuple[str, str]] = [(name, "")]
    while waiting and len(found) <= MOST_FILES:
        file, package = waiting.pop()
        data = read(file)
        if data is None or file in found:
            continue
        found[file] = data
        for module in _imported(data, package):
            waiting += _lying_in(read, module)
    if not found:
        raise UsageError(f"the file `{name}` does not exist")
    return found


def _imported(data: bytes, package: str) -> Iterator[str]:
    """Dotted names that a text imports, or may: `from a import b` gives `a` and `a.b`. `package` is the dotted name of
    the package that the text belongs to."""
    try:
        tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # its import will say so
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level and package else []
            if node.level and not above:  # beyond the folder, or in a file that is in no package
                continue
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _lying_in(read: Reader, module: str) -> Iterator[tuple[str, str]]:
    """The files in a folder that the import of `module` runs, each with its package."""
    parts = module.split(".")
    if parts[0] in ELSEWHERE:
        return
    for length in range(1, len(parts) + 1):
        stem = "/".join(parts[:length])
        if read(f"{stem}/__init__.py") is not None:
            yield f"{stem}/__init__.py", ".".join(parts[:length])
        elif read(f"{stem}.py") is not None:
            yield f"{stem}.py", ".".join(parts[: length - 1])
            return  # a module that is no package holds no other


# --- importing -------------------------------------------------------------------------------------------------------


class _HeldSource(SourceLoader):
    """Loads a module from bytes that were read before. It has no bytecode."""

    def __init__(self, path: str, data: bytes) -> None:
        self._path, self._data = path, data

    def get_filename(self, fullname: str) -> str:
        return self._path

    def get_data(self, path: str | bytes) -> bytes:
        return self._data if path == self._path else Path(str(path)).read_bytes()


class _Beside(MetaPathFinder):
    """Finds the modules that lie beside components, whenever they are imported."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[Path, bytes]] = {}
        """Dotted name -> file and contents."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname in self.known:
            file, data = self.known[fullname]
            found = spec_from_loader(fullname, _HeldSource(str(file), data), is_package=file.name == "__init__.py")
            if found is not None and found.submodule_search_locations:
                found.submodule_search_locations = []  # else it could import modules that are not copied
            return found
        if not any(name.startswith(f"{fullname}.") for name in self.known):
            return None
        # a folder without `__init__.py`, unless there is such a package elsewhere
        spec = PathFinder.find_spec(fullname, path)
        if spec is None:
            spec = ModuleSpec(fullname, None, is_package=True)
            spec.submodule_search_locations = []
        return spec


_BESIDE = _Beside()
_LOADED: dict[str, ComponentCode] = {}
"""Module name -> code, for every component file that this process has imported, in that order."""


def load_file(path: Path) -> ModuleType:
    """The module in a file, which is imported on the first call with these contents. Raises `UsageError`."""
    return import_code(read_code(path))


def is_own(module: str) -> bool:
    """Whether a module, by its dotted name, is relay's own, and none of a user's or of another distribution."""
    return module.partition(".")[0] in OWN


def loaded_code() -> tuple[ComponentCode, ...]:
    """The component files that this process has imported, in that order. Worker processes need them too."""
    return tuple(_LOADED.values())


def failing_place(error: BaseException) -> str | None:
    """Where an error arose in a component that is not relay's own, as `Mine.show` (FILE, line N); None if it passed
    through none. Of several places it is the innermost."""
    places = [(frame, line) for frame, line in walk_tb(error.__traceback__) if _is_of_a_component(frame)]
    if not places:
        return None
    frame, line = places[-1]
    return f"`{frame.f_code.co_qualname}` ({frame.f_code.co_filename}, line {line})"


def how_to_mend(place: str) -> str:
    """What to do about a mistake at a place that `failing_place` or `defined_at` names, with a semicolon before it. A
    trial runs a copy of a user's file, and can't be read again if that is changed."""
    file = place.rpartition("(")[2].rpartition(", line ")[0]
    own = f"mend your own {Path(file).name}, not the trial's copy" if file else "mend it"
    return f"; {own}, then begin anew: `relay run` with --fresh"


def _is_of_a_component(frame: FrameType) -> bool:
    name = frame.f_globals.get("__name__", "")
    if name.startswith(FILE_MODULE):
        return True
    # of an installed one: a method of a record that another distribution defines
    kinds = type(frame.f_locals.get("self")).__mro__
    return Record in kinds and not is_own(name) and name in {kind.__module__ for kind in kinds[: kinds.index(Record)]}


def defined_at(kind: type, name: str = "") -> str:
    """Where a class, or its method or property `name`, is defined, as (FILE, line N); empty if that is unknown."""
    found = inspect.getattr_static(kind, name, kind) if name else kind
    found = getattr(found, "fget", getattr(found, "__func__", found))
    code = getattr(inspect.unwrap(found), "__code__", None)
    if code is not None:
        return f"({code.co_filename}, line {code.co_firstlineno})"
    try:
        return f"({inspect.getsourcefile(kind)}, line {inspect.getsourcelines(kind)[1]})"
    except (OSError, TypeError):
        return ""


def import_code(code: ComponentCode) -> ModuleType:
    """The module that `code` becomes, which is imported on the first call. Raises `UsageError` if that fails, or if a
    module beside it has the name of another that is loaded already."""
    name = code.module
    if name in _LOADED:
        return sys.modules[name]
    if _BESIDE not in sys.meta_path:
        sys.meta_path.insert(0, _BESIDE)  # a folder's own modules come first, as they do for a script
    new = _announce(code)
    loader = _HeldSource(str(code.path), code.files[code.path.name])
    spec = spec_from_loader(name, loader)
    assert spec is not None
    module = module_from_spec(spec)
    # before it runs: pydantic looks up a class's module there to resolve annotations
    sys.modules[name] = module
    try:
        with redirect_stdout(sys.stderr), warnings.catch_warnings():  # standard output is for results
            # a field in the place of a method or a property has no value that anybody expects
            warnings.filterwarnings("error", "Field name .* shadows an attribute", UserWarning)
            loader.exec_module(module)
    # also for Ctrl-C: a module that ran only half must not remain
    except BaseException as error:
        for each in (name, *new):
            sys.modules.pop(each, None)
            _BESIDE.known.pop(each, None)
        if isinstance(error, Exception | SystemExit):
            raise UsageError(
                f"`{code.path}` can't be imported: {type(error).__name__}: {error}{_import_place(error, code)}"
            ) from error
        raise
    _LOADED[name] = code
    return module


def _import_place(error: BaseException, code: ComponentCode) -> str:
    """Where the import of a file failed, as (FILE, line N), with a space before it. A syntax error says so itself."""
    own = {str(code.path.parent / name) for name in code.files}
    places = [(frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__)]
    found = [f" ({file}, line {line})" for file, line in places if file in own]
    return found[-1] if found and not isinstance(error, SyntaxError) else ""


def _announce(code: ComponentCode) -> list[str]:
    """Have the modules beside a file found when they are imported, and return the names that are new."""
    for name, file in code.beside.items():
        if (there := _contents(name)) is not None and there[1] != code.files[file]:
            raise UsageError(
                f"`{code.path}` imports `{name}` from its folder, and another module of that name is loaded already, "
                f"from {there[0]}; rename one of them, or run this in a process of its own"
            )
    new = [name for name in code.beside if name not in _BESIDE.known and name not in sys.modules]
    _BESIDE.known.update({name: (code.path.parent / code.beside[name], code.files[code.beside[name]]) for name in new})
    return new


def _contents(name: str) -> tuple[str, bytes | None] | None:
    """Where a module that can be imported already comes from, and its text; None if it is not loaded."""
    if name in _BESIDE.known:
        file, data = _BESIDE.known[name]
        return str(file), data
    if name not in sys.modules:
        return None
    place = getattr(sys.modules[name], "__file__", None)
    try:
        return str(place), None if place is None else Path(place).read_bytes()
    except OSError:
        return str(place), None

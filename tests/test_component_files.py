"""Files of components: what is copied, how a condition names it, and that a file and its copy are one module."""

from __future__ import annotations

import asyncio
import hashlib
import os
import pickle
import sys
from pathlib import Path
from typing import Any

import pytest

from relay.component_code import MOST_BYTES, MOST_FILES, gathered, load_file, read_code
from relay.component_files import FileCollection, located, verified
from relay.components import build, resolve
from relay.errors import UsageError
from relay.records.condition import Condition, Origin
from relay.records.spec import ComponentSpec
from relay.scoring.workers import Workers
from relay.trial.directory import TrialDirectory
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.setup import TrialSetup, task_of

SCHEME = "from relay.schemes.notes.ledger import Ledger\n\n\nclass Scheme(Ledger):\n    pass\n"


def laid(folder: Path, **files: str) -> Path:
    """Write files; `__` in a name is a slash, and each is Python. Returns the folder."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def with_scheme(*paths: Path) -> Condition:
    """A condition whose note scheme, and whose agent if there is a second path, are read from files."""
    agent = f"{paths[1]}:Agent" if len(paths) > 1 else "explorer"
    return resolve_condition("alien", agent=agent, schemes=Schemes(notes=f"{paths[0]}:Scheme"))


def found(folder: Path, name: str = "scheme.py") -> list[str]:
    return sorted(read_code(folder / name).files)


def test_what_a_file_imports_from_its_folder_is_found(tmp_path: Path) -> None:
    laid(
        tmp_path,
        scheme="import first\nfrom pack import part, NAME\nimport json, random\nfrom bare.deep import leaf\n",
        first="def f():\n    import second\n",
        second="import first\n",
        third="",
        random="",
        pack____init__="X",
        pack__inner="from ..pack import other\nfrom ... import beyond\n",
        pack__other="",
        pack__part="from . import other\nfrom .under.low import x\n",
        pack__under____init__="",
        pack__under__low="",
        pack__unused="",
        bare__deep__leaf="import relay\n",
        relay="",
    )
    (tmp_path / "pack/__init__.py").write_text("from .inner import NAME\n")
    (tmp_path / "pack/under/__init__.py").write_text("")
    wanted = [
        "bare/deep/leaf.py", "first.py", "pack/__init__.py", "pack/inner.py", "pack/other.py", "pack/part.py",
        "pack/under/__init__.py", "pack/under/low.py", "scheme.py", "second.py",
    ]  # fmt: skip
    assert found(tmp_path) == wanted


def test_there_are_bounds(tmp_path: Path) -> None:
    many = {f"m{number}": "" for number in range(MOST_FILES)}
    laid(tmp_path, scheme="\n".join(f"import {name}" for name in many), **many)
    with pytest.raises(UsageError, match=r"at most 64 files and 1,048,576 bytes .* install them as a package") as error:
        load_file(tmp_path / "scheme.py")
    assert "\n" not in str(error.value)
    laid(tmp_path, scheme="import m0", m0="#" * MOST_BYTES)
    with pytest.raises(UsageError, match="2 files with 1,048,585 bytes"):
        load_file(tmp_path / "scheme.py")


def test_a_file_that_is_no_python_says_so(tmp_path: Path) -> None:
    for text in ("def f(:", "x = 1 / 0", "\0", "import first"):
        (tmp_path / "first.py").write_text("import nowhere")
        (tmp_path / "scheme.py").write_text(text)
        with pytest.raises(UsageError, match=r"scheme\.py` can't be imported: \w+Error"):
            load_file(tmp_path / "scheme.py")
    # a module that could not be imported leaves nothing behind
    laid(tmp_path, scheme="import first\n", first="X = 5\n")
    assert load_file(tmp_path / "scheme.py").first.X == 5


def test_a_file_and_its_copy_are_one_module(tmp_path: Path) -> None:
    text = "import helper_one\nWORD = helper_one.WORD\n"
    text += "def later():\n    import helper_two\n    return helper_two.WORD\n"
    for name in ("mine", "copy"):
        laid(tmp_path / name, scheme=text, helper_one="WORD = 'one'\n", helper_two="WORD = 'two'\n")
    module = load_file(tmp_path / "mine/scheme.py")
    assert load_file(tmp_path / "copy/scheme.py") is module
    for path in (tmp_path / "mine").iterdir():
        path.unlink()
    assert (module.WORD, module.later()) == ("one", "two"), "what was read is what is run"
    (tmp_path / "copy/scheme.py").write_text(text + "# another\n")
    assert load_file(tmp_path / "copy/scheme.py") is not module


def test_no_bytecode_is_older_than_its_file(tmp_path: Path) -> None:
    """An edit that changes neither the size nor the time would go unnoticed by Python's own cache."""
    laid(tmp_path, scheme="import stale_helper\n", stale_helper="X = 1\n")
    sys.path.insert(0, str(tmp_path))
    try:
        import stale_helper  # type: ignore[import-not-found]  # noqa: PLC0415
    finally:
        sys.path.remove(str(tmp_path))
    before = (tmp_path / "stale_helper.py").stat()
    del sys.modules["stale_helper"]
    (tmp_path / "stale_helper.py").write_text("X = 2\n")
    os.utime(tmp_path / "stale_helper.py", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert stale_helper.X == 1
    assert load_file(tmp_path / "scheme.py").stale_helper.X == 2


def test_two_modules_of_one_name_are_told_in_one_line(tmp_path: Path) -> None:
    laid(tmp_path / "a", scheme="import same_name\n", same_name="X = 1\n")
    laid(tmp_path / "b", scheme="import same_name\n# b\n", same_name="X = 2\n")
    laid(tmp_path / "c", scheme="import same_name\n# c\n", same_name="X = 1\n")
    load_file(tmp_path / "a/scheme.py")
    with pytest.raises(UsageError, match=r"imports `same_name` from its folder, and another module .*a/same_name\.py"):
        load_file(tmp_path / "b/scheme.py")
    assert load_file(tmp_path / "c/scheme.py").same_name.X == 1
    laid(tmp_path / "d", scheme="import pytest\n", pytest="X = 2\n")
    with pytest.raises(UsageError, match="another module of that name is loaded already"):
        load_file(tmp_path / "d/scheme.py")


# --- in a condition --------------------------------------------------------------------------------------------------


def test_a_condition_names_copies(tmp_path: Path) -> None:
    laid(tmp_path / "far", scheme=SCHEME + "import near_helper\n", near_helper="")
    chosen = with_scheme(tmp_path / "far/scheme.py")
    assert chosen.notes.name == "files/scheme.py:Scheme"
    assert list(chosen.files) == ["files/near_helper.py", "files/scheme.py"]
    data = (tmp_path / "far/scheme.py").read_bytes()
    assert chosen.files["files/scheme.py"].sha256 == hashlib.sha256(data).hexdigest()
    assert chosen.files["files/near_helper.py"].used_by == ("notes",)
    assert str(tmp_path) not in chosen.to_yaml()
    assert chosen.origin.sources["files/scheme.py"] == tmp_path / "far/scheme.py"
    assert Condition.from_yaml(chosen.to_yaml(), "it") == chosen


def test_the_same_command_in_another_folder_is_the_same_condition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid(tmp_path / "a/b", scheme=SCHEME)
    texts = []
    for folder, path in (("a", "b/scheme.py"), ("a/b", "scheme.py"), (".", "a/b/../b/scheme.py")):
        monkeypatch.chdir(tmp_path / folder)
        texts.append(with_scheme(Path(path)).to_yaml())
    assert len(set(texts)) == 1


def test_links_are_followed(tmp_path: Path) -> None:
    laid(tmp_path / "far", scheme_now=SCHEME + "import linked_helper\n", linked_helper="")
    (tmp_path / "far/rules.txt").write_text("Be brief.")
    for link, target in (("scheme.py", "scheme_now.py"), ("mine.md", "rules.txt")):
        (tmp_path / link).symlink_to(tmp_path / "far" / target)
    agent = {"name": "llm", "parameters": {"model": "mock/script", "rules": f"{tmp_path}/mine.md"}}
    chosen = resolve_condition("alien", agent=agent, schemes=Schemes(notes=f"{tmp_path}/scheme.py:Scheme"))
    assert list(chosen.files) == ["files/linked_helper.py", "files/mine.md", "files/scheme_now.py"]
    there = TrialDirectory(tmp_path / "trial").copy_files(chosen)
    assert TrialSetup.of(there, task_of(there)).agent and not (tmp_path / "trial/files/mine.md").is_symlink()


def test_files_of_one_name_get_folders_of_their_own(tmp_path: Path) -> None:
    agent = "from agents.explorer import Explorer\n\n\nclass Agent(Explorer):\n    pass\n"
    laid(tmp_path / "a", same=SCHEME)
    laid(tmp_path / "b", same=agent)
    chosen = with_scheme(tmp_path / "a/same.py", tmp_path / "b/same.py")
    assert (chosen.agent.name, chosen.notes.name) == ("files/same.py:Agent", "files/2/same.py:Scheme")
    both = laid(tmp_path / "c", same=SCHEME + agent)
    chosen = with_scheme(both / "same.py", both / "same.py")
    assert chosen.files.keys() == {"files/same.py"} and chosen.files["files/same.py"].used_by == ("agent", "notes")


def test_a_module_of_another_component_is_not_imported(tmp_path: Path) -> None:
    """Where it lies the agent's file finds no module `extra`, so its copy must find none either."""
    agent = "try:\n    import extra_one\nexcept ImportError:\n    pass\nfrom agents.explorer import Explorer as Agent\n"
    laid(tmp_path / "a", agent=agent)
    laid(tmp_path / "b", scheme=SCHEME + "import extra_one\n", extra_one="")
    chosen = with_scheme(tmp_path / "b/scheme.py", tmp_path / "a/agent.py")
    assert list(chosen.files) == ["files/2/extra_one.py", "files/2/scheme.py", "files/agent.py"]
    assert gathered("agent.py", {"agent.py": agent.encode()}.get).keys() == {"agent.py"}


@pytest.mark.parametrize("name", ["2", "relay"])
def test_a_name_of_a_folder_is_not_taken(tmp_path: Path, name: str) -> None:
    for folder, text in (("a", "x"), ("b", "y")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(text)
    files = FileCollection()
    model = {"name": "openai", "parameters": {"name": "x", "chat_template": str(tmp_path / "a" / name)}}
    given = ComponentSpec(name="llm", parameters={"model": model, "rules": str(tmp_path / "b" / name)})
    files.collect("agent", "relay.agents", given)
    assert sorted(files.copies) == [f"files/2/{name}", f"files/3/{name}"]


@pytest.mark.parametrize("name", ["../x.py", "/x.py", "files/../x.py", "files/./x.py", "files", "files//x", "x.py"])
def test_a_condition_reaches_no_file_outside(name: str) -> None:
    copy = f"{{sha256: '{64 * '0'}', used_by: []}}"
    text = resolve_condition("alien").to_yaml().replace("files: {}", f"files: {{{name}: {copy}}}")
    with pytest.raises(UsageError, match="no path inside the folder files/"):
        Condition.from_yaml(text, "it")


@pytest.mark.parametrize("name", ["/x.py:X", "files/y.py:X", "files/scheme.py:x/evil.txt:X", "../scheme.py:X"])
def test_what_a_condition_names_must_be_among_its_files(tmp_path: Path, name: str) -> None:
    laid(tmp_path, scheme=SCHEME, y="raise SystemExit")
    (tmp_path / "evil.txt").write_text("raise SystemExit")
    chosen = with_scheme(tmp_path / "scheme.py")
    with pytest.raises(UsageError, match=r"no copy|no note scheme named"):
        located("relay.notes", ComponentSpec(name=name, parameters={}), verified(chosen))
    rules = ComponentSpec(
        name="llm", parameters={"model": {"name": "mock", "parameters": {"name": "script"}}, "rules": name}
    )
    with pytest.raises(UsageError, match="no copy"):
        located("relay.agents", rules, verified(chosen))


def test_copies_are_verified_before_anything_is_imported(tmp_path: Path) -> None:
    laid(tmp_path, scheme=SCHEME + "try:\n    import slipped_in\nexcept ImportError:\n    pass\n")
    chosen = with_scheme(tmp_path / "scheme.py")
    place = TrialDirectory(tmp_path / "trial")
    there = place.copy_files(chosen)
    assert build("relay.notes", located("relay.notes", there.notes, verified(there)))
    laid(tmp_path / "trial/files", slipped_in="raise SystemExit\n")
    with pytest.raises(UsageError, match=r"imports .*slipped_in\.py, which is not among the files of the trial"):
        located("relay.notes", there.notes, verified(there))
    laid(tmp_path / "trial/files", scheme="raise SystemExit\n")
    with pytest.raises(UsageError, match=r"files/scheme\.py was changed since .* restore it"):
        verified(there)
    (tmp_path / "trial/files/scheme.py").unlink()
    with pytest.raises(UsageError, match=r"files/scheme\.py can't be read: No such file .* restore it"):
        verified(there)
    with pytest.raises(UsageError, match="nothing says where it is"):
        verified(there.of_origin(Origin()))


def test_a_file_that_changed_since_is_not_copied(tmp_path: Path) -> None:
    laid(tmp_path, scheme=SCHEME)
    chosen = with_scheme(tmp_path / "scheme.py")
    laid(tmp_path, scheme=SCHEME + "# later\n")
    with pytest.raises(UsageError, match="was changed since the condition was written"):
        TrialDirectory(tmp_path / "trial").copy_files(chosen)


def test_a_component_of_ones_own_marks_its_fields(tmp_path: Path) -> None:
    marked = """
from pathlib import Path
from typing import Annotated

from relay.records.marks import TRANSPORT, CopiedFile
from relay.schemes.notes.ledger import Ledger


class Scheme(Ledger):
    rhymes: Annotated[str, CopiedFile("list of words")]
    other: Annotated[str | None, CopiedFile()] = None
    pause: Annotated[float, TRANSPORT] = 0.0

    def all(self) -> str:
        return Path(self.rhymes).read_text()
"""
    laid(tmp_path, marked=marked)
    (tmp_path / "words.txt").write_text("sea tree")
    notes = {"name": f"{tmp_path}/marked.py:Scheme", "parameters": {"rhymes": f"{tmp_path}/words.txt", "pause": 2}}
    chosen = resolve_condition("alien", schemes=Schemes(notes=notes))
    assert chosen.notes.parameters == {
        "rhymes": "files/words.txt",
        "other": None,
        "cap": 2000,
        "laws": 0.25,
        "words": 0.125,
    }
    assert chosen.files["files/words.txt"].noun == "list of words"
    with pytest.raises(UsageError, match=r"the list of words .*nowhere can't be read: No such file"):
        resolve_condition("alien", schemes=Schemes(notes={**notes, "parameters": {"rhymes": f"{tmp_path}/nowhere"}}))
    there = TrialDirectory(tmp_path / "trial").copy_files(chosen)
    for name in ("words.txt", "marked.py"):
        (tmp_path / name).unlink()
    made: Any = TrialSetup.of(there, task_of(there)).notes
    assert (made.all(), made.pause) == ("sea tree", 2)


def test_parameters_that_a_provider_does_not_declare_may_be_transport(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELAY_MODELS", "vllm")
    model = {"name": "vllm", "parameters": {"name": "x", "max_model_len": 8, "tensor_parallel_size": 2, "top_p": 0.9}}
    chosen = resolve_condition("alien", agent={"llm": {"model": model}})
    kept = chosen.agent.parameters["model"]["parameters"]
    assert kept == {"name": "x", "tokenizer": "", "chat_template": "", "reasoning_parser": "", "top_p": 0.9}
    assert chosen.origin.transport == {"agent.model": {"max_model_len": 8, "tensor_parallel_size": 2}}


# --- in other processes ----------------------------------------------------------------------------------------------


def test_workers_run_what_was_read(tmp_path: Path) -> None:
    """Also if the file was edited or removed since, and if it was read after the workers had started."""
    laid(tmp_path, first="import sent_one\n\n\ndef f():\n    return sent_one.X\n", sent_one="X = 1\n")
    laid(tmp_path, second="import sent_two\n\n\ndef f():\n    return sent_two.X\n", sent_two="X = 2\n")

    async def use() -> list[int]:
        async with Workers(1) as workers:
            one = load_file(tmp_path / "first.py").f
            (tmp_path / "sent_one.py").write_text("X = 7\n")
            answers = [await workers.run(one)]
            two = load_file(tmp_path / "second.py").f
            (tmp_path / "second.py").unlink()
            return [*answers, await workers.run(two)]

    assert asyncio.run(use()) == [1, 2]


def test_a_component_with_a_helper_can_be_pickled(tmp_path: Path) -> None:
    laid(tmp_path, scheme=SCHEME + "import pickled_helper\n", pickled_helper="")
    chosen = build("relay.notes", resolve("relay.notes", f"{tmp_path}/scheme.py:Scheme"))
    assert pickle.loads(pickle.dumps(chosen)) == chosen  # noqa: S301 (made here)

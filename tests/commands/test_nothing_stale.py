"""A trial whose files were edited: running again says what changed, and resuming goes on with the trial's copies."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import reduce
from pathlib import Path

import pytest

from relay.commands.arguments import price_table
from relay.records.log import hold
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.trial import resume_trial, run_trial
from tests.agents.server import Endpoint, beside
from tests.commands.conftest import Invoke, Result

ROOT = Path(__file__).resolve().parents[2]
TASK = (ROOT / "examples/counting.yaml").read_text(encoding="utf-8")
SCHEME = '''
from relay.schemes.notes.ledger import Ledger


class Scheme(Ledger):
    """The ledger, by another name."""
'''
MODEL = """
import json
from model_words import DOUBLE


def answer(request):
    if any(message.role == "assistant" for message in request.messages):
        return json.dumps({"actions": [{"action": "record", "statement": "a", "remark": str(request.seed)}]})
    return json.dumps({"actions": [{"action": "state", "source": DOUBLE}]})
"""
WORDS = 'DOUBLE = "define a(x: Hour) -> Hour = plus(x, x)"\n'
PRICES = "currency: USD\nmodels:\n  {model}: {{input: 2.5, output: 10}}\n  openai/other: {{input: 1, output: 1}}\n"
OPTIONS = ("-g", "3", "--turns", "2", "--money", "5", "--workers", "0", "--no-cache")


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a file of every kind."""
    here = tmp_path / "mine"
    here.mkdir()
    texts = {
        "task.yaml": TASK,
        "scheme.py": SCHEME,
        "model.py": MODEL,
        "model_words.py": WORDS,
        "rules.md": "Be brief.",
    }
    for name, text in {**texts, "prices.yaml": PRICES.format(model="mock/model.py:answer")}.items():
        (here / name).write_text(text, encoding="utf-8")
    return here


COMMAND = (
    "run", "task.yaml", "--agent", "llm(rules=rules.md)", "--model", "mock/model.py:answer",
    "--notes", "scheme.py:Scheme", "--prices", "prices.yaml", *OPTIONS,
)  # fmt: skip


@pytest.fixture
def again(relay: Invoke, files: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Give the command in the folder of its files."""
    monkeypatch.chdir(files)
    return lambda *more: relay(*COMMAND, "--out", files.parent / "trial", *more)


def contents(directory: Path) -> dict[str, tuple[bytes, int]]:
    """All files below a directory, with their times."""
    found = [path for path in directory.rglob("*") if path.is_file()]
    return {str(path.relative_to(directory)): (path.read_bytes(), path.stat().st_mtime_ns) for path in found}


def edit(path: Path, old: str = "", new: str = "# edited\n") -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1) if old else text + new, encoding="utf-8")


def refused(told: Result) -> str:
    assert (told.status, told.out, told.err.count("\n")) == (2, "", 1), told
    return told.err


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("scheme.py", "", "# edited\n", "the note scheme's file scheme.py has changed since the trial began"),
        ("task.yaml", "", "# edited\n", "the task file task.yaml has changed since the trial began"),
        ("rules.md", "", "Be kind.", "the prompt file rules.md has changed since the trial began"),
        ("prices.yaml", "2.5", "3", "the model's price: input (2.5 before, 3 now); "),
        ("model.py", "", "# edited\n", "the agent's file model.py has changed since the trial began"),
    ],
)
def test_an_edited_file_is_told(
    again: Callable[..., Result], files: Path, name: str, old: str, new: str, said: str
) -> None:
    assert again().status == 0
    before = contents(files.parent / "trial")
    edit(files / name, old, new)
    told = refused(again())
    assert said in told
    assert "--fresh" in told and "--out" in told and f"`relay resume {files.parent}/trial --trust`" in told
    assert contents(files.parent / "trial") == before


def test_an_edited_module_beside_a_file_is_told(again: Callable[..., Result], files: Path) -> None:
    assert again().status == 0
    before = contents(files.parent / "trial")
    edit(files / "model_words.py")
    # in a process of its own, since a process has one module of a name
    command = [sys.executable, "-m", "relay", *COMMAND, "--out", str(files.parent / "trial")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=files, env=environment, capture_output=True, text=True)
    told = refused(Result(done.returncode, done.stdout, done.stderr))
    assert "the agent's file model_words.py has changed since the trial began" in told and "--fresh" in told
    assert contents(files.parent / "trial") == before


def test_a_price_that_does_not_apply_changes_nothing(again: Callable[..., Result], files: Path) -> None:
    first = again()
    edit(files / "prices.yaml", "{input: 1", "{input: 7")
    assert (again().status, again().out) == (0, first.out)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--seed", "7"), "the seed (1 before, 7 now)"),
        (("--turns", "3"), "the budget's turns (2 before, 3 now)"),
        (("--disguise", "3"), "the agent's disguise (none before, 3 now)"),
        (
            ("--notes", "journal"),
            "scheme.py:Scheme(cap=2000, laws=0.25, words=0.125) before, journal now)",
        ),
        (("--agent", "llm(rules=rules.md, temperature=0.5)"), "the agent's temperature (1.0 before, 0.5 now)"),
        (("-M", "lines=[a]"), "the model's lines ([] before, [a] now)"),
        (
            ("-M", "lines=[a]", "-g", "4"),
            "the model's lines ([] before, [a] now); the number of generations (3 before, 4 now)",
        ),
    ],
)
def test_what_else_differs_is_told_with_both_values(
    again: Callable[..., Result], options: tuple[str, ...], said: str
) -> None:
    assert again().status == 0
    assert said in refused(again(*options))


# --- resuming --------------------------------------------------------------------------------------------------------


class Stopped(Exception):
    """Stops a trial, as a kill would."""


def half(files: Path, where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the trial of the command until its second generation begins."""

    def stop(done: float, of: int, words: str) -> None:
        if done == 1:
            raise Stopped

    monkeypatch.chdir(files)
    condition = resolve_condition(
        {"name": "file", "parameters": {"path": "task.yaml"}},
        agent={"name": "llm", "parameters": {"rules": "rules.md", "model": "mock/model.py:answer"}},
        schemes=Schemes(notes="scheme.py:Scheme"),
        budget={"turns": 2, "money": 5},
        prices=price_table(Path("prices.yaml")),
        generations=3,
        seed=1,
    )
    with pytest.raises(Stopped):
        asyncio.run(run_trial(condition, where, on_progress=stop))


def test_resuming_goes_on_with_the_copies_from_any_folder(
    relay: Invoke, again: Callable[..., Result], files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert again().status == 0
    where = tmp_path / "half"
    half(files, where, monkeypatch)
    for name in ("condition.yaml", "task.json"):
        assert (where / name).read_bytes() == (tmp_path / "trial" / name).read_bytes()
    for path in files.iterdir():
        path.unlink()
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    where.rename(tmp_path / "moved")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    # with worker processes, which need the copies too
    command = [sys.executable, "-m", "relay", "resume", "../moved", "--trust", "-q", "--workers", "1", "--no-cache"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert (tmp_path / "moved/events.jsonl").read_bytes() == (tmp_path / "trial/events.jsonl").read_bytes()


def test_an_edit_while_a_trial_runs_does_not_reach_it(
    relay: Invoke, again: Callable[..., Result], files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert again().status == 0
    half(files, tmp_path / "half", monkeypatch)
    for name in ("scheme.py", "model.py"):
        (files / name).write_text("raise SystemExit", encoding="utf-8")
    (files / "rules.md").write_text("Be long.", encoding="utf-8")
    assert relay("resume", tmp_path / "half", "--trust", "--workers", "0").status == 0
    assert (tmp_path / "half/events.jsonl").read_bytes() == (tmp_path / "trial/events.jsonl").read_bytes()


def test_two_folders_give_the_same_bytes(relay: Invoke, files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(files)
    assert relay(*COMMAND, "--out", files.parent / "a", "-q").status == 0
    shutil.copytree(files, files.parent / "deep/mine")
    monkeypatch.chdir(files.parent / "deep")
    Path("mine/prices.yaml").write_text(PRICES.format(model="mock/mine/model.py:answer"))
    names = ("task.yaml", "rules.md", "scheme.py", "prices.yaml", "model.py")
    words = [reduce(lambda word, name: word.replace(name, f"mine/{name}"), names, word) for word in COMMAND]
    assert relay(*words, "--out", files.parent / "b", "-q").status == 0
    for name in ("condition.yaml", "task.json", "events.jsonl"):
        assert (files.parent / "a" / name).read_bytes() == (files.parent / "b" / name).read_bytes()


# --- code that nobody has trusted ------------------------------------------------------------------------------------


def test_code_of_a_trial_runs_only_if_it_is_trusted(
    relay: Invoke, again: Callable[..., Result], files: Path, tmp_path: Path
) -> None:
    """A file that leaves a mark when it is imported."""
    mark = tmp_path / "mark"
    for name in ("scheme.py", "model.py"):
        edit(files / name, "", f"\nfrom pathlib import Path\nPath({str(mark)!r}).touch()\n")
    assert again().status == 0 and mark.exists()
    mark.unlink()
    # a process that has imported none of it
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}

    def run(*words: str) -> Result:
        command = [sys.executable, "-m", "relay", *words, str(tmp_path / "trial")]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
        return Result(done.returncode, done.stdout, done.stderr)

    told = refused(run("resume"))
    assert "files/model.py, files/model_words.py, files/scheme.py" in told and "give --trust" in told
    assert run("show").status == run("notes").status == run("show", "-g", "1").status == 0
    assert not mark.exists()
    assert run("resume", "--trust", "-q").status == 0 and mark.exists()


def test_a_trial_without_code_needs_no_trust(relay: Invoke, tmp_path: Path) -> None:
    small = ("run", "alien(layers=1, width=1, q=3)", "-g", "1", "--workers", "0", "-q")
    assert relay(*small, "--model", "mock/script", "--out", tmp_path / "a").status == 0
    assert relay("resume", tmp_path / "a", "-q").status == 0
    with pytest.raises(TypeError):
        asyncio.run(resume_trial(tmp_path / "a", trusted=True))


def test_a_copy_is_never_written_through_a_second_name(again: Callable[..., Result], files: Path) -> None:
    """A stopped start leaves copies behind; somebody may have put another file of the user's in the place of one."""
    outside, there = files.parent / "diary.txt", files.parent / "trial"
    outside.write_text("private", encoding="utf-8")
    (there / "files").mkdir(parents=True)
    (there / "lock").touch()
    (there / "files/scheme.py").hardlink_to(outside)
    assert "has a second name elsewhere" in refused(again("-q"))
    assert outside.read_text(encoding="utf-8") == "private"


# --- beginning anew --------------------------------------------------------------------------------------------------


def test_fresh_sets_the_old_trial_aside(relay: Invoke, again: Callable[..., Result], files: Path) -> None:
    where = files.parent / "trial"
    assert again().status == 0
    for number in (1, 2):
        before = {name: data for name, (data, _) in contents(where).items()}
        edit(files / "scheme.py")
        told = again("--fresh")
        assert told.status == 0 and f"the trial that was there is now in {where}-old-{number}" in told.err
        assert {name: data for name, (data, _) in contents(Path(f"{where}-old-{number}")).items()} == before
        assert (where / "files/scheme.py").read_bytes() == (files / "scheme.py").read_bytes()
    assert relay("show", f"{where}-old-1").status == 0
    assert again().status == 0, "it is the trial of this command now"


def test_fresh_leaves_alone_what_it_can_not_replace(again: Callable[..., Result], files: Path, relay: Invoke) -> None:
    where = files.parent / "trial"
    assert again().status == 0
    before = contents(where)
    with hold(where):
        assert "another process is running the trial" in refused(again("--fresh"))
    # a trial that can't begin
    assert "no room for a last answer" in refused(again("--fresh", "--context", "70"))
    assert contents(where) == before and not Path(f"{where}-old-1").exists()
    (files.parent / "thesis").mkdir()
    (files.parent / "thesis/a.tex").write_text("x")
    assert "is not a trial and is not empty" in refused(relay(*COMMAND, "--fresh", "--out", files.parent / "thesis"))
    assert relay(*COMMAND, "--fresh", "--out", files.parent / "new", "-q").status == 0


# --- other versions --------------------------------------------------------------------------------------------------


def test_another_version_is_told_and_may_be_chosen(
    relay: Invoke, again: Callable[..., Result], files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert again().status == 0
    half(files, tmp_path / "half", monkeypatch)
    data = (tmp_path / "trial/condition.yaml").read_text()
    assert "checker: '" in data and "relay: " in data
    monkeypatch.setattr("relay.trial.versions.own_versions", lambda: {"relay": "9.9", "checker": "99"})
    said = ("the version of the checker (", " before, 99 now); the version of relay (", " before, 9.9 now)")
    resumed = refused(relay("resume", tmp_path / "half", "--trust"))
    ran = refused(again())
    assert all(words in told for words in said for told in (resumed, ran))
    assert "--other-version" in resumed and "--fresh" in ran and "--other-version" in ran
    assert relay("show", tmp_path / "half").status == relay("notes", tmp_path / "half").status == 0
    assert again("--other-version").status == 0
    assert relay("resume", tmp_path / "half", "--trust", "--other-version", "-q", "--workers", "0").status == 0
    assert (tmp_path / "half/events.jsonl").read_bytes() == (tmp_path / "trial/events.jsonl").read_bytes()


# --- transport -------------------------------------------------------------------------------------------------------


def test_transport_is_no_part_of_a_condition_and_may_change(
    relay: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_MODELS", "openai")
    monkeypatch.setenv("RELAY_LOG_DIR", str(tmp_path / "runs"))
    monkeypatch.delenv("OPENAI_BASE_URL", raising=False)
    small = ("run", "alien(layers=1, width=1, q=3)", "-g", "1", "--turns", "1", "--workers", "0", "-q")
    with beside(Endpoint(troubles=["window"])) as first:
        model = ("--model", "openai/tiny", "-M", f"base_url={first.url}", "-M", "timeout=7", "-M", "body.top_p=0.5")
        assert relay(*small, *model).status == 1, "interrupted"
    (where,) = (tmp_path / "runs").iterdir()
    assert where.name.endswith("openai-tiny-body.top-p0.5-ledger-generations1-turns1-s1"), "transport is in no name"
    text = (where / "condition.yaml").read_text()
    assert "top_p" in text and not any(word in text for word in ("timeout", "base_url", "concurrency", "127.0.0.1"))
    given = json.loads((where / "transport.json").read_text())
    assert given == {"agent.model": {"base_url": first.url, "timeout": 7.0}}
    before = contents(where)
    for option, said in (
        ("schema_mode=on", "`schema_mode` can't be changed in a trial that has begun"),
        ("timeout=-1", "can't have timeout=-1: input should be greater than 0"),
        ("timeout", "has no value or no name; write key=value"),
    ):
        told = refused(relay("resume", where, "--trust", "-M", option))
        assert said in told
    assert "of `openai` these can: base_url, concurrency, timeout;" in refused(
        relay("resume", where, "--trust", "-M", "top_p=1")
    )
    told = refused(relay("resume", where))
    assert f"asks its model at {first.url}, and your key would be sent there" in told and "--trust" in told
    assert contents(where) == before
    with beside(Endpoint()) as second:
        assert relay("resume", where, "-M", f"base_url={second.url}", "-M", "concurrency=2", "-q").status == 0
        assert second.asked and not first.asked[1:]
    kept = json.loads((where / "transport.json").read_text())
    assert kept == {"agent.model": {"base_url": second.url, "timeout": 7.0, "concurrency": 2}}
    again = relay(*small, "--model", "openai/tiny", "-M", "timeout=9", "-M", "body.top_p=0.5", "--workers", "0")
    assert again.status == 0 and (where / "condition.yaml").read_text() == text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "transport.json can't be read"),
        ("[]", "holds no transport"),
        ('{"agent.model": {"lines": []}}', "`lines`"),
    ],
)
def test_transport_that_is_edited_changes_nothing_else(relay: Invoke, tmp_path: Path, text: str, said: str) -> None:
    small = ("run", "alien(layers=1, width=1, q=3)", "-g", "1", "--workers", "0", "-q", "--model", "mock/script")
    assert relay(*small, "--out", tmp_path / "a").status == 0
    assert not (tmp_path / "a/transport.json").exists()
    (tmp_path / "a/transport.json").write_text(text)
    assert said in refused(relay("resume", tmp_path / "a"))
    assert said in refused(relay(*small, "--out", tmp_path / "a"))


def test_an_agent_without_a_model_has_no_transport(relay: Invoke, tmp_path: Path) -> None:
    small = ("run", "alien(layers=1, width=1, q=3)", "-g", "1", "--workers", "0", "-q")
    assert relay(*small, "--out", tmp_path / "a").status == 0
    assert "the agent `explorer` has none" in refused(relay("resume", tmp_path / "a", "-M", "timeout=3"))

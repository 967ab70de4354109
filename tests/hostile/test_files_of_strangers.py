"""Whatever file relay is given: one line, exit status 2, no traceback, little memory, and an end.

Each file is read by a process of its own. None may take 500 MB, and one that waits or works for half a minute hangs:
all of them end within two seconds of work (`RELAY_MEASURE=1` with `pytest -s` prints what each took).
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from relay.records.budget import Budget
from relay.records.chain import seal
from tests.trial.helpers import condition, run, scripted, state
from tests.trial.toy import SQUARE

HOME = Path(__file__).parents[2]
MEMORY = 500 << 20
"""Most bytes of a process that are in memory."""
ADDRESSES = 4 << 30
"""Bytes of addresses after which a process gets no more memory, so that a failing test does not take the machine's."""
PATIENCE = 30.0
"""Seconds after which a process hangs."""

pytestmark = pytest.mark.slow

Word = str | bytes | Path


@dataclass(frozen=True)
class Ended:
    status: int
    out: bytes
    err: bytes
    memory: int


LAUNCHER = f"""
import json, os, resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({ADDRESSES}, {ADDRESSES}))
child = os.fork()
if not child:
    os.execv(sys.executable, [sys.executable, "-m", "relay", *sys.argv[2:]])
_, status, usage = os.wait4(child, 0)
with open(sys.argv[1], "w") as file:
    json.dump([os.waitstatus_to_exitcode(status), usage.ru_maxrss * 1024, usage.ru_utime + usage.ru_stime], file)
"""
"""Starts relay and measures it. A process inherits the peak of the one that starts it, so this must be a small one."""


def relay(*words: Word, stdin: int = subprocess.DEVNULL, where: Path) -> Ended:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-I", "-S", "-c", LAUNCHER, where / "measured", *map(os.fsencode, words)]
    surroundings = {**os.environ, "PYTHONPATH": str(HOME), "RELAY_CACHE_DIR": str(where / "cache")}
    with (where / "out").open("w+b") as out, (where / "err").open("w+b") as err:
        process = subprocess.Popen(
            command, stdin=stdin, stdout=out, stderr=err, cwd=where, env=surroundings, start_new_session=True
        )
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
        out.seek(0)
        err.seek(0)
        status, memory, seconds = json.loads((where / "measured").read_text(encoding="utf-8"))
        found = Ended(status, out.read(), err.read(), memory)
    if os.environ.get("RELAY_MEASURE"):
        print(f"\n{seconds:5.2f} s {memory >> 20:4} MB {found.err[:110]!r}")
    return found


def refused(found: Ended) -> str:
    """The one line of a refusal."""
    assert found.status == 2, found
    assert found.out == b""
    lines = found.err.decode().splitlines()
    assert len(lines) == 1 and lines[0].startswith("relay: "), lines
    assert len(lines[0]) < 5_000
    assert found.memory < MEMORY
    return lines[0]


def file(where: Path, name: str, data: bytes | str) -> Path:
    path = where / os.fsdecode(os.fsencode(name))
    path.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return path


# --- YAML ------------------------------------------------------------------------------------------------------------


def lamps(rows: str = "[[[0], 1], [[1], 2], [[2], 0]]") -> str:
    """A task with one phenomenon."""
    return f"""name: lamps
statement_size: 20
briefs:
  plain:
    text: words
    phenomena:
      - {{id: p, text: lamps, parameters: [Lamp], result: Lamp, field: structure, concept: after, rows: {rows}}}
given:
  scalars: false
  sorts: [{{name: Lamp, size: 3}}]
  operations: [{{name: next, parameters: [Lamp], result: Lamp, table: [1, 2, 0]}}]
concepts:
  - id: after
    forms: ["define after(x: Lamp) -> Lamp = next(x)"]
"""


def bomb(first: str, form: str, levels: int = 10) -> Iterator[str]:
    """Anchored values, of which each holds the one before nine times."""
    yield f"&v0 {first}"
    for level in range(levels):
        yield f"&v{level + 1} {form.replace('...', ', '.join([f'*v{level}'] * 9))}"


LAUGHS = f"[{', '.join(bomb('[0, 1]', '[...]'))}]"
MERGES = "\n".join(f"m{n}: {value}" for n, value in enumerate(bomb("{a: 1}", "{<<: [...]}")))
YAML = {
    "a bomb": LAUGHS,
    "a bomb in a row": lamps(f"[[{LAUGHS}, 1]]"),
    "a bomb of merged mappings": MERGES,
    "a bomb of keys": "\n".join(f"- {value}" for value in bomb("[a]", "{? [...] : 1}")),
    "many aliases": f"a: &a [1]\nb: [{'*a, ' * 200_000}]",
    "rows that are in themselves": lamps("&a [*a]"),
    "a row that is in itself": lamps("[&a [[*a], 1]]"),
    "a value that is in itself": lamps("[[[&a [[[*a]]]], 1]]"),
    "a mapping that is in itself": "&a\nname: *a\n",
    "a key that is in itself": "&a {? *a : 1}",
    "a mapping merged with itself": "&a {<<: *a, b: 1}",
    "an anchor that is nowhere": "name: *a",
    "deep lists": f"name: {'[' * 400_000}",
    "deep mappings": "{" * 400_000,
    "deep blocks": "- " * 400_000,
    "deep keys": "? " * 400_000,
    "many values": "- a\n" * 240_000,
    "many keys": "".join(f"a{n}: 1\n" for n in range(80_000)),
    "many documents": "---\na: 1\n" * 90_000,
    "many comments": "#\n" * 499_000,
    "a long number": f"name: {'9' * 900_000}",
    "a long hexadecimal number": f"name: 0x{'f' * 900_000}",
    "a number of old YAML": f"%YAML 1.1\n---\nname: 1:{'1:' * 300_000}1",
    "a long key": f"{'a' * 900_000}: 1",
    "no end of a text": f'name: "{"x" * 900_000}',
    "a tag of Python": "!!python/object/apply:os.system ['id']",
    "a date that is none": "name: !!timestamp 99999-99-99",
    "half of a character": '"\\ud800": 1',
    "half of a character in a name": lamps().replace("name: next", 'name: "n\\ud800"'),
    "half of a character in an id": lamps().replace("id: after", 'id: "a\\udc80"'),
    "half of a character in a row": lamps('[[["\\ud800"], 1]]'),
    "a control character": "name: \x1b[31m",
    "a zero byte": b"name: \x00",
    "Latin-1": b"name: \xe4",
    "UTF-16": "name: lamps".encode("utf-16"),
    "a surrogate in UTF-8": b"name: \xed\xa0\x80",
    "nothing": "",
    "too large": "#" * 1_000_001,
}


@pytest.mark.parametrize("kind", YAML)
def test_a_task_file(tmp_path: Path, kind: str) -> None:
    told = refused(relay("task", "show", file(tmp_path, "task.yaml", YAML[kind]), where=tmp_path))
    assert "task.yaml" in told


@pytest.mark.parametrize("size", ["1000000", "0x" + "f" * 9_000, "0"])
@pytest.mark.parametrize("command", [("task", "check"), ("run",)])
def test_a_statement_size_that_no_statement_has(tmp_path: Path, command: tuple[str, ...], size: str) -> None:
    task = file(tmp_path, "task.yaml", lamps().replace("statement_size: 20", f"statement_size: {size}"))
    refused(relay(*command, task, where=tmp_path))
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize("kind", ["a bomb", "a mapping that is in itself", "a bomb of merged mappings", "Latin-1"])
def test_a_price_table(tmp_path: Path, kind: str) -> None:
    table = file(tmp_path, "prices", YAML[kind])
    refused(relay("run", "alien", "--prices", table, "--money", "3", "--out", "o", where=tmp_path))
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("command", [("task", "check"), ("run", "-g", "1")])
@pytest.mark.parametrize("field", ["name: lamps", "text: words", "text: lamps"])
def test_half_of_a_character_in_a_text(tmp_path: Path, command: tuple[str, ...], field: str) -> None:
    key, _, word = field.partition(": ")
    task = file(tmp_path, "task.yaml", lamps().replace(field, f'{key}: "{word}\\ud800"'))
    assert "task.yaml" in refused(relay(*command, task, where=tmp_path))
    assert not (tmp_path / "runs").exists()


# --- what is no file -------------------------------------------------------------------------------------------------


def odd(where: Path, kind: str, suffix: str) -> Word:
    """Something that is no regular file, or has no usual name."""
    path = where / f"odd{suffix}"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "loop":
        path.symlink_to(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(os.path.relpath(path))
    elif kind == "endless":
        path.symlink_to("/dev/zero")
    elif kind == "sparse":
        with path.open("wb") as huge:
            huge.truncate(1 << 40)
    elif kind == "not UTF-8":
        return os.fsencode(where) + b"/odd\xff" + suffix.encode()
    else:
        return where / (kind * 300 + suffix)
    return path


ODD = ["pipe", "folder", "loop", "socket", "endless", "sparse", "not UTF-8", "x"]
COMMANDS: dict[str, tuple[str, Callable[[Word], tuple[Word, ...]]]] = {
    "show a task": (".yaml", lambda path: ("task", "show", path)),
    "check a task": (".yaml", lambda path: ("task", "check", path)),
    "run a task": (".yaml", lambda path: ("run", path, "--out", "o")),
    "check by a task": (".yaml", lambda path: ("check", path)),
    "a component": (".py", lambda path: ("run", "alien", "--notes", os.fsencode(path) + b":Notes", "--out", "o")),
    "prices": ("", lambda path: ("run", "alien", "--prices", path, "--money", "3", "--out", "o")),
    "rules": (
        "",
        lambda path: ("run", "alien", "--model", "mock/echo", "--agent", b"llm(rules=" + os.fsencode(path) + b")",
                      "--out", "o"),
    ),
    "show a trial": ("", lambda path: ("show", path)),
    "notes of a trial": ("", lambda path: ("notes", path)),
    "resume": ("", lambda path: ("resume", path)),
    "rescore": ("", lambda path: ("rescore", path)),
}  # fmt: skip


EVERYWHERE = ("pipe", "endless")
"""Kinds that every command is given; the others are given to three."""
THREE = ("run a task", "a component", "show a trial")


@pytest.mark.parametrize(
    ("kind", "command"),
    [(kind, command) for kind in ODD for command in COMMANDS if kind in EVERYWHERE or command in THREE],
)
def test_what_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, command: str) -> None:
    monkeypatch.chdir(tmp_path)
    suffix, words = COMMANDS[command]
    refused(relay(*words(odd(tmp_path, kind, suffix)), where=tmp_path))
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null"])
@pytest.mark.parametrize("words", [("task", "check"), ("run",), ("check",)])
def test_a_device_as_a_task(tmp_path: Path, path: str, words: tuple[str, ...]) -> None:
    refused(relay(*words, path, where=tmp_path))


# --- statements ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [kind for kind in ODD if kind != "pipe"])
def test_statements_that_are_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.chdir(tmp_path)
    refused(relay("check", "alien", odd(tmp_path, kind, ""), where=tmp_path))


@pytest.mark.parametrize("data", [b"claim \xff", b"claim \xed\xa0\x80", b"(" * 2_000_001, b"\n" * 1_999_999, b""])
def test_statements(tmp_path: Path, data: bytes) -> None:
    refused(relay("check", "alien", file(tmp_path, "statements", data), where=tmp_path))


def test_endless_statements_on_standard_input(tmp_path: Path) -> None:
    with Path("/dev/zero").open("rb") as endless:
        assert "standard input has more than" in refused(
            relay("check", "alien", stdin=endless.fileno(), where=tmp_path)
        )


def test_statements_may_come_through_a_pipe(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b"claim (n: Nat): n == n")
    os.close(writing)
    found = relay("check", "alien", "/dev/stdin", stdin=reading, where=tmp_path)
    os.close(reading)
    assert found.status == 1 and b"trivial" in found.out


# --- code ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code",
    [
        b"\xff\x00", b"a = 1\x00", b"(" * 500_000, b"-" * 500_000 + b"1", b"a" + b".a" * 200_000,
        b"x = " + b"[] + " * 200_000 + b"1", b"raise SystemExit(3)", b"# coding: nope\n", b"#" * (2 << 20),
    ],
    ids=["bytes", "zero", "brackets", "signs", "attributes", "sums", "exit", "coding", "large"],
)  # fmt: skip
def test_a_component(tmp_path: Path, code: bytes) -> None:
    refused(relay("run", "alien", "--notes", f"{file(tmp_path, 'c.py', code)}:X", "--out", "o", where=tmp_path))
    assert not (tmp_path / "o").exists()


# --- command lines ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        (b"\xff",), ("run", b"\xff"), ("run", "alien", "--notes", b"\xff"), ("task", "show", b"alien(\xff=1)"),
        ("list", b"\xff"), ("check", "alien", b"--\xff"), ("run", "alien", "--agent", b"explorer(\xff=1)"),
        ("run", "alien", "--model", b"mock/\xff", "--out", "o"), ("list", "runs", b"\xff"),
        ("run", "alien", "--agent", b"process(command='\xff')", "--out", "o"),
    ],
)  # fmt: skip
def test_words_that_are_not_utf_8(tmp_path: Path, words: tuple[Word, ...]) -> None:
    refused(relay(*words, where=tmp_path))


# --- directories of trials -------------------------------------------------------------------------------------------

BUDGET = Budget(turns=2, tokens=40_000, context=6_000, evaluations=60)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trial that can be read."""
    path = tmp_path_factory.mktemp("whole") / "trial"
    run(path, condition(agent=scripted([state(SQUARE)]), notes="ledger", generations=1, width=1, budget=BUDGET))
    return path


@pytest.fixture
def trial(tmp_path: Path, whole: Path) -> Path:
    """A copy of it, which is damaged next."""
    return Path(shutil.copytree(whole, tmp_path / "trial"))


def read_it(trial: Path, where: Path) -> None:
    for words in (("show",), ("resume",)):
        assert "trial" in refused(relay(*words, trial, where=where))
    listed = relay("list", "runs", where, where=where)
    assert listed.status == 0 and b"damaged" in listed.out and listed.memory < MEMORY


@pytest.mark.parametrize("kind", ["pipe", "folder", "loop", "endless", "sparse"])
@pytest.mark.parametrize("name", ["events.jsonl", "condition.yaml"])
def test_a_trial_with_what_is_no_file(tmp_path: Path, trial: Path, name: str, kind: str) -> None:
    (trial / name).unlink()
    made = odd(tmp_path, kind, "")
    assert isinstance(made, Path)
    if kind == "loop":
        (trial / name).symlink_to(trial / name)
    else:
        made.rename(trial / name)
    read_it(trial, tmp_path)


LINES: dict[str, Callable[[], bytes]] = {
    "deep": lambda: b"[" * (60 << 20),
    "no end": lambda: b'"' + b"a" * (60 << 20),
    "values": lambda: b'{"type": "answered", "text": [' + b"[], " * (15 << 20) + b"1]}",
    "long": lambda: b'{"v": 4, "type": "judged", "message": "' + b"a" * (60 << 20) + b'"}',
    "not UTF-8": lambda: b'{"v": "\xff"}',
    "half of a character": lambda: b'{"v": "\\ud800"}',
    "a long number": lambda: b'{"v": ' + b"9" * 100_000 + b"}",
}
"""Made when they are needed, since they are large."""


@pytest.mark.parametrize("sealed", [True, False], ids=["sealed", "broken"])
@pytest.mark.parametrize("kind", LINES)
def test_a_trial_with_a_hostile_line(tmp_path: Path, trial: Path, kind: str, sealed: bool) -> None:
    """Also with the digest that belongs to it: a digest is no signature."""
    (trial / "events.jsonl").write_bytes(seal("", LINES[kind]())[0] if sealed else LINES[kind]() + b"\n")
    told = refused(relay("show", trial, where=tmp_path))
    assert "line 1" in told or (kind == "long" and not sealed and "version" in told)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("condition.yaml", b"&a [*a]"), ("condition.yaml", MERGES.encode()), ("condition.yaml", b"x" * (3 << 20)),
        ("condition.yaml", b"[" * (3 << 20)), ("condition.yaml", b"- a\n" * (1 << 20)),
        ("task.json", b"[" * (60 << 20)), ("task.json", b"[" + b"[], " * (15 << 20) + b"1]"),
        ("task.json", b'{"name": "\\ud800"}'), ("head.json", b"[" * (60 << 20)), ("head.json", b"\xff"),
    ],
    ids=range(10),
)  # fmt: skip
def test_a_trial_with_a_hostile_file(tmp_path: Path, trial: Path, name: str, data: bytes) -> None:
    """Also with the hash that belongs to it."""
    (trial / name).write_bytes(data)
    if name != "head.json":
        head = json.loads((trial / "head.json").read_text(encoding="utf-8"))
        head[name.partition(".")[0]] = hashlib.sha256(data).hexdigest()
        (trial / "head.json").write_text(json.dumps(head), encoding="utf-8")
    assert "trial" in refused(relay("show", trial, where=tmp_path))


def test_trials_are_found_beside_a_link_to_itself(tmp_path: Path, trial: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    found = relay("list", "runs", tmp_path, "--json", where=tmp_path)
    assert [Path(run["directory"]) for run in json.loads(found.out)] == [trial]


def test_a_trial_may_have_a_name_that_is_not_utf_8(tmp_path: Path, trial: Path) -> None:
    try:
        odd_name = trial.rename(tmp_path / os.fsdecode(b"trial\xff"))
    except OSError as error:  # some file systems allow no such name
        assert error.errno in (errno.EILSEQ, errno.EINVAL)
        pytest.skip("the file system has names in UTF-8 only")
    for words in (("show",), ("show", "--json"), ("notes",), ("show", "--transcript"), ("rescore", "--own-task")):
        found = relay(*words, odd_name, where=tmp_path)
        assert (found.status, b"Traceback" in found.err) == (0, False), found

"""`relay check` and `relay task ...`."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import aclosing, suppress
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar

import pytest
from rich.console import Console

from relay.checker.checker import Checker
from relay.commands.ordered import in_order
from relay.commands.statements import review
from relay.commands.task_inspection import inspect
from relay.commands.task_report import ConceptReport
from relay.commands.task_table import summary_table, table_width
from relay.scoring.judge import PooledJudge
from relay.scoring.workers import Workers
from tasks.files import TaskFile
from tests.commands.conftest import Invoke
from tests.listing import listed

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
COUNTING = ROOT / "examples" / "counting.yaml"
KEYS = ["line", "name", "kind", "status", "scope", "reason", "evidence", "counterexample", "message"]
FILE = """\
define twice(x: Hour) -> Hour = plus(x, x)   # a form of `double`
claim halves (x: Hour): twice(twice(x)) == x

claim broken (x: Hour: x
define back(x: Hour) -> Hour = twice(twice(x))
claim whole (x: Hour): back(back(x)) == x
"""


def test_each_statement_gets_its_verdict_in_order(relay: Invoke) -> None:
    told = relay("check", COUNTING, "--json", stdin=FILE)
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert told.status == 1
    assert [list(row) for row in rows] == [KEYS] * 5
    assert [(row["line"], row["kind"], row["name"], row["status"]) for row in rows] == [
        (1, "define", "twice", "defined"),
        (2, "claim", "halves", "refuted"),
        (4, "claim", "broken", "ill_formed"),
        (5, "define", "back", "defined"),
        (6, "claim", "whole", "proved"),
    ]
    assert rows[1]["counterexample"]
    assert rows[2]["message"].startswith("line 4, column ")
    assert {row["reason"] for row in rows} == {None}


def test_the_reason_for_a_status_is_a_key_of_its_own(relay: Invoke) -> None:
    lines = (
        "define twice(x: Hour) -> Hour = x",
        "claim (x: Hour): twice(x) == x",
        "claim (x: Hour) where False: x == x",
    )
    told = relay("check", COUNTING, "--json", stdin="\n".join(lines))
    found = [(row["status"], row["reason"]) for row in map(json.loads, told.out.splitlines())]
    assert found == [("defined", None), ("trivial", "same_unfolded"), ("vacuous", "contradictory")]


def test_reveal_names_the_concept(relay: Invoke) -> None:
    told = relay("check", COUNTING, "--json", "--reveal", stdin=FILE.splitlines()[0])
    assert json.loads(told.out)["concept"] == "double"
    assert told.status == 0
    assert "a form of double" in relay("check", COUNTING, "--reveal", stdin=FILE.splitlines()[0]).out
    assert "double" not in relay("check", COUNTING, stdin=FILE.splitlines()[0]).out


def test_statements_in_the_fences_of_free_text(relay: Invoke) -> None:
    text = (
        f"# Notes\n\ndefine is not read here\n\n```relay\n{FILE}```\n\n```relay\nclaim (x: Hour): twice(x) == x\n```\n"
    )
    told = relay("check", COUNTING, "--json", stdin=text)
    assert [json.loads(line)["line"] for line in told.out.splitlines()] == [6, 7, 9, 10, 11, 15]


def test_an_empty_file_is_a_mistake(relay: Invoke) -> None:
    told = relay("check", COUNTING, stdin="# nothing\n")
    assert (told.status, told.out) == (2, "")
    assert "relay: there is no statement in standard input" in told.err


def test_what_is_no_text_is_one_line(relay: Invoke, tmp_path: Path) -> None:
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for path in (tmp_path / "binary", tmp_path / "missing", tmp_path):
        told = relay("check", COUNTING, path)
        assert told.status == 2
        assert told.err.startswith(f"relay: {path}")
        assert told.err.count("\n") == 1


def test_the_list_of_tasks(relay: Invoke) -> None:
    assert "linear_algebra: " in relay("task", "list").out
    rows = {row["name"]: row for row in json.loads(relay("task", "list", "--json").out)}
    assert rows["alien"]["parameters"]["term_size"] == 2
    assert rows["linear_algebra"]["parameters"]["brief"] == "blind"


def test_what_a_researcher_sees_has_nothing_hidden(relay: Invoke) -> None:
    seen = relay("task", "show", COUNTING).out
    assert "Types: Nat, Bool, List[T] and Hour. Terms: calls" in seen
    assert "Hours on a clock face" in seen
    for word in ("double", "opposite", "minus"):
        assert word not in seen
        assert word not in relay("task", "show", COUNTING, "--json").out
        assert word in relay("task", "show", COUNTING, "--reveal").out
        assert word in relay("task", "show", COUNTING, "--reveal", "--json").out


def test_task_check_reports_each_concept(relay: Invoke) -> None:
    told = relay("task", "check", COUNTING, "--json")
    assert told.status == 0
    *lines, last = map(json.loads, told.out.splitlines())
    rows = {row["id"]: row for row in lines}
    assert [(row["depth"], row["size"], row["inlined"], row["fits"]) for row in rows.values()] == [
        (1, 3, 3, True),
        (2, 3, 7, False),
        (3, 4, 9, False),
    ]
    assert [law["status"] for row in rows.values() for law in row["laws"]] == ["proved"] * 5
    assert {law["scope"].partition(",")[0] for row in rows.values() for law in row["laws"]} == {"the structure"}
    summary = last["summary"]
    assert (summary["concepts"], summary["forms"], summary["laws"]) == (3, 3, 5)
    assert (summary["statuses"], summary["depths"]) == ({"proved": 5}, {"1": 1, "2": 1, "3": 1})
    assert (summary["score"], summary["mutation"]["survivors"], summary["sound"]) == (1.0, [], True)
    assert summary["mutation"]["caught"] == sum(row["mutation"]["caught"] for row in rows.values()) == 7


def test_what_no_law_notices_is_named(relay: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "weak.yaml"
    law = '  - "claim (x: Hour, y: Hour): plus(minus(x, y), y) == x"\n'
    text = COUNTING.read_text(encoding="utf-8")
    assert law in text
    path.write_text(text.replace(law, ""), encoding="utf-8")
    told = relay("task", "check", path, "--survivors")
    assert told.status == 0
    assert "no law notices: define minus(x: Hour, y: Hour) -> Hour = " in told.out
    assert "mutation score" in told.out
    assert "no law notices" not in relay("task", "check", path).out
    assert "mutation score" not in relay("task", "check", path, "--corruptions", "0").out


def test_a_law_that_is_not_accepted_catches_nothing(relay: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    text = COUNTING.read_text(encoding="utf-8")
    path.write_text(text.replace("double(plus(x, y)) == plus(double(x), double(y))", "double(x) == y"))
    told = relay("task", "check", path, "--json")
    assert told.status == 1
    double = json.loads(told.out.splitlines()[0])
    assert [law["accepted"] for law in double["laws"]] == [False]
    assert double["mutation"]["caught"] == 0
    assert double["mutation"]["survivors"]


def test_a_prerequisite_without_a_reason_fails_the_task(relay: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "task.yaml"
    text = COUNTING.read_text(encoding="utf-8")
    path.write_text(text.replace("prerequisites: [opposite]", "prerequisites: [double]"), encoding="utf-8")
    told = relay("task", "check", path, "--corruptions", "0")
    assert told.status == 1
    assert "prerequisite `double` is not called by the primary form and has no reason" in told.out
    mended = tmp_path / "mended.yaml"
    mended.write_text(text.replace("prerequisites: [opposite]", "prerequisites: {double: it came first}"))
    assert relay("task", "check", mended, "--corruptions", "0").status == 0


def test_a_sampler_that_misses_fails_the_task(relay: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "task.yaml"
    path.write_text(
        """name: zero
statement_size: 9
given: {scalars: true}
briefs: {blind: {text: Find it.}}
concepts:
- id: zero
  forms: ["define is_zero(v: Vector[n]) -> Bool = all(v[i] == 0 for i in range(n))"]
  laws: ["claim (v: Vector[n]): is_zero(v) == (v == vector(0 for i in range(n)))"]
""",
        encoding="utf-8",
    )
    told = relay("task", "check", path, "--corruptions", "0")
    assert told.status == 1
    assert "sampler of `is_zero`: of " in told.out
    form = '"define is_zero(v: Vector[n]) -> Bool = all(v[i] == 0 for i in range(n))"'
    better = f"{{source: {form}, sampler: {{v: vector(0 for i in range(n))}}}}"
    mended = tmp_path / "mended.yaml"
    mended.write_text(path.read_text(encoding="utf-8").replace(form, better), encoding="utf-8")
    assert relay("task", "check", mended, "--corruptions", "0").status == 0


def test_a_law_that_is_not_accepted_fails_the_task(relay: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(COUNTING.read_text(encoding="utf-8").replace("opposite(opposite(x)) == x", "opposite(x) == x"))
    told = relay("task", "check", path)
    assert told.status == 1
    assert "refuted: claim (x: Hour): opposite(x) == x" in told.out


# --- long files ------------------------------------------------------------------------------------------------------

SHORT = "claim ({0}: Hour, y: Hour): plus({0}, y) == y"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def many(count: int) -> str:
    """Definitions, true and false claims, and lines that can't be read. No two are the same."""
    lines = []
    for n in range(count // 4):
        lines += [
            f"define f{n}(x: Hour) -> Hour = {f'plus(f{n - 1}(x), x)' if n % 50 else 'plus(x, x)'}",
            f"claim a{n} (x{n}: Hour): f{n}(x{n}) == x{n}",
            f"claim b{n} (x: Hour: f{n}(x) == x",
            SHORT.format(f"z{n}"),
        ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("workers", [1, 2])
def test_workers_change_nothing(relay: Invoke, workers: int) -> None:
    text = many(200)
    here = relay("check", COUNTING, "--json", "--reveal", "--workers", 0, "--no-cache", stdin=text)
    there = relay("check", COUNTING, "--json", "--reveal", "--workers", workers, "--no-cache", stdin=text)
    assert there == here
    assert [json.loads(line)["line"] for line in here.out.splitlines()] == list(range(1, 201))


def test_verdicts_are_summed_up(relay: Invoke) -> None:
    assert relay("check", COUNTING, stdin=FILE).err.splitlines()[-1].startswith("5 statements: 2 defined, ")
    assert (
        relay("check", COUNTING, "--quiet", stdin=FILE).err == relay("check", COUNTING, "--json", stdin=FILE).err == ""
    )


def test_a_claim_in_the_wrong_class_is_told_where_it_stands(relay: Invoke) -> None:
    text = "# one\n\nclaim over complexes (x: Scalar):\n    any(y == x for y in Scalar)\n"
    (line,) = relay("check", "linear_algebra", "--json", stdin=text).out.splitlines()
    assert json.loads(line)["message"].startswith("line 4, column 22: this ranges over a type")


def test_a_file_may_begin_with_a_mark_of_its_encoding(relay: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "marked.relay"
    file.write_bytes(b"\xef\xbb\xbfdefine f(x: Scalar) -> Scalar = x\n")
    assert relay("check", "linear_algebra", str(file)).status == 0


def test_what_is_no_text_is_told_where(relay: Invoke, tmp_path: Path) -> None:
    file = tmp_path / "spoilt.relay"
    file.write_bytes(b"define f(x: Scalar) -> Scalar = x\n# \xff\n")
    told = relay("check", "linear_algebra", str(file))
    assert told.status == 2 and "(line 2, byte 36)" in told.err


def test_statements_may_be_longer_than_the_task_allows(relay: Invoke) -> None:
    text = f"define f(x: Scalar) -> Scalar = {' + '.join(['x'] * 12)}\n"
    assert relay("check", "linear_algebra", stdin=text).status == 1
    assert relay("check", "linear_algebra", "--statement-size", "23", stdin=text).status == 0
    assert relay("check", "linear_algebra", "--statement-size", "22", stdin=text).status == 1


def test_standard_input_may_be_named(relay: Invoke) -> None:
    assert relay("check", COUNTING, "-", "--json", stdin=FILE) == relay("check", COUNTING, "--json", stdin=FILE)
    assert "there is no statement in standard input" in relay("check", COUNTING, "-", stdin="").err


def test_standard_input_that_the_shell_has_closed_is_one_line() -> None:
    command = f"{shlex.quote(sys.executable)} -m relay check {shlex.quote(str(COUNTING))} --workers 0 <&-"
    done = subprocess.run(["sh", "-c", command], env=ENVIRONMENT, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr.splitlines()[-1].startswith("relay: standard input is closed")


def test_quiet_tells_by_the_status_alone(relay: Invoke) -> None:
    told = relay("check", COUNTING, "-q", stdin=FILE)
    assert (told.status, told.out, told.err) == (1, "", "")
    assert relay("check", COUNTING, "-q", stdin=FILE.splitlines()[0]).status == 0


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once the bounded memories are full, memory grows with the text alone: reported verdicts are not kept."""
    monkeypatch.setattr("relay.scoring.judge.REMEMBERED", 50)
    task = TaskFile(path=str(COUNTING)).build(1)
    held = []
    for count in (600, 600, 1_200):  # the first run fills the cache of parsed texts, which keeps 512
        text = "\n".join(SHORT.format(f"z{n}") for n in range(count))
        marks: list[int] = []

        async def look(text: str = text, marks: list[int] = marks) -> None:
            told = 0
            async for found in review(task, text, PooledJudge(Workers(0), task), at_once=8):
                assert found.kind == "claim"
                told += 1
                if told % 300 == 0:
                    gc.collect()  # garbage does not count as kept
                    marks.append(tracemalloc.get_traced_memory()[0] - 6 * len(text))

        tracemalloc.start()
        asyncio.run(look())
        tracemalloc.stop()
        assert len(marks) == count // 300
        held.append(max(marks))
    # what is kept of a reported statement, in bytes; a verdict has several thousand
    assert (held[2] - held[1]) / 600 < 800


class Pieces:
    """Coroutines that end when a test says so."""

    def __init__(self) -> None:
        self.begun: list[int] = []
        self.cancelled: list[int] = []
        self.ends: dict[int, asyncio.Future[int]] = {}

    def work(self, count: int) -> Iterator[Coroutine[Any, Any, int]]:
        for number in range(count):
            self.ends[number] = asyncio.get_running_loop().create_future()
            yield self._piece(number)

    async def _piece(self, number: int) -> int:
        self.begun.append(number)
        try:
            return await self.ends[number]
        except asyncio.CancelledError:
            self.cancelled.append(number)
            raise

    def end(self, *numbers: int) -> None:
        for number in numbers:
            self.ends[number].set_result(number)


async def until_idle() -> None:
    for _ in range(100):
        await asyncio.sleep(0)


async def rest_of(told: AsyncGenerator[T, None]) -> list[T]:
    return [item async for item in told]


def test_answers_come_in_order_and_none_is_begun_too_early() -> None:
    async def use() -> None:
        pieces = Pieces()
        told = in_order(pieces.work(10), 3)
        first = asyncio.create_task(anext(told))
        await until_idle()
        assert pieces.begun == [0, 1, 2] and not first.done()
        pieces.end(1, 2)
        await until_idle()
        assert pieces.begun == [0, 1, 2] and not first.done()  # later results wait for the first
        pieces.end(0)
        assert [await first, await anext(told), await anext(told)] == [0, 1, 2]
        assert pieces.begun == [0, 1, 2]  # results that are ready are yielded before more work is started
        rest = asyncio.create_task(rest_of(told))
        for number in range(3, 10):
            await until_idle()
            assert pieces.begun == list(range(min(number + 3, 10)))
            pieces.end(number)
        assert await rest == list(range(3, 10))

    asyncio.run(use())


def test_what_a_piece_raises_is_raised_in_its_turn_and_ends_the_others() -> None:
    async def use() -> None:
        pieces = Pieces()
        told = in_order(pieces.work(10), 3)
        first = asyncio.create_task(anext(told))
        await until_idle()
        pieces.ends[1].set_exception(KeyError("one"))
        await until_idle()
        assert not first.done()
        pieces.end(0)
        assert await first == 0
        with pytest.raises(KeyError, match="one"):
            await anext(told)
        assert pieces.cancelled == [2]

    asyncio.run(use())


@pytest.mark.parametrize("cancel", [False, True])
def test_whoever_leaves_early_cancels_what_was_begun(cancel: bool) -> None:
    async def use() -> None:
        pieces = Pieces()
        told = in_order(pieces.work(10), 3)
        first = asyncio.create_task(anext(told))
        await until_idle()
        if cancel:
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            assert sorted(pieces.cancelled) == [0, 1, 2]
        else:
            pieces.end(0)
            await first
            await told.aclose()
            assert sorted(pieces.cancelled) == [1, 2]

    asyncio.run(use())


@pytest.mark.parametrize(("at_once", "most"), [(1, 1), (8, 2)])
def test_each_is_told_as_soon_as_it_is_decided(at_once: int, most: int) -> None:
    """The first verdicts are reported before the rest of the file is read."""
    task = TaskFile(path=str(COUNTING)).build(1)
    asked: list[str] = []

    class Watching(PooledJudge):
        async def examine(self, statement, definitions, *, credit=True):  # type: ignore[no-untyped-def]
            asked.append(statement.source)
            return await super().examine(statement, definitions, credit=credit)

    async def use() -> None:
        async with aclosing(review(task, many(40), Watching(Workers(0), task), at_once=at_once)) as told:
            for _ in range(2):
                await anext(told)

    asyncio.run(use())
    assert 1 <= len(asked) <= most


def test_concepts_are_told_in_order_while_several_are_judged() -> None:
    task = TaskFile(path=str(COUNTING)).build(1)
    alone = listed(inspect(task))
    under_way, most = 0, 0

    class Late(PooledJudge):
        """Examines the first claims slowest, so that their results come last."""

        left = 40

        async def examine(self, statement, definitions, *, credit=True):  # type: ignore[no-untyped-def]
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            self.left -= 1
            for _ in range(max(0, self.left)):
                await asyncio.sleep(0)
            under_way -= 1
            return await super().examine(statement, definitions, credit=credit)

    counts: list[tuple[int, int]] = []
    together = listed(inspect(task, Late(Workers(0), task), step=lambda done, of: counts.append((done, of)), at_once=5))
    assert together == alone and [report.id for report in alone] == ["double", "opposite", "minus"]
    assert most == 5
    dones = [done for done, _ in counts]
    assert dones[0] == 0 and dones == sorted(dones) and {of for _, of in counts} == {dones[-1]}


@pytest.mark.parametrize("workers", ["0", "1", "2"])
def test_ctrl_c_leaves_whole_lines(tmp_path: Path, workers: str) -> None:
    (tmp_path / "many.relay").write_text(many(20_000))
    command = [sys.executable, "-m", "relay", "check", str(COUNTING), str(tmp_path / "many.relay"), "--json"]
    command += ["--no-cache", "--workers", workers]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
    assert process.stdout is not None and process.stderr is not None
    out = process.stdout.read(4_096)
    process.send_signal(signal.SIGINT)
    while more := process.stdout.read(1 << 16):
        out += more
    assert process.wait(timeout=120) == 130
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.stdout.close()
    rows = [json.loads(line) for line in out.splitlines()]
    assert out.endswith(b"\n") and [row["line"] for row in rows] == list(range(1, len(rows) + 1))
    assert len(rows) < 20_000


@pytest.mark.parametrize("terminal", [False, True])
def test_progress_is_for_a_terminal_and_results_go_where_they_were_sent(tmp_path: Path, terminal: bool) -> None:
    (tmp_path / "some.relay").write_text(many(400))
    command = [sys.executable, "-m", "relay", "check", str(COUNTING), str(tmp_path / "some.relay"), "--json"]
    ours, theirs = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        [*command, "--no-cache", "--workers", "1"],
        env={**ENVIRONMENT, "TERM": "xterm"}, stdout=subprocess.PIPE, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    said = b""

    def listen() -> None:
        nonlocal said
        with suppress(OSError):  # raised when the other end of the terminal is closed
            while data := os.read(ours, 1 << 16):
                said += data

    # Read in a thread: an unread terminal fills up, and blocks the process that writes to it.
    listener = threading.Thread(target=listen)
    listener.start()
    out, _ = process.communicate(timeout=300)
    listener.join()
    os.close(ours)
    assert len([json.loads(line) for line in out.splitlines()]) == 400
    assert (b"statement" in said and b"/400" in said) == terminal
    line = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", said)
    assert bool(re.search(rb"elapsed 0:0\d:\d\d left 0:0\d:\d\d", line)) == terminal  # each time has a label
    assert b"/?" not in line and b"-:--" not in line
    assert terminal or not said


def test_a_statement_that_kills_its_worker_takes_nothing_with_it(
    relay: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"claim (x{n}: Hour): plus(x{n}, x{n}) == x{n}" for n in range(20)]
    lines[7] = "claim victim (w: Hour): plus(w, w) == w"
    usual = PooledJudge._prepare

    def sabotaged(self: PooledJudge) -> None:
        usual(self)
        if len(self._workers._preparations) == 1:
            self._workers.prepare(lay_a_trap)

    monkeypatch.setattr(PooledJudge, "_prepare", sabotaged)
    told = relay("check", COUNTING, "--json", "--no-cache", "--workers", 1, stdin="\n".join(lines))
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert [row["status"] for row in rows] == ["refuted"] * 7 + ["undecided"] + ["refuted"] * 12
    assert rows[7]["evidence"] == [{"stage": "machine", "cause": "crashed with signal 11 (SIGSEGV)"}]
    assert told.status == 1


def lay_a_trap() -> None:
    """Prepare a worker so that one claim crashes it."""
    usual = Checker._judge_claim

    def trapped(self, claim, definitions):  # type: ignore[no-untyped-def]
        if claim.name == "victim":
            signal.raise_signal(signal.SIGSEGV)
        return usual(self, claim, definitions)

    Checker._judge_claim = trapped  # type: ignore[method-assign]


def test_a_primary_form_that_nobody_could_state_fails(relay: Invoke, tmp_path: Path) -> None:
    path = tmp_path / "small.yaml"
    text = Path(COUNTING).read_text(encoding="utf-8")
    path.write_text(text.replace("statement_size: 5", "statement_size: 3"), encoding="utf-8")
    told = relay("task", "check", path, "--corruptions", "0")
    assert told.status == 1
    assert "its primary form has 4 nodes, and a statement may have 3, so nobody could state it" in told.out
    assert "some sizes" in told.out


def test_the_table_of_a_task_is_as_wide_as_it_says() -> None:
    report = ConceptReport(
        id="characteristic_polynomial", depth=1, forms=1, size=18, statement_size=18, inlined=112, fits=True, laws=()
    )
    width = table_width([report.id])
    assert width <= 80
    shown = StringIO()
    Console(file=shown, width=width).print(summary_table([report]))
    header, row, legend = shown.getvalue().splitlines()
    assert "…" not in header + row and len(header) == width
    assert row.split() == ["characteristic_polynomial", "1", "1", "18*", "112", "0", "0"]
    assert legend.startswith("* ")

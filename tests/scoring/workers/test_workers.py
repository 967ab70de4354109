"""Workers: their limits, and that one that dies takes only its own call with it, however it ends."""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest

from relay.errors import MachineFault, UsageError, WorkerFault
from relay.scoring.workers import CHECKING, OPEN, Guard, Limits, Once, Workers
from relay.scoring.workers.frames import FrameReader, Garbage, pack
from relay.scoring.workers.process import Worker

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="memory is limited on Linux only")
T = TypeVar("T")
SMALL = Limits(memory=400 << 20, processor=1, wall=60.0, brief=True)

# --- functions for workers -------------------------------------------------------------------------------------------


def double(number: int) -> int:
    return 2 * number


def whereabouts(_: int = 0) -> int:
    return os.getpid()


def slow(number: int) -> int:
    end = time.process_time() + 0.02
    while time.process_time() < end:
        pass
    return number


def segfault() -> None:
    signal.raise_signal(signal.SIGSEGV)


def leave() -> None:
    os._exit(7)


def hungry() -> int:
    return int(np.ones(1 << 29).sum())


def spend() -> None:
    while True:
        pass


def stubborn() -> None:
    """Ignore every signal that can be ignored, and wait without using processor time."""
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        with contextlib.suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_IGN)
    while True:
        time.sleep(3600)


def babble() -> None:
    """Write invalid replies to every descriptor that takes them."""
    for descriptor in range(3, 64):
        with contextlib.suppress(OSError):
            os.write(descriptor, b"\x80\x05." * 40)


def crash_when_used(marks: str) -> int:
    """Crash in a worker that has run a call before, and succeed in a new one."""
    before = len(list(Path(marks).iterdir()))
    (Path(marks) / f"{os.getpid()}-{before}").touch()
    if len(list(Path(marks).glob(f"{os.getpid()}-*"))) > 1:
        segfault()
    return os.getpid()


def touch(marks: str) -> None:
    (Path(marks) / f"{os.getpid()}-0").touch()


def surroundings() -> tuple[dict[str, str], str]:
    return dict(os.environ), Path("/proc/self/environ").read_text() if sys.platform == "linux" else ""


def raises(error: Exception) -> None:
    raise error


class Awkward(Exception):
    """An exception that can't be made again from its arguments."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__("awkward")


def raises_awkward() -> None:
    raise Awkward(1, 2)


def gives_lambda() -> Any:
    return lambda: 0


def large(size: int) -> bytes:
    return b"x" * size


def length(data: bytes) -> int:
    return len(data)


def refuse_to_begin() -> None:
    raise UsageError("the task is torn")


REMEMBERED: list[int] = []


def keep(number: int) -> None:
    REMEMBERED.append(number)


def kept() -> list[int]:
    return list(REMEMBERED)


def run_code() -> None:
    eval("1 + 1")  # noqa: S307 (this is what the guard refuses)


def run_code_quietly() -> None:
    with contextlib.suppress(Exception):
        exec("x = 1")  # noqa: S102


def start_process() -> None:
    subprocess.run(["true"], check=False)


def fork() -> None:
    if os.fork() == 0:
        os._exit(0)


def open_socket() -> None:
    socket.socket()


def write_file() -> None:
    Path("written-by-a-worker").write_text("x")


def remove_file() -> None:
    Path("nothing-of-this-name").unlink(missing_ok=True)


def signal_somebody() -> None:
    os.kill(os.getpid(), 0)


def read_file() -> int:
    return len(Path(__file__).read_bytes())


def import_something() -> None:
    sys.modules.pop("colorsys", None)
    __import__("colorsys")


def limits_now() -> tuple[int, int]:
    return resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0]


# --- helpers ---------------------------------------------------------------------------------------------------------


def use(count: int, body: Callable[[Workers], Awaitable[T]]) -> T:
    """The result of a function of `count` workers, which are closed afterwards."""

    async def whole() -> T:
        async with Workers(count) as workers:
            return await body(workers)

    return asyncio.run(whole())


async def doubled(workers: Workers, numbers: range) -> list[int]:
    """Concurrent calls, among which a test places a failing one."""
    return await asyncio.gather(*(workers.run(double, number, limits=SMALL) for number in numbers))


# --- one call among many ---------------------------------------------------------------------------------------------

ENDS: dict[str, tuple[Callable[[], Any], Limits, str]] = {
    "crashed": (segfault, SMALL, "crashed with signal 11 (SIGSEGV)"),
    "exited": (leave, SMALL, "ended with exit status 7"),
    "spent its time": (spend, SMALL, "killed after 1 s of processor time"),
    "would not die": (stubborn, replace(SMALL, wall=1.0), "killed after 1 s"),
    "babbled": (babble, SMALL, "sent an invalid reply"),
}


@pytest.mark.parametrize("name", sorted(ENDS))
@pytest.mark.parametrize("count", [1, 2])
def test_a_worker_that_dies_takes_one_call_with_it(name: str, count: int) -> None:
    function, limits, cause = ENDS[name]

    async def body(workers: Workers) -> None:
        before, bad, after = await asyncio.gather(
            doubled(workers, range(5)),
            workers.run(function, limits=limits),
            doubled(workers, range(5, 40)),
            return_exceptions=True,
        )
        assert isinstance(bad, WorkerFault) and bad.cause == cause and not bad.memory
        assert function.__name__ in str(bad)
        assert not isinstance(before, BaseException) and not isinstance(after, BaseException)
        assert before + after == [2 * number for number in range(40)]

    use(count, body)


@LINUX
@pytest.mark.parametrize("count", [1, 2])
def test_a_worker_without_memory_takes_one_call_with_it(count: int) -> None:
    async def body(workers: Workers) -> None:
        bad, rest = await asyncio.gather(
            workers.run(hungry, limits=SMALL, attempts=2), doubled(workers, range(20)), return_exceptions=True
        )
        assert isinstance(bad, WorkerFault) and bad.memory and bad.cause == "out of memory"
        assert rest == [2 * number for number in range(20)]

    use(count, body)


@LINUX
def test_limits_are_those_of_the_call() -> None:
    async def body(workers: Workers) -> list[tuple[int, int]]:
        return [await workers.run(limits_now, limits=limits) for limits in (SMALL, OPEN, SMALL)]

    tight, open_, again = use(1, body)
    assert 0 < tight[0] < 2 << 30 and 0 < tight[1] < 60
    assert open_ == (resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0])
    assert again[0] == tight[0]


def test_a_second_attempt_is_made_by_a_fresh_worker(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        await workers.run(touch, str(tmp_path), limits=SMALL)
        first = await workers.run(whereabouts, limits=SMALL)
        second = await workers.run(crash_when_used, str(tmp_path), limits=SMALL, attempts=2)
        assert second != first
        with pytest.raises(WorkerFault):  # the same call, without another attempt
            await workers.run(crash_when_used, str(tmp_path), limits=SMALL)

    use(1, body)


@pytest.mark.parametrize(("function", "limits"), [(spend, SMALL), (stubborn, replace(SMALL, wall=1.0))])
def test_what_took_too_long_is_not_tried_again(
    monkeypatch: pytest.MonkeyPatch, function: Callable[[], object], limits: Limits
) -> None:
    started: list[Worker] = []
    start = Worker.start
    monkeypatch.setattr(Worker, "start", lambda: started.append(start()) or started[-1])
    with pytest.raises(WorkerFault, match="killed after"):
        use(1, lambda workers: workers.run(function, limits=limits, attempts=2))
    assert len(started) == 1


@pytest.mark.parametrize("count", [0, 1, 3])
def test_answers_do_not_depend_on_who_gives_them(count: int) -> None:
    numbers = [*range(30), *reversed(range(30))]

    async def body(workers: Workers) -> list[int]:
        return await asyncio.gather(*(workers.run(slow, number, limits=SMALL) for number in numbers))

    assert use(count, body) == numbers


def test_two_workers_share_the_calls() -> None:
    async def body(workers: Workers) -> None:
        calls = [workers.run(slow, number, limits=SMALL) for number in range(200)]
        places = [workers.run(whereabouts, limits=SMALL) for _ in range(20)]
        assert await asyncio.gather(*calls) == list(range(200))
        assert os.getpid() not in await asyncio.gather(*places)

    use(2, body)


# --- what goes in and comes out --------------------------------------------------------------------------------------


def test_large_messages_go_both_ways_at_once() -> None:
    size = 3 << 20

    async def body(workers: Workers) -> None:
        there = [workers.run(length, b"y" * size, limits=CHECKING) for _ in range(3)]
        back = [workers.run(large, size, limits=CHECKING) for _ in range(3)]
        both = await asyncio.gather(*(call for pair in zip(back, there, strict=True) for call in pair))
        assert [len(one) if isinstance(one, bytes) else one for one in both] == [size] * 6

    use(1, body)


def test_errors_come_back() -> None:
    async def body(workers: Workers) -> None:
        with pytest.raises(KeyError, match="inside") as caught:
            await workers.run(raises, KeyError("inside"))
        assert "in raises" in str(caught.value.__cause__)
        with pytest.raises(RuntimeError, match="StopIteration: the end"):  # which no coroutine may raise
            await workers.run(raises, StopIteration("the end"))
        with pytest.raises(RuntimeError, match="Awkward: awkward"):
            await workers.run(raises_awkward)
        with pytest.raises(Exception, match="lambda"):
            await workers.run(gives_lambda)
        assert await workers.run(double, 4) == 8

    use(1, body)


def test_an_argument_that_can_not_be_sent_fails_where_it_is_given() -> None:
    with pytest.raises(Exception, match="lambda"):
        use(1, lambda workers: workers.run(length, lambda: 0))  # type: ignore[arg-type]


def test_preparations_come_before_calls_and_in_every_worker() -> None:
    async def body(workers: Workers) -> None:
        workers.prepare(keep, 1)
        assert await workers.run(kept) == [1]
        workers.prepare(keep, 2)
        assert await workers.run(kept) == [1, 2]
        with pytest.raises(MachineFault):
            await workers.run(leave)
        assert await workers.run(kept) == [1, 2]

    use(1, body)


def test_what_a_preparation_raises_every_call_raises() -> None:
    async def body(workers: Workers) -> None:
        workers.prepare(refuse_to_begin)
        for _ in range(2):
            with pytest.raises(UsageError, match="torn"):
                await workers.run(double, 1)

    use(1, body)


def test_a_worker_that_can_not_start_is_told_with_its_last_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [])

    async def body(workers: Workers) -> list[int | BaseException]:
        return await asyncio.gather(*(workers.run(double, number) for number in range(5)), return_exceptions=True)

    for error in use(2, body):
        with pytest.raises(WorkerFault, match=r"could not start: ended with exit status 1: .*relay"):
            raise error  # type: ignore[misc]


def test_no_environment_is_handed_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a secret")
    inside, whole = use(1, lambda workers: workers.run(surroundings))
    assert "a secret" not in whole and "a secret" not in str(inside)
    assert inside["OPENBLAS_NUM_THREADS"] == "1"
    allowed = {"LC_CTYPE", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONHOME", "PYTHONHASHSEED"}
    assert {name for name in inside if not name.endswith("_THREADS")} <= allowed | {"__CF_USER_TEXT_ENCODING"}


def test_what_components_print_is_passed_on(capfd: pytest.CaptureFixture[str]) -> None:
    async def body(workers: Workers) -> None:
        await workers.run(print, "from a worker")
        limit = time.monotonic() + 30
        while "from a worker" not in capfd.readouterr().err:
            assert time.monotonic() < limit, "it was swallowed"
            await workers.run(double, 1)

    use(1, body)


# --- the end ---------------------------------------------------------------------------------------------------------


def test_closing_leaves_nothing_behind() -> None:
    async def body(workers: Workers) -> None:
        pid = await workers.run(whereabouts, limits=SMALL)
        calls = [asyncio.create_task(workers.run(stubborn, limits=CHECKING)) for _ in range(6)]
        await asyncio.sleep(0.1)
        workers.close()
        for outcome in await asyncio.gather(*calls, return_exceptions=True):
            assert isinstance(outcome, MachineFault) and "the workers were closed" in str(outcome)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert await workers.run(double, 3) == 6  # new processes are started

    use(2, body)


def test_whoever_leaves_early_waits_for_nothing() -> None:
    async def body(workers: Workers) -> None:
        await workers.run(double, 1)
        left = asyncio.create_task(workers.run(stubborn))
        await asyncio.sleep(0.1)
        left.cancel()

    begun = time.monotonic()
    use(1, body)
    assert time.monotonic() - begun < 60


def test_a_cancelled_call_is_not_made(tmp_path: Path) -> None:
    async def body(workers: Workers) -> None:
        first = asyncio.create_task(workers.run(slow, 1))
        second = asyncio.create_task(workers.run(touch, str(tmp_path)))
        await asyncio.sleep(0)
        second.cancel()
        assert await first == 1
        with pytest.raises(asyncio.CancelledError):
            await second
        assert await workers.run(double, 2) == 4
        assert not any(tmp_path.iterdir())

    use(1, body)


def test_workers_go_with_their_parent(tmp_path: Path) -> None:
    """The parent is killed while its worker is busy and ignores all signals that can be ignored."""
    code = (
        "import asyncio, os\nfrom relay.scoring.workers import Workers\n"
        "from tests.scoring.workers.test_workers import whereabouts, stubborn\n"
        "async def main():\n"
        "    workers = Workers(1)\n    print(await workers.run(whereabouts), flush=True)\n"
        "    busy = asyncio.create_task(workers.run(stubborn))\n"
        "    await asyncio.sleep(0.5)\n    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=120)
    pid = int(done.stdout)
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return
        if sys.platform == "linux" and "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
            return  # it has ended, but its status was not collected yet
        time.sleep(0.1)
    raise AssertionError("the worker outlived its parent")


# --- the guard -------------------------------------------------------------------------------------------------------

FORBIDDEN = (run_code, run_code_quietly, start_process, fork, open_socket, write_file, remove_file, signal_somebody)


@pytest.mark.parametrize("function", FORBIDDEN, ids=lambda function: function.__name__)
def test_the_guard_refuses(function: Callable[[], None]) -> None:
    async def body(workers: Workers) -> None:
        with pytest.raises(WorkerFault, match="stopped: it tried"):
            await workers.run(function, limits=CHECKING)
        assert await workers.run(double, 4, limits=CHECKING) == 8

    use(1, body)
    assert not Path("written-by-a-worker").exists()


def test_the_guard_lets_pass_what_computes() -> None:
    strict = replace(CHECKING, guard=Guard.STRICT)

    async def body(workers: Workers) -> None:
        assert await workers.run(read_file, limits=strict) > 0
        await workers.run(import_something, limits=CHECKING)
        with pytest.raises(WorkerFault, match="import"):
            await workers.run(import_something, limits=strict)

    use(1, body)


def test_without_the_guard_components_may_do_what_they_like() -> None:
    use(1, lambda workers: workers.run(run_code))


# --- arguments that are sent once ------------------------------------------------------------------------------------


SEEN: list[list[int]] = []
"""In a worker: the values that it received. They are kept so that no two get the same address in memory."""


def who(values: dict[str, list[int]]) -> tuple[int, list[int]]:
    SEEN.append(values["a"])
    return id(values["a"]), values["a"]


def test_what_comes_again_is_unpickled_once() -> None:
    one, same, other = Once([1, 2]), Once([1, 2]), Once([3])

    async def body(workers: Workers) -> list[tuple[int, list[int]]]:
        return [
            await workers.run(who, {"a": value}, limits=CHECKING)  # type: ignore[dict-item]
            for value in (one, same, other, one)
        ]

    found = use(1, body)
    assert [values for _, values in found] == [[1, 2], [1, 2], [3], [1, 2]]
    assert len({place for place, _ in found}) == 2


# --- frames ----------------------------------------------------------------------------------------------------------


def test_messages_are_cut_wherever_they_are_cut() -> None:
    payloads = [b"", b"a", b"bc" * 5000]
    whole = b"".join(pack(payload) for payload in payloads)
    for step in (1, 7, 4096, len(whole)):
        reader = FrameReader()
        found = [m for start in range(0, len(whole), step) for m in reader.feed(whole[start : start + step])]
        assert found == payloads


def test_messages_before_garbage_are_not_lost() -> None:
    found = []
    with pytest.raises(Garbage):
        for message in FrameReader().feed(pack(b"a") + pack(b"b") + b"x" * 64):
            found.append(message)
    assert found == [b"a", b"b"]


@pytest.mark.parametrize("place", [0, 5, 12, 20])
def test_a_changed_byte_is_garbage(place: int) -> None:
    message = bytearray(pack(b"some payload"))
    message[place] ^= 1
    if 4 <= place < 12:  # the length, which then does not fit the rest of the message
        message[4] = 0xFF
    with pytest.raises(Garbage):
        list(FrameReader().feed(bytes(message)))

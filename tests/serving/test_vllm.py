"""One engine: adapters, a reasoning parser, its death, and the errors before it starts."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agents.models.vllm import VLLM
from agents.models.vllm.adapters import Adapters, with_a_spare_slot
from agents.models.vllm.engine import _RUNNING, held, running
from relay.errors import MachineFault, UsageError
from relay.records.events import Answered, Fault, TenureEnded
from relay.researcher.model import Request
from relay.researcher.observation import Message
from relay.trial.directory import load_trial
from tests.serving.needs import need_engine
from tests.serving.one_engine import CUT, TURNS, WIDTH
from tests.serving.test_engine import PATIENCE, ROOT, read_events
from tests.serving.tiny import CPU

HELLO = (Message(role="user", content="Hello"),)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    need_engine()
    place = tmp_path_factory.mktemp("one")
    surroundings = {**os.environ, **CPU}
    surroundings.pop("RELAY_MODELS", None)
    command = [sys.executable, "-m", "tests.serving.one_engine", str(place)]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr[-3000:]
    return place


@pytest.fixture(scope="module")
def found(place: Path) -> dict[str, Any]:
    return json.loads((place / "found.json").read_text())  # type: ignore[no-any-return]


def test_an_adapter_changes_answers_and_shares_batches_with_the_bare_model(found: dict[str, Any]) -> None:
    """On a CPU, a request without an adapter would be computed with the adapter in the last slot."""
    mixed = [one["text"] + one["reasoning"] for one in found["mixed"]]
    bare, adapted = ([one["text"] + one["reasoning"] for one in found[name]] for name in ("base", "adapted"))
    assert mixed[0::3] == bare and mixed[1::3] == adapted
    for ways in zip(bare, adapted, mixed[2::3], strict=True):
        assert len(set(ways)) == 3


def test_an_adapter_that_can_not_be_loaded_is_told_of_and_ends_nothing(found: dict[str, Any]) -> None:
    missing, broken, bare = found["missing"]
    assert missing["error"] == broken["error"] == "UsageError"
    assert "there is no adapter at" in missing["message"] and "give the directory of an adapter" in missing["message"]
    assert "broken can't be loaded" in broken["message"]
    assert "\n" not in missing["message"] + broken["message"]
    assert bare == found["base"][0]


def test_reasoning_is_kept_apart_and_free_of_the_schema(found: dict[str, Any]) -> None:
    for one in found["held"]:
        assert one["finish_reason"] == "stop" and set(json.loads(one["text"])) == {"size"}
        assert "think>" not in one["reasoning"]
    assert sum(len(one["reasoning"]) > 20 for one in found["held"]) >= 4


def test_an_answer_that_is_cut_off_in_its_reasoning_is_reasoning_and_is_counted(found: dict[str, Any]) -> None:
    cut = [one for one in found["cut"] if not one["text"]]
    assert len(cut) >= 2
    for one in cut:
        assert one["reasoning"] and one["tokens_out"] == CUT and one["finish_reason"] == "length"


def test_an_engine_that_dies_is_a_fault_of_the_machine_and_is_started_again(found: dict[str, Any]) -> None:
    assert {(one["error"], one["kind"]) for one in found["dying"]} == {("MachineFault", "engine")}
    said, before = ([(one["text"], one["reasoning"]) for one in found[name]] for name in ("after", "base"))
    assert said == before + [(one["text"], one["reasoning"]) for one in found["adapted"]]


def test_a_trial_outlives_its_engine(place: Path, found: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """No turn is lost and none is paid for twice."""
    monkeypatch.delenv("RELAY_MODELS")  # the model of this test is no download
    events = read_events(place / "trial")
    faults = [event for event in events if isinstance(event, Fault) and event.side == "machine"]
    assert faults and {fault.kind for fault in faults} == {"engine"}
    answered = Counter((event.tenure, event.turn) for event in events if isinstance(event, Answered))
    assert set(answered.values()) == {1} and all((fault.tenure, fault.turn) in answered for fault in faults)
    ends = [event for event in events if isinstance(event, TenureEnded)]
    assert len(ends) == WIDTH and all(end.spent.turns <= TURNS for end in ends)
    assert found["ended"] == load_trial(place / "trial", trust=True).state.ended == "completed"
    assert any(event.reasoning for event in events if isinstance(event, Answered))


def test_an_engine_is_there_for_those_who_hold_it(found: dict[str, Any]) -> None:
    assert found["unheld"][0]["error"] == "UsageError" and "is not served" in found["unheld"][0]["message"]
    assert found["held_by"] == 1 and not any(found["left"])


def test_what_a_user_can_mend_is_said_in_one_line(found: dict[str, Any]) -> None:
    mends = (
        "did you mean `max_model_len`?",
        "refuses these sampling parameters: top_p must be in (0, 1]",
        "reasoning_parser=none can't be used",
        "reasoning_parser=mistral can't be used",
        "vllm can't start",
    )
    for said, mend in zip(found["refused"], mends, strict=True):
        assert mend in said and "\n" not in said
    long, short = found["long"]
    assert long["error"] == "UsageError" and "refuses the request" in long["message"]
    assert short == found["base"][0]


def test_a_context_that_the_engine_has_no_room_for_is_told_before_anything_is_spent(
    place: Path, found: dict[str, Any]
) -> None:
    assert "give --context 8192" in found["small"] and not (place / "other").exists()


# --- without an engine -----------------------------------------------------------------------------------------------


class _Double:
    """Stands in for an engine."""

    def __init__(self) -> None:
        self.holders, self.stopped = 0, 0

    def stop(self) -> None:
        self.stopped += 1


def test_who_comes_first_starts_an_engine_and_who_leaves_last_stops_it() -> None:
    started: list[_Double] = []

    def start() -> Any:
        started.append(_Double())
        return started[-1]

    async def hold() -> None:
        with held("key", start):
            with held("key", start), held("other", start):
                assert running("key") is not None
            assert running("other") is None and started[-2].stopped == 0
        assert running("key") is None and not _RUNNING.get(asyncio.get_running_loop())

    assert running("key") is None  # outside of any event loop
    asyncio.run(hold())
    asyncio.run(hold())
    assert len(started) == 4 and all(one.stopped == 1 for one in started)


def test_no_other_event_loop_finds_an_engine() -> None:
    """An engine is not found by a later loop, even if that has the address of an earlier loop that ended meanwhile."""

    async def keep() -> None:
        held("key", _Double).__enter__()  # type: ignore[arg-type]

    async def look() -> bool:
        return running("key") is not None

    for _ in range(20):
        asyncio.run(keep())
        gc.collect()
        assert not asyncio.run(look())
    assert len(_RUNNING) <= 1


def test_nothing_can_be_asked_of_what_is_not_served() -> None:
    model = VLLM(name="none")

    async def ask() -> None:
        assert model.context() is None
        await model.forget()
        with pytest.raises(UsageError, match="is not served"):
            await model.complete(Request(messages=HELLO, max_tokens=1, seed=1))

    asyncio.run(ask())


class _Loads:
    """Stands in for an engine with room for two adapters, of which one must stay empty."""

    def __init__(self, answers: bool) -> None:
        self.errored, self.answers = not answers, answers
        self.vllm_config = SimpleNamespace(lora_config=SimpleNamespace(max_loras=2))
        self.loaded: list[tuple[str, int]] = []
        self.most = 0

    async def add_lora(self, request: tuple[str, int]) -> None:
        if not self.answers:
            await asyncio.Event().wait()
        self.loaded.append(request)
        self.most = max(self.most, len(self.loaded))

    async def remove_lora(self, number: int) -> None:
        self.loaded = [request for request in self.loaded if request[1] != number]


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Directories that look like adapters."""
    monkeypatch.setattr(Adapters, "_request", staticmethod(lambda path, number: (path, number)))
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "adapter_config.json").write_text("{}")
    return [str(tmp_path / "first"), str(tmp_path / "second")]


def test_adapters_take_turns_where_there_is_room_for_one(two: list[str]) -> None:
    async def run() -> tuple[int, int]:
        engine = _Loads(answers=True)
        adapters, lent = Adapters(engine, spare=True), 0

        async def use(path: str) -> None:
            nonlocal lent
            async with adapters.lent(path) as request:
                await asyncio.sleep(0.001)
                assert request in engine.loaded
                lent += 1

        await asyncio.wait_for(asyncio.gather(*(use(path) for path in two * 5)), 5)
        return lent, engine.most

    assert asyncio.run(run()) == (10, 1)


def test_nobody_waits_for_a_dead_engine_to_load_an_adapter(two: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.models.vllm.adapters.HEARTBEAT", 0.01)

    async def run() -> None:
        async with Adapters(_Loads(answers=False), spare=False).lent(two[0]):
            pass

    with pytest.raises(MachineFault, match="the engine died"):
        asyncio.run(asyncio.wait_for(run(), 5))


def test_on_a_cpu_one_slot_for_adapters_stays_empty() -> None:
    assert with_a_spare_slot({"max_loras": 2}) == {"max_loras": 2}
    assert with_a_spare_slot({"enable_lora": True})["max_loras"] == 2
    more = with_a_spare_slot({"enable_lora": True, "max_loras": 3, "max_cpu_loras": 3})
    assert more["max_loras"] == more["max_cpu_loras"] == 4

"""Sixteen concurrent trials on a real engine with random weights, killed and resumed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from relay.records.events import Answered, AnyEvent, Judged, TenureEnded
from relay.records.log import read_chain
from relay.seeds import generator
from relay.trial.directory import load_trial
from tests.serving.needs import need_engine
from tests.serving.side_by_side import ANSWER, CONTEXT, PLAIN, REQUESTS, TRIALS, conditions
from tests.serving.tiny import CPU

ROOT = Path(__file__).parents[2]
PATIENCE = 900
"""Seconds for all trials."""
SOME = 24
"""Number of answers after which the process is killed."""


def _start(place: Path) -> subprocess.Popen[bytes]:
    surroundings = {**os.environ, **CPU}
    command = [sys.executable, "-m", "tests.serving.side_by_side", str(place)]
    with (place / "said.txt").open("ab") as said:
        return subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=said, stderr=said, start_new_session=True)


def _answered(directory: Path) -> dict[tuple[int, int, int], str]:
    """The events in a trial's log and in the files of its running tenures."""
    found = {}
    for path in (directory / "events.jsonl", *sorted((directory / "open").glob("*.jsonl"))):
        for line in _lines(path):
            try:
                event = json.loads(line)
            except ValueError:
                continue  # torn by the kill
            if event["type"] == "answered":
                found[event["generation"], event["tenure"], event["turn"]] = event["text"]
    return found


def _requests(place: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _lines(place / REQUESTS)]


def _lines(path: Path) -> list[str]:
    """Lines of a file that may be missing. Only `\\n` ends a line: random weights write other separators too."""
    return path.read_text(encoding="utf-8").rstrip("\n").split("\n") if path.exists() else []


def read_events(directory: Path) -> list[AnyEvent]:
    """A trial's log, with each line checked."""
    return [line.event for line in read_chain(directory / "events.jsonl", "")]


class Ran:
    """All trials, and their events at the time of the kill."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.conditions = conditions(place)
        self.directories = [place / f"{number:02}" for number in range(TRIALS)]
        self.before: list[dict[tuple[int, int, int], str]] = []
        self.asked_before = 0

    def kill_and_go_on(self) -> None:
        process, until = _start(self.place), time.monotonic() + PATIENCE
        while sum(map(len, map(_answered, self.directories))) < SOME:
            assert process.poll() is None and time.monotonic() < until, (self.place / "said.txt").read_text()[-3000:]
            time.sleep(0.05)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.before = [_answered(directory) for directory in self.directories]
        self.asked_before = len(_requests(self.place))
        process = _start(self.place)
        try:
            assert process.wait(PATIENCE) == 0, (self.place / "said.txt").read_text()[-3000:]
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)

    @cached_property
    def events(self) -> list[list[AnyEvent]]:
        """Events of each trial."""
        return [*map(read_events, self.directories)]

    def seed(self, number: int, turn: tuple[int, int, int]) -> int:
        """The seed of the request for a turn."""
        return int(generator(self.conditions[number].seed, "answer", *turn).integers(2**63))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ran]:
    need_engine()
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("RELAY_MODELS")  # the models of these tests are no downloads
        found = Ran(tmp_path_factory.mktemp("engine"))
        found.kill_and_go_on()
        yield found


def test_every_trial_ends_with_a_valid_log(ran: Ran) -> None:
    for events, directory in zip(ran.events, ran.directories, strict=True):
        assert events[-1].type == "trial_ended"
        assert load_trial(directory, trust=True).state.ended == "completed"


def test_what_was_answered_before_the_kill_stands_and_is_not_asked_again(ran: Ran) -> None:
    requests = _requests(ran.place)
    assert SOME <= ran.asked_before < len(requests)
    again = {request["seed"] for request in requests[ran.asked_before :]}
    assert sum(map(len, ran.before)) >= SOME
    for number, before in enumerate(ran.before):
        after = _answered(ran.directories[number])
        assert {turn: after[turn] for turn in before} == before
        assert again.isdisjoint(ran.seed(number, turn) for turn in before)
    times = Counter(request["seed"] for request in requests)
    answers = sum(len(_answered(directory)) for directory in ran.directories)
    assert len(times) == answers and max(times.values()) <= 2


def test_budgets_are_kept_to_the_token(ran: Ran) -> None:
    """Counted by another tokenizer library, from the messages that were sent, with a template written out here."""
    tokenizers = pytest.importorskip("tokenizers")
    counter = tokenizers.Tokenizer.from_file(str(ran.place / "model" / "tokenizer.json"))
    sent = {request["seed"]: request for request in _requests(ran.place)}
    ends: Counter[str] = Counter()
    for number, condition in enumerate(ran.conditions):
        spent: Counter[tuple[int, int]] = Counter()
        for event in ran.events[number]:
            if isinstance(event, Answered):
                request = sent[ran.seed(number, (event.generation, event.tenure, event.turn))]
                chat = "".join(f"<|{one['role']}|>{one['content']}<|end|>" for one in request["messages"])
                prompt = len(counter.encode(f"{chat}<|assistant|>", add_special_tokens=False).ids)
                assert event.tokens_in == prompt
                said = len(counter.encode(event.text, add_special_tokens=False).ids)
                # bytes that are no text have more tokens when read again: the whole allowance is charged for them
                assert min(said - 1, request["max_tokens"]) <= event.tokens_out <= request["max_tokens"] <= ANSWER
                assert event.tokens_in + event.tokens_out <= CONTEXT
                spent[event.generation, event.tenure] += event.tokens_in + event.tokens_out
            if isinstance(event, TenureEnded):
                ends[event.reason] += 1
                assert event.spent.tokens == spent[event.generation, event.tenure] <= condition.budget.tokens
                assert event.spent.evaluations <= condition.budget.evaluations
                assert event.spent.turns <= condition.budget.turns
    assert ends["tokens"] and ends["ended"]  # some reached their limit


def test_with_the_grammar_statements_are_well_formed(ran: Ran) -> None:
    judged: Counter[bool] = Counter()
    plain: Counter[bool] = Counter()
    for number in range(TRIALS):
        statuses = [event.status for event in ran.events[number] if isinstance(event, Judged)]
        (plain if number < PLAIN else judged).update(status == "ill_formed" for status in statuses)
    assert judged.total() >= 40
    assert judged[False] >= 0.95 * judged.total()
    assert plain[True] > plain[False]  # the weights are random, so this is due to the grammar


def test_an_unknown_model_is_told_in_one_line_before_anything_is_spent(ran: Ran, tmp_path: Path) -> None:
    surroundings = {**os.environ, **CPU}
    surroundings.pop("RELAY_MODELS", None)
    words = ("run", "alien", "--model", f"vllm/{tmp_path}/none", "--out", str(tmp_path / "trial"))
    command = [sys.executable, "-m", "relay", *words]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 2, done.stderr
    lines = [line for line in done.stderr.splitlines() if line.startswith("relay: ")]
    assert len(lines) == 1 and "vllm has no model" in lines[0]
    assert "Traceback" not in done.stderr and not (tmp_path / "trial").exists()

"""`retrieval(by=embeddings, model=...)`: the notes that are nearest in a model's embeddings, which the log holds."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from agents.models.mock import Mock
from agents.models.openai import OpenAI
from agents.models.sentence_transformers import SentenceTransformers
from relay.commands.line_printer import LinePrinter
from relay.commands.transcript_view import print_tenure
from relay.components import build
from relay.errors import MachineFault, ModelFault, UsageError
from relay.records.consulted import EMBEDDING, Consulted
from relay.records.reader import TrialReader
from relay.schemes.notes.embeddings import TOGETHER, packed, similarity, unpacked
from relay.trial.replay import Replay
from tests.agents.server import Endpoint, serving
from tests.schemes.test_letter import pages
from tests.schemes.test_retrieval import file, search
from tests.trial.helpers import condition, of_type, own_events, reopen, run, scripted

NOTES = "retrieval(k=1, cap=100, by=embeddings, model=mock/script)"
TEXTS = ("turtles swim slowly", "squares of elements", "a table that nobody explained", "turtles turtles", "turtles")
LONG = "filler " * 10
FILLED = [file(text) for text in TEXTS] + [file(f"{LONG}{number}") for number in range(3)]
"""The last of them fill the page."""


def consulted(where: Path, generation: int = 2) -> list[Consulted]:
    return [event for event in of_type(where, "consulted") if event.generation == generation]


def found(where: Path) -> list[str]:
    """Ids of the notes that were opened, in order."""
    return [event.note.id for event in of_type(where, "note_opened")]


def test_the_nearest_unread_note_is_found_and_the_log_holds_what_it_was_found_with(tmp_path: Path) -> None:
    searches = [search("Turtles"), search("turtles"), search("nothing in common"), search(" ")]
    pages(tmp_path / "a", [FILLED, searches], notes=NOTES, generations=2)
    # of two that are as near, the newest: "turtles turtles" points where "turtles" does
    assert found(tmp_path / "a")[:2] == ["1.1.5", "1.1.4"]
    said = consulted(tmp_path / "a")
    unread = 8 - len(of_type(tmp_path / "a", "shown")[1].notes)
    assert {event.purpose for event in said} == {EMBEDDING} and {event.by for event in said} == {"mock/script"}
    # each unread note once, of which one has the text of a query, and two other queries
    assert len(said) == len({event.request for event in said}) == unread + 2
    replies = [event.reply for event in of_type(tmp_path / "a", "acted") if event.generation == 2]
    assert replies[0].startswith(f"The best of {unread} notes that you had not read:")
    assert replies[3].startswith("No note that you have not read has any of these words")
    first = next(event for event in of_type(tmp_path / "a", "note_opened"))
    assert said[0].seq < first.seq and all(event.tokens_out == 0 < event.tokens_in for event in said)
    TrialReader.open(tmp_path / "a").read()


def test_a_trial_goes_on_byte_for_byte_and_asks_for_nothing_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    plain = Mock.embed

    async def embed(self: Mock, texts: tuple[str, ...]) -> Sequence[Sequence[float]]:
        asked.extend(texts)
        return await plain(self, texts)

    monkeypatch.setattr(Mock, "embed", embed)
    lines = [FILLED, [search("turtles"), file("one more")], [search("squares"), search("table")]]
    chosen = condition(agent=scripted(*lines), notes=NOTES, generations=2, width=2)
    run(tmp_path / "a", chosen)
    whole = (tmp_path / "a/events.jsonl").read_bytes()
    own = own_events(tmp_path / "a", 2, 1)
    assert sum(isinstance(event, Consulted) for event in own) > 5
    for cut in range(1, len(own) + 1):
        reopen(tmp_path / "a", 2, {1: own[:cut], 2: own_events(tmp_path / "a", 2, 2)})
        asked.clear()
        run(tmp_path / "a", chosen)
        assert (tmp_path / "a/events.jsonl").read_bytes() == whole
        there = sum(isinstance(event, Consulted) for event in own[:cut])
        assert len(asked) == sum(isinstance(event, Consulted) for event in own) - there
    # what a successor reads is what the log says, without any model
    monkeypatch.setattr(Mock, "embed", None)
    assert all(tenure.exact for tenure in Replay.of(tmp_path / "a").with_components(trust=True).tenures())


def test_a_model_that_fails_costs_the_search_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    troubles: list[Any] = [
        ModelFault("it refused"),
        [[1.0]],
        [["a"]],
        [[float("nan")]],
        [[]],
        None,
        MachineFault("away"),
    ]
    plain = Mock.embed

    async def embed(self: Mock, texts: tuple[str, ...]) -> Any:
        trouble = troubles.pop(0) if troubles else None
        if isinstance(trouble, Exception):
            raise trouble
        return await plain(self, texts) if trouble is None else trouble * (len(texts) - (trouble == [[1.0]]))

    monkeypatch.setattr(Mock, "embed", embed)
    pages(tmp_path / "a", [FILLED, [search("turtles")] * 6], notes=NOTES, generations=2)
    replies = [event.reply for event in of_type(tmp_path / "a", "acted") if event.generation == 2]
    assert [reply.startswith("The search failed") for reply in replies[:6]] == [True] * 5 + [False]
    assert [bool(event.fault) for event in consulted(tmp_path / "a")][:6] == [True] * 5 + [False]
    assert "embeddings of" in consulted(tmp_path / "a")[1].fault
    assert found(tmp_path / "a") == ["1.1.5"]


def test_a_transcript_tells_how_many_texts_were_embedded(tmp_path: Path) -> None:
    pages(tmp_path / "a", [FILLED, [search("turtles")]], notes=NOTES, generations=2)
    out = StringIO()
    for tenure in Replay.of(tmp_path / "a").tenures():
        print_tenure(LinePrinter(Console(file=out, width=200)), tenure, reveal=False)
    number = len(consulted(tmp_path / "a"))
    assert f"asked outside (embedding), mock/script: {number} texts" in out.getvalue()
    assert consulted(tmp_path / "a")[0].text[:20] not in out.getvalue()


def test_the_condition_of_searches_by_words_is_what_it_was() -> None:
    plain = condition(notes="retrieval").notes.parameters
    assert plain == {"k": 8, "cap": 2_000}
    meant = condition(notes="retrieval(by=embeddings, model=mock/script)").notes.parameters
    assert (meant["by"], meant["model"]["name"]) == ("embeddings", "mock")


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        ("retrieval(by=embeddings)", "give by=embeddings and model="),
        ("retrieval(model=mock/script)", "give by=embeddings and model="),
        ("retrieval(by=meaning)", "by='meaning'|by=meaning"),
        ("retrieval(by=embeddings, model=openai/tiny)", "is blocked here"),
    ],
)
def test_mistakes_are_named(notes: str, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        build("relay.notes", notes)


# --- providers -------------------------------------------------------------------------------------------------------


def embedded(endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, *texts: str) -> Any:
    async def ask() -> Any:
        async with serving(endpoint):
            monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
            model = OpenAI(name="tiny", timeout=5)
            async with model.served():
                return await model.embed(texts)

    return asyncio.run(ask())


def test_an_endpoint_is_asked_for_embeddings_in_the_order_of_the_texts(monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = Endpoint()
    assert embedded(endpoint, monkeypatch, "a", "bcd") == [[1.0, 1.0], [3.0, 1.0]]
    (asked,) = endpoint.asked
    assert (asked["model"], asked["input"], asked["encoding_format"]) == ("tiny", ["a", "bcd"], "float")


@pytest.mark.parametrize(
    ("trouble", "fault"),
    [("500", MachineFault), ("429", MachineFault), ("no json", MachineFault), ("wrong shape", ModelFault)],
)
def test_troubles_of_an_endpoint_are_faults(
    trouble: str, fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(fault):
        embedded(Endpoint(troubles=(trouble,)), monkeypatch, "a")


def test_a_trial_with_an_endpoint_repeats_requests_and_asks_for_many_texts_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [file(f"{LONG}{number}") for number in range(60)]
    endpoint = Endpoint(troubles=("500",), embed=lambda text: [float(text.endswith("17") or text == "seventeen"), 0.5])
    monkeypatch.setenv("RELAY_MODELS", "mock,openai")

    async def live() -> None:
        async with serving(endpoint):
            monkeypatch.setenv("OPENAI_BASE_URL", endpoint.url)
            notes = "retrieval(k=1, cap=100, by=embeddings, model=openai/tiny)"
            answers = [many, [search("seventeen")]]
            await asyncio.to_thread(pages, tmp_path / "a", answers, notes=notes, generations=2)

    asyncio.run(live())
    unread = 60 - len(of_type(tmp_path / "a", "shown")[1].notes)
    # the first request failed, and was repeated
    assert [len(asked["input"]) for asked in endpoint.asked] == [TOGETHER, TOGETHER, unread + 1 - TOGETHER]
    assert found(tmp_path / "a") == ["1.1.18"] and len(consulted(tmp_path / "a")) == unread + 1
    assert [event.side for event in of_type(tmp_path / "a", "fault")] == ["machine"]


class Encoder:
    """Stands for the class of the extra."""

    def __init__(self, name: str, revision: str | None = None) -> None:
        if name != "there":
            raise OSError(f"{name} is not a local folder\nand not on the hub")

    def encode(self, texts: list[str], show_progress_bar: bool) -> np.ndarray:
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def local(name: str) -> Any:
    async def ask() -> Any:
        model = SentenceTransformers(name=name)
        async with model.served():
            return await model.embed(("a", "bcd"))

    return asyncio.run(ask())


def test_a_model_on_this_machine_embeds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", SimpleNamespace(SentenceTransformer=Encoder))
    assert local("there") == [[1.0, 1.0], [3.0, 1.0]]
    with pytest.raises(UsageError, match=r"^sentence_transformers/gone can't be loaded: gone is not a local folder$"):
        local("gone")


def test_a_missing_extra_and_a_provider_without_embeddings_are_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setenv("RELAY_MODELS", "mock,sentence_transformers,vllm")
    for model, told in {
        "sentence_transformers/there": r"needs the extra `embeddings`: pip install 'relay-instrument\[embeddings\]'",
        "vllm/org/name": r"gives no embeddings; name a model of openai/\.\.\. or sentence_transformers/\.\.\.",
    }.items():
        with pytest.raises(UsageError, match=rf"^[^\n]*{told}$"):
            run(tmp_path / "a", condition(agent=scripted([]), notes=f"retrieval(by=embeddings, model={model})"))
        assert not list(tmp_path.glob("a/*"))


# --- numbers ---------------------------------------------------------------------------------------------------------


def vector(*values: float) -> np.ndarray:
    return unpacked(Consulted(purpose=EMBEDDING, by="m", request="", text=packed(values)))


def test_a_byte_a_component_keeps_what_is_near() -> None:
    rng = np.random.default_rng(1)
    for _ in range(50):
        one, other = rng.normal(size=(2, 384))
        exact = float(one @ other / np.linalg.norm(one) / np.linalg.norm(other))
        assert abs(similarity(vector(*one), vector(*other)) - exact) < 0.01
    assert similarity(vector(1, 2), vector(10, 20)) == pytest.approx(1, abs=1e-4)
    assert similarity(vector(0, 0), vector(1, 2)) == 0 == similarity(vector(1), vector(1, 2))
    assert unpacked(Consulted(purpose=EMBEDDING, by="m", request="", text="no base64")).size == 0

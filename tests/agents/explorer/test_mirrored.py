"""The explorer, and the engine around it, decide by data alone: every text of the engine is reversed character by
character, and the same things happen."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import relay.trial.opening as opening
from agents.explorer import Explorer
from relay.checker.checker import Checker
from relay.checker.verdict import Verdict
from relay.errors import NotationError
from relay.records.events import Acted, AnyEvent, Fault
from relay.researcher.observation import Message, Observation
from relay.schemes.notes.naming import Read
from relay.trial.tenure import Tenure
from tests.agents.explorer.chains import ALIEN, ARRAYS, chain, run_chain

TEXTS = {
    "acted": ("reply",),
    "answered": ("fault",),
    "fault": ("message",),
    "judged": ("message", "scope", "counterexample"),
    "generation_ended": ("digest",),
}
"""Type of an event -> its fields that are texts of the engine. A digest is taken over the texts before it."""

ID = re.compile(r"(\d+\.\d+\.\d+)")
"""The id of a note. It is no text, so it stays readable."""


PAID = re.compile(r"\.? It cost [\d,]+ evaluations\.$")
"""What an action cost, at the end of a reply."""


class Mirror:
    """Reverses texts, each once: a part of a text may have been reversed when it was made."""

    def __init__(self) -> None:
        self._made: set[str] = set()

    def __call__(self, text: str) -> str:
        """The text with each of its lines reversed. Statements in fences, ids, and a line's end that is reversed
        already stay as they are; a comment in a fence stays a comment. The number of bytes, and so of tokens, is
        the same."""
        inside, lines = False, []
        for line in text.split("\n"):
            fence = line.startswith("```")
            comment = inside and line.startswith("# ")
            lines.append(f"# {self._line(line[2:])}" if comment else line if inside or fence else self._line(line))
            inside ^= fence
        return "\n".join(lines)

    def once(self, text: str) -> str:
        """The text reversed. It will not be reversed again where it is the end of another text."""
        made = self(text)
        self._made.update(made.split("\n"))
        return made

    def _line(self, line: str) -> str:
        done = max((made for made in self._made if line.endswith(made)), key=len, default="")
        new = line.removesuffix(done)
        # what an action cost is told after a text that was made before
        paid = PAID.search(new)
        first = new[: paid.start()] if paid and new[: paid.start()] in self._made else ""
        new = new.removeprefix(first)
        return "".join(part if ID.fullmatch(part) else part[::-1] for part in reversed(ID.split(new))) + first + done


@pytest.fixture
def mirrored(monkeypatch: pytest.MonkeyPatch) -> Mirror:
    """The engine with all of its texts reversed."""
    mirror = Mirror()

    def wrapped(owner: Any, name: str, change: Callable[[Any], Any]) -> None:
        plain = getattr(owner, name)
        monkeypatch.setattr(owner, name, lambda *args, **more: change(plain(*args, **more)))

    def verdict(found: Verdict) -> Verdict:
        texts = ("message", "scope", "counterexample")
        return found.model_copy(update={name: mirror.once(getattr(found, name)) for name in texts})

    def read(found: Read) -> Read:
        return Read(mirror(found.text), found.names, found.labels, found.entries)

    def observation(found: Observation) -> Observation:
        phenomena = tuple(each.model_copy(update={"text": mirror(each.text)}) for each in found.phenomena)
        texts = {name: mirror(getattr(found, name)) for name in ("brief", "given_text", "instructions")}
        return found.model_copy(update={"phenomena": phenomena, **texts})

    def messages(found: tuple[Message, ...]) -> tuple[Message, ...]:
        return tuple(message.model_copy(update={"content": mirror(message.content)}) for message in found)

    def event(one: AnyEvent) -> AnyEvent:
        match one:
            case Acted():
                return one.model_copy(update={"reply": mirror(one.reply)})
            case Fault():
                return one.model_copy(update={"message": mirror(one.message)})
        return one

    emit = Tenure._emit
    monkeypatch.setattr(Tenure, "_emit", lambda self, *events: emit(self, *map(event, events)))
    wrapped(Checker, "judge", verdict)
    wrapped(NotationError, "__str__", mirror.once)
    wrapped(opening, "read_parts", read)
    wrapped(opening, "observe", observation)
    wrapped(Explorer, "messages", messages)
    return mirror


def without_texts(events: list[AnyEvent]) -> Iterator[dict[str, Any]]:
    for event in events:
        yield event.model_dump(exclude=set(TEXTS.get(event.type, ())))


@pytest.mark.parametrize(
    ("task", "notes"),
    [(ALIEN, "ledger"), (ALIEN, "journal"), (ALIEN, "wiki"), (ARRAYS, "ledger(cap=400)"), (ARRAYS, "journal")],
)
def test_the_same_happens_whatever_the_words_are(
    tmp_path: Path, task: str, notes: str, request: pytest.FixtureRequest
) -> None:
    before = chain(task, notes)
    mirror = request.getfixturevalue("mirrored")  # only now: the chain before is in the engine's own words
    after = run_chain(tmp_path / "mirrored", task, notes)
    assert list(without_texts(before.events)) == list(without_texts(after.events))
    replies = list(zip(before.of("acted"), after.of("acted"), strict=True))
    assert all(mirror(one.reply) == other.reply != one.reply for one, other in replies) and len(replies) > 10
    for one, other in zip(before.observed, after.observed, strict=True):
        assert mirror(one.instructions) == other.instructions != one.instructions
        assert mirror(one.inheritance.text) == other.inheritance.text
        assert one.inheritance.entries == other.inheritance.entries

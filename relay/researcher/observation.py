"""What a researcher sees, and nothing else. Agents get these records and no other object of the engine."""

from __future__ import annotations

from typing import Any

from relay.records.budget import Budget, Remaining, Spent
from relay.records.record import Record
from relay.records.task import Given, Row, Task
from relay.researcher.vocabulary import Vocabulary
from relay.seeds import generator


class PublicPhenomenon(Record):
    """A phenomenon as a researcher sees it: a number in the trial's shuffled order, words, a type, rows."""

    number: int
    text: str
    parameters: tuple[str, ...]
    result: str
    field: str
    rows: tuple[Row, ...]


class Message(Record):
    """One chat message; `role` is `system`, `user` or `assistant`."""

    role: str
    content: str


class Inheritance(Record):
    """All that one tenure hands to the next."""

    text: str = ""
    """The notes that the note scheme shows, rendered with the names that this tenure may call."""
    messages: tuple[Message, ...] = ()
    """What the memory scheme keeps of an earlier context."""
    adapter: str | None = None
    """A weight adapter, where the memory scheme distils into weights."""


class Observation(Record):
    """The start of a tenure."""

    brief: str
    given: Given
    given_text: str
    """`given` in words and tables, as a language model or a person reads it."""
    phenomena: tuple[PublicPhenomenon, ...]
    inheritance: Inheritance
    instructions: str
    """The actions of the note scheme, in words."""
    answers: dict[str, Any] = {}
    """The JSON schema of an answer."""
    budget: Budget
    statement_size: int
    truth_told: bool
    """Whether the status of claims and phenomena will be told."""
    passes_notes: bool = True
    """Whether notes can be written for whoever comes after."""
    passes_messages: bool = False
    """Whether what is said here is handed on as messages."""
    vocabulary: Vocabulary = Vocabulary()
    """Which words betray the field, for agents that show them in a disguise."""


class Reply(Record):
    """What came back for one action."""

    action: str
    ok: bool
    text: str
    """Plain words: what happened, why, and what is left to mend."""
    data: dict[str, Any] = {}
    """The same for programs: for `state` `{name, kind, key, status?, explained?: [numbers]}`, for `open` `{text}`.
    Holds nothing that `text` does not tell."""


class Turn(Record):
    """One answer and what came back."""

    answer: str
    replies: tuple[Reply, ...]


class TenureView(Record):
    """All that a researcher knows when it is asked for its next answer."""

    observation: Observation
    turns: tuple[Turn, ...]
    spent: Spent
    last: bool = False
    """Whether this turn is the last: the tenure ends after it."""

    @property
    def remaining(self) -> Remaining:
        """What is left of the tenure's budget."""
        return Remaining.of(self.observation.budget, self.spent)


class Answer(Record):
    """One answer of a researcher."""

    text: str
    reasoning: str = ""
    """What a reasoning model thought before it answered; counted among `tokens_out`, and kept apart."""
    tokens_in: int | None = None
    """As counted by the model's own tokenizer; None lets the engine count by its documented rule."""
    tokens_out: int | None = None
    tokens_cached: int = 0
    """Of `tokens_in`, those that were served from a prefix cache."""
    finish_reason: str = "stop"
    """`stop`, or `length` when the model was cut off."""


def number_phenomena(task: Task, seed: int) -> dict[str, PublicPhenomenon]:
    """Phenomenon id -> what researchers see of it, in an order shuffled by the seed; numbers count from 1."""
    order = generator(seed, "phenomena").permutation(len(task.phenomena))
    shuffled = [task.phenomena[int(place)] for place in order]
    return {
        phenomenon.id: PublicPhenomenon(
            number=number,
            text=phenomenon.text,
            parameters=phenomenon.parameters,
            result=phenomenon.result,
            field=phenomenon.field,
            rows=phenomenon.rows,
        )
        for number, phenomenon in enumerate(shuffled, 1)
    }

"""What a researcher sees, and nothing else. Agents get these records and no other object of the engine."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from relay.records.budget import Budget, Remaining, Spent
from relay.records.record import Record
from relay.records.reply_data import ReplyData
from relay.records.task import Given, Row, Task
from relay.researcher.actions import NoteAction
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


class NoteEntry(Record):
    """What the text of an inheritance tells of one note, for programs. It holds nothing that the text does not tell."""

    id: str
    names: tuple[str, ...] = ()
    """Names of the definitions in the note, as this reader reads them. Empty if the note is only listed."""
    status: str = ""
    """The status that is told of its statement; empty if none is."""
    explains: tuple[int, ...] = ()
    """Numbers of the phenomena that it is told to explain."""
    full: bool = True
    """Whether the note is shown in full. If not, it is only listed, and may be opened."""


class Inheritance(Record):
    """Everything that one tenure hands to the next."""

    text: str = ""
    """The notes that the note scheme shows, in the names of the tenure that reads them."""
    entries: tuple[NoteEntry, ...] = ()
    """What `text` tells of single notes, in order."""
    messages: tuple[Message, ...] = ()
    """The predecessor's messages that the memory scheme hands on."""
    uncallable: dict[str, tuple[str, ...]] = {}
    """Name of a definition that stands in `messages` and can't be called -> what it rests on that was not handed on.
    `told_uncallable` tells it in words."""
    words: tuple[str, ...] = ()
    """What hand-over steps say in words of their own, such as a rule of conduct."""
    adapter: str | None = None
    """A weight adapter, if the memory scheme distils into weights."""


class Observation(Record):
    """What a researcher knows at the start of a tenure."""

    brief: str
    given: Given
    given_text: str
    """`given` in words and tables, for a language model or a person."""
    phenomena: tuple[PublicPhenomenon, ...]
    inheritance: Inheritance
    instructions: str
    """The actions of the note scheme, in words."""
    note_actions: tuple[NoteAction, ...] = ()
    """The same actions, for programs."""
    notes_room: int | None = None
    """Most tokens of the notes that a successor is shown, as `instructions` tell; None if the note scheme sets no
    limit."""
    answers: dict[str, Any] = {}
    """The JSON schema of an answer."""
    budget: Budget
    statement_size: int
    truth_told: bool
    """Whether the status of claims and phenomena is reported."""
    truth_delay: int = 0
    """After how many generations it is reported, in the notes; 0: at once."""
    passes_notes: bool = True
    """Whether notes can be written for successors."""
    passes_messages: bool | Literal["summary"] = False
    """Whether this tenure's conversation is handed on as messages, or only the latest summary of it."""
    persona: str = ""
    """Who the researcher is, in words; empty if nothing says it."""
    vocabulary: Vocabulary = Vocabulary()
    """Words that betray the field, for agents that show them in a disguise."""


class Reply(Record):
    """The reply to one action."""

    action: str
    ok: bool
    text: str
    """Plain words: what happened, why, and what to fix."""
    data: ReplyData | None = None
    """The same for programs, as far as they need it. It contains nothing that `text` does not say."""
    needs: str = ""
    """A name that an earlier action of the same answer failed to define, if this action was skipped for want of it. All
    such actions are told in one line."""


class Turn(Record):
    """One answer and its replies."""

    answer: str
    replies: tuple[Reply, ...]


class Gone(Record):
    """Turns that have left the prompt because the context was full, and what is known of them still."""

    turns: int = 0
    """Their number."""
    explained: tuple[int, ...] = ()
    """Numbers of the phenomena that their replies told to be explained, sorted."""


class TenureView(Record):
    """Everything that a researcher knows when its next answer is requested."""

    observation: Observation
    turns: tuple[Turn, ...]
    """The turns that are in the prompt, the oldest first."""
    gone: Gone = Gone()
    """The turns before them."""
    spent: Spent
    last: bool = False
    """Whether this turn is the last: the tenure ends after it."""
    summary: bool = False
    """Whether this turn is for a summary to go on with. No action in its answer is carried out."""
    turns_left: int | None = None
    """Most turns that all budgets together allow, this one included. At 2, the next turn is the last. None: as many as
    the budget of turns leaves."""
    limited_by: str = ""
    """The part of the budget that allows no more turns, if it is another than `turns`."""
    answer_room: int | None = None
    """Most tokens that the next answer may have; None if that is not known."""
    context_left: int | None = None
    """Tokens that the context has beside the prompt; None if that is not known. A part of them is kept for the turns
    that follow."""

    @property
    def turn(self) -> int:
        """The number of the turn whose answer is requested, from 1."""
        return self.gone.turns + len(self.turns) + 1

    @property
    def remaining(self) -> Remaining:
        """What is left of the tenure's budget."""
        return Remaining.of(self.observation.budget, self.spent)


class Answer(Record):
    """One answer of a researcher."""

    text: str
    reasoning: str = ""
    """The reasoning of a model before its answer; counted among `tokens_out`, and stored apart."""
    tokens_in: int | None = None
    """Tokens of the prompt, counted by the model's own tokenizer. If None, only the engine's own count is charged. The
    same holds for `tokens_out`, the tokens of the answer."""
    tokens_out: int | None = None
    tokens_cached: int = 0
    """The part of `tokens_in` that was served from a prefix cache."""
    finish_reason: str = "stop"
    """`stop`, or `length` if the model was cut off."""
    searched: int = Field(default=0, strict=True)
    """Evaluations that its search took, if it searched outside of the bench (`mock/explorer`). They are charged."""


def number_phenomena(task: Task, seed: int) -> dict[str, PublicPhenomenon]:
    """Phenomenon id -> its public form, in an order shuffled by the seed. Numbers count from 1."""
    # The task's ids and order could betray the hidden graph.
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

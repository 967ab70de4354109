"""The event log's vocabulary: small, typed, frozen records, told apart by `type`.

A trial's state is a fold over these (`relay.trial.state`). No event holds wall-clock time. `seq` counts within a
tenure's own file while it runs (`open/gG-tT.jsonl`) and within `events.jsonl` once the generation has ended. `tenure`
counts from 1 within a generation; 0 marks events of the trial or of a generation as a whole, as `generation` 0 and
`turn` 0 do.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from relay.records.budget import Spent
from relay.records.prices import Amount
from relay.records.record import Record, later

SCHEMA = 1
"""Version of this schema; keys are added within a version, never renamed."""

TOO_LONG = "too_long"
"""How an answer that passed its allowance has finished; no agent can say this of its own."""

CLOCK = "clock"
"""How an answer that did not come before the tenure's clock ran out has finished; nor can it say this."""


class Event(Record):
    """What every event has."""

    v: int = SCHEMA
    type: str
    generation: int = 0
    tenure: int = 0
    turn: int = 0
    seq: int = 0


class TrialStarted(Event):
    """Binds the log to its condition and task."""

    type: Literal["trial_started"] = "trial_started"
    condition: str
    """SHA-256 of the resolved condition's canonical JSON."""
    task: str
    """SHA-256 of the resolved task's canonical JSON."""


class GenerationStarted(Event):
    """A generation begins; its tenures read the store as it now stands."""

    type: Literal["generation_started"] = "generation_started"


class TenureStarted(Event):
    """A researcher's life begins."""

    type: Literal["tenure_started"] = "tenure_started"


class NoteRef(Record):
    """A note at one of its versions."""

    id: str
    version: int


class NotesShown(Event):
    """What the observation handed on: the notes shown, their tokens, and what the scheme left out for want of room."""

    type: Literal["shown"] = "shown"
    notes: tuple[NoteRef, ...] = ()
    listed: tuple[NoteRef, ...] = ()
    """Notes that only an index named, and that can be opened."""
    dropped: tuple[NoteRef, ...] = ()
    """Notes not shown for want of room, those next in line first; at most 32, so that the log stays linear."""
    dropped_count: int = 0
    """How many there were in all."""
    messages: int = 0
    """Messages handed on by the memory scheme."""
    dropped_messages: int = 0
    tokens: int = 0
    """Tokens of the inheritance as the engine counts them."""
    readable: tuple[str, ...] = ()
    """Keys of the definitions that this tenure may call from the start, because it can read them."""
    names: dict[str, str] = {}
    """Names, as this tenure reads them -> keys of the definitions whose source it was shown."""
    text: str = ""
    """The first message as it was shown; kept only where the memory scheme hands messages on."""


class Searched(Event):
    """A batch of terms valued on the bench: how many, and a digest of their values."""

    type: Literal["searched"] = "searched"
    count: int
    digest: str


class Answered(Event):
    """One answer of the researcher, as it came; of one that is `too_long` as much as the log has room for."""

    type: Literal["answered"] = "answered"
    text: str
    reasoning: str = ""
    tokens_in: int
    tokens_out: int
    finish_reason: str = "stop"
    """`stop`; `length` when the model was cut off; `too_long` when it passed its allowance; `clock` when the clock ran
    out first; `fault`."""
    fault: str = ""
    """Why the turn is lost, where the answer can't be used at all."""
    tokens_cached: int = later(0)
    """Of `tokens_in`, those that were served from a prefix cache, as the model says."""
    seconds: float = later(0.0)
    """What the answer took, where seconds are budgeted. It is no measurement but what was spent: a resumed tenure has
    to come to the same end."""
    money: Amount = later(Decimal(0))
    """What the answer cost, where there are prices."""
    mended: bool = later(False)
    """Whether its actions could be read only because its form was mended."""


class BrokenOff(Event):
    """A person who was being asked stopped the trial (Ctrl-C); where seconds are budgeted, and nowhere else. Without it
    whoever stops and resumes would have the time again."""

    type: Literal["broken_off"] = "broken_off"
    seconds: float
    """What is charged for it: how long the answer had been waited for."""


class Acted(Event):
    """One action of an answer, and the reply that the researcher got."""

    type: Literal["acted"] = "acted"
    action: dict[str, Any]
    ok: bool
    reply: str
    data: dict[str, Any] = {}
    evaluations: int = 0
    """What the action itself cost beside what is in other events: 1 for `evaluate`."""


class Judged(Event):
    """One statement sent to the checker. `source` is kept for definitions and claims that are well formed."""

    type: Literal["judged"] = "judged"
    key: str = ""
    """Hash of the canonical statement; empty when it is ill-formed."""
    kind: str = ""
    """`define` or `claim`; empty when that can't be read."""
    name: str = ""
    source: str
    rests_on: dict[str, str] = {}
    """Called names, as spelt in `source` -> keys."""
    status: str
    scope: str = ""
    message: str
    counterexample: str = ""
    told: str | None = None
    """The status that the researcher was told; None where it was withheld."""
    evaluations: int = 1


class NoteChanged(Event):
    """A note was written, edited or struck out."""

    type: Literal["note_changed"] = "note_changed"
    id: str
    version: int
    author: str
    """`gG-tT`."""
    text: str
    """The whole text of this version; empty when struck out."""
    parents: tuple[NoteRef, ...] = ()
    """Earlier versions and notes that this one derives from."""
    rests_on: dict[str, str] = {}
    """Names, as spelt in `text` -> keys of the definitions that they mean."""
    statements: tuple[str, ...] = ()
    """Keys of the statements whose source stands in `text`."""
    sure: str = ""
    """How sure the author was: what it was told of the note's statements, or its own words."""
    data: dict[str, Any] = {}
    """The note scheme's own fields."""
    applied: bool = True
    """False while the change waits for the end of its generation."""
    conflict: bool = False
    """Whether the edit no longer applied and was kept as a note of its own."""


class NoteOpened(Event):
    """A note was opened during a tenure."""

    type: Literal["note_opened"] = "note_opened"
    note: NoteRef
    tokens: int
    names: dict[str, str] = {}
    """Names, as this tenure reads them -> keys of the definitions whose source stands in the note."""
    called: dict[str, str] = {}
    """The same for definitions that the note only calls."""


class Credited(Event):
    """A definition was recognised as a form of a hidden concept. Never told."""

    type: Literal["credited"] = "credited"
    key: str
    concept: str
    leap: bool
    """Whether a prerequisite was neither readable nor established by that tenure."""
    first: bool
    """Whether the concept was new to the trial, within what the generation could know and in tenure order."""


class LawCredited(Event):
    """An accepted claim was recognised as a hidden law. Never told."""

    type: Literal["law_credited"] = "law_credited"
    key: str
    law: str
    """`CONCEPT/NUMBER`, numbers from 1."""


class Explained(Event):
    """A definition reproduces a phenomenon."""

    type: Literal["explained"] = "explained"
    key: str
    phenomenon: int
    """Its number as the researchers see it."""


class Fault(Event):
    """A turn that was lost (`model`), or a call that was retried or gave up (`machine`)."""

    type: Literal["fault"] = "fault"
    side: Literal["model", "machine"]
    kind: str
    message: str


class TenureEnded(Event):
    """A researcher's life ends: `ended` (its own choice), or what ran out: `turns`, `tokens`, `context`, `money`,
    `seconds`."""

    type: Literal["tenure_ended"] = "tenure_ended"
    reason: str
    spent: Spent
    unannounced: bool = later(False)
    """Whether it did not end by itself and had not been told of its last turn that it was the last; false where it had
    no turn at all."""


class GenerationEnded(Event):
    """What the generation left behind."""

    type: Literal["generation_ended"] = "generation_ended"
    established: tuple[str, ...]
    """Concept ids, cumulative, sorted."""
    established_without_leaps: tuple[str, ...]
    retained: tuple[str, ...]
    laws: tuple[str, ...]
    """Laws credited so far, cumulative, sorted."""
    explained: tuple[int, ...]
    """Phenomena explained so far, cumulative, sorted."""
    measures: dict[str, float]
    """`depth_weighted_recall`, `depth_50` (of retained), the same with `established_` and `without_leaps_` before them,
    `orientation_turns`, `orientation_tokens`, `orientation_evaluations` (means over this generation's tenures)."""
    spent: Spent
    """Of this generation's tenures together."""
    digest: str = ""
    """SHA-256 of the last generation's digest and of this generation's lines before this one."""


class TrialEnded(Event):
    """The last generation has ended."""

    type: Literal["trial_ended"] = "trial_ended"
    reason: Literal["completed", "interrupted"]
    auc: float


AnyEvent = Annotated[
    TrialStarted | GenerationStarted | TenureStarted | NotesShown | Searched | Answered | BrokenOff | Acted | Judged
    | NoteChanged | NoteOpened | Credited | LawCredited | Explained | Fault | TenureEnded | GenerationEnded
    | TrialEnded,
    Field(discriminator="type"),
]  # fmt: skip

EVENTS: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent, config=ConfigDict(defer_build=True))
"""Reads any event from JSON."""

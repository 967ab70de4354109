"""The events of a log: small, typed, frozen records, distinguished by `type`.

The state of a trial is a fold over them (`relay.trial.state`). No event holds wall-clock times. `seq` counts within a
tenure's own file while the tenure runs (`open/gG-tT.jsonl`), and within `events.jsonl` after the generation has ended.
`tenure` counts from 1 within a generation. `generation`, `tenure` or `turn` 0 marks an event that belongs to none.
In a file, each line ends with `chain`, a digest (`relay.records.chain`), which is no part of the event.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, TypeAdapter

from relay.records.budget import Spent
from relay.records.consulted import Consulted
from relay.records.event import Event
from relay.records.intervened import Intervened
from relay.records.kept import CharterKept
from relay.records.prices import Amount
from relay.records.record import Record, later
from relay.records.reply_data import ReplyData
from relay.records.status import Reason
from relay.records.status_told import StatusTold

TOO_LONG = "too_long"
"""`finish_reason` of an answer that exceeded its allowance. Agents can't set it."""

CUT_OFF = "length"
"""`finish_reason` of an answer that its model cut off at its length limit."""

SUMMARY = "summary"
"""`purpose` of an answer that is a summary."""

CLOCK = "clock"
"""`finish_reason` of an answer that had not come when the tenure's clock ran out. Agents can't set it."""


class TrialStarted(Event):
    """The trial begins; binds the log to its condition and task."""

    type: Literal["trial_started"] = "trial_started"
    condition: str
    """SHA-256 of the resolved condition's canonical JSON."""
    task: str
    """SHA-256 of the resolved task's canonical JSON."""


class GenerationStarted(Event):
    """A generation begins. Its tenures read the store as it is now."""

    type: Literal["generation_started"] = "generation_started"


class TenureStarted(Event):
    """A researcher's tenure begins."""

    type: Literal["tenure_started"] = "tenure_started"


class NoteRef(Record):
    """A note at one of its versions."""

    id: str
    version: int


class HandedMessage(Record):
    """A message that a tenure was handed."""

    role: str
    content: str
    names: dict[str, str] = {}
    """Name, as the message has it -> key of a definition whose source is in it."""


class HandedOn(Event):
    """The messages that a tenure was handed, where they are no end of its predecessor's conversation: their text stands
    nowhere else in the log. Comes before `shown`."""

    type: Literal["handed_on"] = "handed_on"
    messages: tuple[HandedMessage, ...]


class NotesShown(Event):
    """What a tenure was handed: the notes shown, their tokens, and the notes left out for want of room."""

    type: Literal["shown"] = "shown"
    notes: tuple[NoteRef, ...] = ()
    listed: tuple[NoteRef, ...] = ()
    """Notes that are only named in an index and can be opened."""
    dropped: tuple[NoteRef, ...] = ()
    """Notes not shown for want of room, beginning with the one that would be shown next. At most 32 are named, so that
    the size of the log stays linear in the number of tenures."""
    dropped_count: int = 0
    """Number of notes not shown."""
    messages: int = 0
    """Number of messages handed on by the memory scheme."""
    dropped_messages: int = 0
    tokens: int = 0
    """Tokens of the inheritance, as the engine counts them."""
    readable: tuple[str, ...] = ()
    """Keys of the definitions that this tenure may call from the start, because it can read them."""
    names: dict[str, str] = {}
    """Name, as this tenure reads it -> key of a definition whose source it was shown in a note."""
    remembered: dict[str, str] = later({})
    """Name -> key of a definition whose source is in a message that was handed on."""
    text: str = ""
    """The first message as it was shown; stored only if the memory scheme hands on messages."""
    withheld: tuple[str, ...] = later(())
    """Keys of the definitions in `notes` and `listed` whose source a hand-over step took out, sorted. The tenure could
    neither read nor open them."""
    words: tuple[str, ...] = later(())
    """What hand-over steps said in words of their own, such as the rule of a charter."""


class Searched(Event):
    """A batch of terms was evaluated on the bench: their number, and a digest of their values."""

    type: Literal["searched"] = "searched"
    count: int
    digest: str
    size: int | None = later(None)
    """Every term in the search's reach with at most this many nodes was tried. None if the search did not tell."""
    exhausted: bool = later(False)
    """Whether the search tried everything in its reach, up to the size of a statement."""


class Answered(Event):
    """One answer of the researcher, unchanged; of what exceeds its allowance only as much as the log has room for."""

    type: Literal["answered"] = "answered"
    text: str
    reasoning: str = ""
    tokens_in: int
    tokens_out: int
    finish_reason: str = "stop"
    """`stop`; `length` if the model was cut off; `too_long` if it exceeded its allowance; `clock` if the clock ran out
    first; `fault` if the agent failed."""
    fault: str = ""
    """Why the turn is lost; empty if the answer can be used."""
    tokens_cached: int = later(0)
    """The part of `tokens_in` that was served from a prefix cache, as reported by the model."""
    seconds: float = later(0.0)
    """Seconds charged for the answer, if seconds are budgeted. They are logged as spending, because a resumed
    tenure must end in the same way."""
    money: Amount = later(Decimal(0))
    """Cost of the answer, if the condition has prices."""
    mended: bool = later(False)
    """Whether its actions could be read only after its form was repaired."""
    inside: int | None = later(None)
    """Number of characters of `text` that are within the allowance; None: all of them. The actions of the answer depend
    on these alone, and later prompts show these alone."""

    purpose: str = later("")
    """`summary` if the turn was for a summary to go on with, so that no action in it is carried out; else empty."""
    excess: int = later(0)
    """Tokens beyond the allowance. They are not charged."""
    searched: int = later(0)
    """Evaluations charged for a search that the agent made outside of the bench. A search on the bench has an event of
    its own."""

    @property
    def is_cut(self) -> bool:
        """Whether the answer may have gone on: the model cut it off, or it exceeded its allowance."""
        return self.finish_reason in (TOO_LONG, CUT_OFF)

    @property
    def allowed_text(self) -> str:
        """The part of `text` within the allowance."""
        if self.inside is None and self.finish_reason == TOO_LONG:
            return ""  # a log that was written before there was `inside`
        return self.text[: self.inside]


class BrokenOff(Event):
    """A person stopped the trial (Ctrl-C) while an answer of theirs was requested. Logged only if seconds are budgeted.
    Without it, stopping and resuming would give the time back."""

    type: Literal["broken_off"] = "broken_off"
    seconds: float
    """Seconds charged: how long the answer had been waited for."""


class TurnsGone(Event):
    """The oldest turns left the researcher's prompt, because the context was full. Comes after the turn that filled
    it."""

    type: Literal["turns_gone"] = "turns_gone"
    count: int
    """Number of turns that left now, of those that were in the prompt still."""


class Acted(Event):
    """One action of an answer, and the reply to it."""

    type: Literal["acted"] = "acted"
    action: dict[str, Any]
    ok: bool
    reply: str
    data: ReplyData | None = later(None)
    """What the reply says, for programs; None if the reply is all there is to say."""
    unusable: bool = later(False)
    """Whether the item was no action: it has an unknown name, or fields that its action does not have."""
    evaluations: int = 0
    """Evaluations that no other event counts: 1 for `evaluate`."""
    needs: str = later("")
    """A name that an earlier action of the same answer failed to define. The action needs it, so it was skipped: it has
    no reply of its own, and cost nothing. Empty if the action was carried out."""


class Cut(Event):
    """An answer was cut off, or was longer than allowed: its last actions were not carried out."""

    type: Literal["cut"] = "cut"
    whole: int
    """Number of actions that are whole and within the allowance."""
    about: int | None = None
    """About how many actions the answer has; None if its end is not known."""


class Judged(Event):
    """One statement sent to the checker, with its verdict."""

    type: Literal["judged"] = "judged"
    key: str = ""
    """Hash of the canonical statement; empty if the statement is ill-formed."""
    kind: str = ""
    """`define` or `claim`; empty if the statement is ill-formed."""
    name: str = ""
    source: str
    rests_on: dict[str, str] = {}
    """Called name, as written in `source` -> key."""
    status: str
    scope: str = ""
    message: str
    counterexample: str = ""
    reason: Reason | None = later(None)
    """Why the status is `undecided`, `vacuous` or `trivial`, also if the machine failed (`Reason.of_machine`). Never
    reported to researchers."""
    told: str | None = None
    """The status that was reported to the researcher; None if it was withheld."""
    told_after: int = later(0)
    """The generation at whose end that which was withheld is told (`StatusTold`); 0: none."""
    explains: tuple[int, ...] = later(())
    """Numbers of the phenomena that a definition explains, if they are to be told later."""
    too_long: bool = later(False)
    """Whether a definition has the values of a phenomenon, or those of a hidden concept, and is longer than an
    explanation may be. The phenomenon may have been reported; the concept never is."""
    evaluations: int = 1


class NoteChanged(Event):
    """A note was written, edited or struck out."""

    type: Literal["note_changed"] = "note_changed"
    id: str
    version: int
    author: str
    """`gG-tT`, or `control` if an intervention wrote it."""
    text: str
    """The whole text of this version; empty if the note was struck out."""
    parents: tuple[NoteRef, ...] = ()
    """Earlier versions, and other notes, that this version derives from."""
    rests_on: dict[str, str] = {}
    """Name, as written in `text` -> key of the definition that it means."""
    statements: tuple[str, ...] = ()
    """Keys of the statements whose source is in `text`."""
    sure: str = ""
    """How sure the author was: the status reported for the note's statements, or the author's own words."""
    explains: tuple[int, ...] = later(())
    """Numbers of the phenomena that the note's statements explain, as reported to the author."""
    data: dict[str, Any] = {}
    """The note scheme's own fields."""
    applied: bool = True
    """Whether the change stands in the store. If not, it waits for the end of the generation, when it is merged."""
    conflict: bool = False
    """Whether the edit was stored as a new note, because the note that it edits had changed meanwhile."""


class NoteOpened(Event):
    """A note was opened during a tenure."""

    type: Literal["note_opened"] = "note_opened"
    note: NoteRef
    tokens: int
    names: dict[str, str] = {}
    """Name, as this tenure reads it -> key of a definition whose source is in the note."""
    called: dict[str, str] = {}
    """Name -> key, for definitions that the note only calls; of a part, for all that it names."""
    part: tuple[int, int] | None = later(None)
    """The first and the last line that were read, from 1; None if the note was read in full."""


class Credited(Event):
    """A definition was recognised as a form of a hidden concept. Never reported to researchers."""

    type: Literal["credited"] = "credited"
    key: str
    concept: str
    leap: bool
    """Whether some prerequisite of the concept was neither readable for the tenure nor credited to it."""
    first: bool
    """Whether the concept was new to the trial, counting the tenures of a generation in order."""


class LawCredited(Event):
    """An accepted claim was recognised as a hidden law. Never reported to researchers."""

    type: Literal["law_credited"] = "law_credited"
    key: str
    law: str
    """`CONCEPT/NUMBER`, numbers from 1."""


class Explained(Event):
    """A definition explains a phenomenon, and is a form of the concept behind it. Only the former may be reported."""

    type: Literal["explained"] = "explained"
    key: str
    phenomenon: int
    """The number of the phenomenon as researchers see it."""


class Fault(Event):
    """A turn was lost (`model`), or a request was repeated or given up (`machine`)."""

    type: Literal["fault"] = "fault"
    side: Literal["model", "machine"]
    kind: str
    message: str


class TenureEnded(Event):
    """A researcher's tenure ends. `reason` is `ended` (its own choice) or the budget that ran out: `turns`, `tokens`,
    `context`, `money`, `seconds`."""

    type: Literal["tenure_ended"] = "tenure_ended"
    reason: str
    spent: Spent
    unannounced: bool = later(False)
    """Whether a budget ended the tenure after a turn that had not been announced as the last. False if the tenure had
    no turn."""


class GenerationEnded(Event):
    """A generation has ended, with its measures."""

    type: Literal["generation_ended"] = "generation_ended"
    established: tuple[str, ...]
    """Ids of the concepts established so far, sorted."""
    established_without_leaps: tuple[str, ...]
    readable: tuple[str, ...]
    """Keys of the definitions that a successor could be shown, or could open, and call; sorted."""
    retained: tuple[str, ...]
    """Concepts that a definition in `readable` is a form of; sorted."""
    laws: tuple[str, ...]
    """Laws credited so far, sorted."""
    explained: tuple[int, ...]
    """Numbers of the phenomena explained so far, sorted."""
    measures: dict[str, float]
    """`depth_weighted_recall` and `depth_50` of the retained concepts; the same with the prefixes `established_` and
    `without_leaps_`; `orientation_turns`, `orientation_tokens`, `orientation_evaluations` (means over this generation's
    tenures) and `orientation_reached` (a share of them). See `relay.records.measures`."""
    spent: Spent
    """The sum over this generation's tenures."""


class TrialEnded(Event):
    """The trial has ended: all generations are done; or it was interrupted and can be resumed; or it was judged again
    before it had ended, so that it goes on in the original alone."""

    type: Literal["trial_ended"] = "trial_ended"
    reason: Literal["completed", "interrupted", "rescored"]
    auc: float


AnyEvent = Annotated[
    TrialStarted | GenerationStarted | TenureStarted | HandedOn | NotesShown | Searched | Answered | BrokenOff | Acted
    | Cut | TurnsGone | Consulted | Judged | NoteChanged | Intervened | NoteOpened | Credited | LawCredited | Explained
    | Fault | TenureEnded | StatusTold
    | CharterKept | GenerationEnded | TrialEnded,
    Field(discriminator="type"),
]  # fmt: skip

EVENTS: TypeAdapter[AnyEvent] = TypeAdapter(AnyEvent, config=ConfigDict(defer_build=True))
"""Reads any event from JSON."""

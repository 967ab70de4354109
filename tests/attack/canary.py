"""The canary: one tenure writes a word into every place that it can write to, and every later prompt is searched.

A trial has three generations of two. The first tenure plants the words (`canary_channels`), both tenures of the second
generation edit, and all others read whatever they can open or find, and make mistakes that errors might answer with
what others wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from relay.errors import MachineFault, ModelFault
from relay.records.budget import Budget
from relay.records.reader import TrialReader
from relay.researcher.actions import Purpose, Role
from relay.researcher.observation import Answer, TenureView
from relay.researcher.prompting import render
from relay.researcher.turn import TurnContext
from relay.trial.contract import improviser
from tests.attack.canary_channels import (
    CHANNELS,
    CONVERSED,
    EDITED,
    LAST,
    LAST_ACTIONS,
    MEMORIES,
    NOTES,
    OWN,
    SEEN,
    STEPS,
    SUMMARY,
    TO_BE_NOTED,
    UNSEEN,
    WRITTEN,
    Actions,
    act,
    state,
    word,
)
from tests.trial.helpers import condition, of_type, run
from tests.trial.puppets import puppet
from tests.trial.toy import HERE

__all__ = ["READERS", "Crossing", "canary"]

GENERATIONS, WIDTH = 3, 2
BUDGET = Budget(turns=40, tokens=1_600_000, context=40_000, answer=4_000, evaluations=600)
READERS = ("itself", "beside it", "next in its place", "later in its place", "in another place")
NOTHING = act("evaluate", term="op(1, 1)")
PAD = json.dumps({"thinking": "-" * 15_000, "actions": [NOTHING]})
"""An answer that fills the context."""
OPENED = 4
"""Notes that a reader opens in one turn."""
MISTAKES: Actions = (
    state("define again(x: Element) -> Element = op(x, op(x, x))"),
    state("define noted(x: Element) -> Element = op(x, x)"),
    state("claim (x: Element): nothing(x) == x"),
    state("claim (x: Element): op(x, x) != x"),
    act("evaluate", term="noted(1)"),
    act("open", id="1.1.1"),
    act("prove"),
)
"""What errors might answer with something that the reader can't know."""

Place = tuple[int, int]
"""Generation and tenure."""
Said = Answer | Exception


@dataclass(frozen=True)
class Crossing:
    """Whether a word may be read by one kind of reader, and whether it was."""

    channel: str
    reader: str
    declared: bool
    crossed: bool

    @property
    def leaked(self) -> bool:
        return self.crossed and not self.declared


def canary(where: Path, notes: str, memory: str = "fresh", step: str = "") -> list[Crossing]:
    """Plant the words under these schemes, and tell of each channel who read its word. `notes` and `memory` are spelt
    with parameters; what is declared goes by the name of the note scheme, and by all of the memory scheme."""
    flock = _Flock(notes.partition("(")[0], forgets=memory.startswith(("summary", "window")))
    chosen = condition(
        agent=puppet(f"canary {notes} {memory} {step}", flock.answer),
        notes=notes,
        memory=memory,
        handover=[_spelt(step, where, notes)] if step else [],
        generations=GENERATIONS,
        width=WIDTH,
        budget=BUDGET,
    )
    run(where, chosen)
    TrialReader.open(where).read()
    flock.check(where)
    declared = _Declared(notes.partition("(")[0], memory, step)
    return [
        Crossing(channel, reader, declared.reads(channel, reader), flock.reads(channel, reader))
        for channel in CHANNELS
        if channel in flock.planted
        for reader in flock.readers(channel)
    ]


def _spelt(step: str, where: Path, notes: str) -> str:
    """A hand-over step with its parameters. The other trial of `foreign` has another theory and the same scheme."""
    if step != "foreign":
        return step
    other = where.with_name(f"{where.name}-other")
    agent = {"name": f"{Path(improviser.__file__).resolve()}:Improviser", "parameters": {}}
    theory = {"name": f"{HERE}:Toy", "parameters": {"brief": "Another theory."}}
    run(other, condition(agent=agent, task=theory, notes=notes.partition("(")[0], generations=2))
    return f"foreign(trial={other})"


@dataclass(frozen=True)
class _Declared:
    """Who may read a word, as the documents say."""

    notes: str
    memory: str
    step: str

    def reads(self, channel: str, reader: str) -> bool:
        noted = channel in NOTES[self.notes]
        if self.step:
            passed = STEPS[self.step]
            noted = (noted and channel in passed.lets) or channel in passed.opens
        match reader:
            case "itself":
                return channel in SEEN and channel not in LAST
            case "next in its place":
                return noted or channel in MEMORIES[self.memory].next
            case "later in its place":
                return noted or channel in MEMORIES[self.memory].later
            case "in another place":
                return noted
        return False


@dataclass
class _Flock:
    """The researchers of one trial, and all that they read."""

    notes: str
    forgets: bool
    """Whether turns leave a prompt that is full; then the first tenure fills its own before it plants words."""
    planted: dict[str, Place] = field(default_factory=dict)
    """Channel -> the tenure that wrote its word."""
    prompts: dict[Place, list[str]] = field(default_factory=dict)
    _lives: dict[int, tuple[Place, object]] = field(default_factory=dict)
    """Identity of a tenure's observation -> its place, and the observation, so that no other one gets its identity."""
    _scripts: dict[Place, Iterator[Said]] = field(default_factory=dict)

    def answer(self, view: TenureView, turn: TurnContext) -> Answer:
        """The next answer of the tenure that the view belongs to."""
        place = self._place(view)
        self.prompts.setdefault(place, []).append(_all_of(view))
        if place not in self._scripts:
            self._scripts[place] = self._plant() if place == (1, 1) else self._read_and_edit(view, place)
        said = self._next(view, place)
        text = str(said) if isinstance(said, Exception) else said.text + said.reasoning
        for channel in CHANNELS:
            if word(channel) in text:
                self.planted.setdefault(channel, place)
        if isinstance(said, Exception):
            raise said
        return said

    def _next(self, view: TenureView, place: Place) -> Said:
        if view.summary:
            return Answer(text=f"In short: {word(SUMMARY) if place == (1, 1) else 'nothing'}.")
        if self.forgets and place == (1, 1) and not view.gone.turns:
            return Answer(text=PAD)
        return next(self._scripts[place])

    def _place(self, view: TenureView) -> Place:
        number = len(self._lives)
        new = ((number // WIDTH + 1, number % WIDTH + 1), view.observation)
        return self._lives.setdefault(id(view.observation), new)[0]

    def check(self, where: Path) -> None:
        """Make sure that all was done as intended: tenures begin in order, and nothing ended before its script."""
        asked = [event for event in of_type(where, "answered") + of_type(where, "fault")
                 if event.type == "answered" or event.side == "machine"]  # fmt: skip
        for place, prompts in self.prompts.items():
            assert sum((event.generation, event.tenure) == place for event in asked) == len(prompts)
        assert all(next(script, None) is None for script in self._scripts.values()), "a tenure ended early"
        assert {*UNSEEN, *OWN, *LAST} <= self.planted.keys()
        assert self.planted["a lost answer"] == (1, 1)

    def readers(self, channel: str) -> list[str]:
        """The kinds of readers that there were of what was written into a channel."""
        there = {_kind(place, self.planted[channel]) for place in self.prompts}
        return [reader for reader in READERS if reader in there]

    def reads(self, channel: str, reader: str) -> bool:
        """Whether the word of a channel stood in a prompt of this kind of reader."""
        planter = self.planted[channel]
        there = (text for place, prompts in self.prompts.items() if _kind(place, planter) == reader for text in prompts)
        return any(word(channel) in text for text in there)

    # --- what they do ------------------------------------------------------------------------------------------------

    def _plant(self) -> Iterator[Said]:
        """The first tenure: what is long comes first, since later turns push it out of what is handed on."""
        *long, last = WRITTEN[self.notes]
        yield from map(_saying, long)
        yield _saying([NOTHING, act("evaluate", term="-" * 16_000 + word("an answer beyond its allowance"))])
        yield _saying([NOTHING], reasoning=word("hidden reasoning"))
        yield MachineFault(word("the text of a machine's fault"))
        yield _saying(CONVERSED, thinking=word("words beside the actions"))
        yield Answer(text=f"What now, {word('a lost answer')}?")
        yield ModelFault(word("the text of a model's fault"))
        yield _saying(TO_BE_NOTED)
        yield _saying(last)
        yield _saying([NOTHING])
        yield _saying(LAST_ACTIONS)

    def _read_and_edit(self, view: TenureView, place: Place) -> Iterator[Said]:
        yield from _reading(view)
        if place[0] == 2:
            yield _saying(EDITED.get(self.notes, ((), ()))[place[1] - 1] or [NOTHING])
        yield _saying(MISTAKES)
        yield _saying([NOTHING])
        yield _saying([act("end")])


def _kind(place: Place, planter: Place) -> str:
    """Which reader the tenure at `place` is of what the one at `planter` wrote; empty if it came before."""
    if place == planter:
        return "itself"
    later = place[0] - planter[0]
    if later <= 0:
        return "beside it" if later == 0 else ""
    if place[1] != planter[1]:
        return "in another place"
    return "next in its place" if later == 1 else "later in its place"


def _reading(view: TenureView) -> Iterator[Said]:
    """Open all that is listed, and look for more."""
    kinds = {action.purpose: action for action in view.observation.note_actions}
    listed = [entry.id for entry in view.observation.inheritance.entries if not entry.full]
    for at in range(0, len(listed), OPENED):
        filled = [kinds[Purpose.OPEN].fill({Role.NOTE: id}) for id in listed[at : at + OPENED]]
        yield _saying(list(filter(None, filled)))
    if Purpose.FIND in kinds:
        yield _saying([kinds[Purpose.FIND].fill({Role.QUERY: "planted"}) or NOTHING] * 2)


def _saying(actions: Actions, *, reasoning: str = "", **more: str) -> Answer:
    return Answer(text=json.dumps({**more, "actions": list(actions)}), reasoning=reasoning)


def _all_of(view: TenureView) -> str:
    """The prompt, and the data that programs get beside it."""
    return "\n".join([*(message.content for message in render(view)), view.model_dump_json()])

"""The one reader of a trial: whatever reads a trial reads it through here.

It verifies every byte. The directory holds nothing but regular files of the trial. `condition.yaml` and `task.json` are
what they were when the trial began. Every line of the log follows the line before it, ending events and open tenures
included; the log has at least the blocks that `head.json` counts; and the measures of each generation are computed
again from its events. What is not whole is refused with one `UsageError` that names the file, the line and the
generation. Nothing is written, and no component is imported. Digests are no signatures: a log that was rewritten as a
whole can't be told from a true one.

Readers take no lock. `head.json` is read first, then `events.jsonl`, then the open tenures of the next generation, so a
trial that goes on meanwhile is never taken for a damaged one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from relay.errors import UsageError
from relay.records.chain import tenure_chain
from relay.records.condition import Condition, digest
from relay.records.events import AnyEvent, GenerationEnded, GenerationStarted, TrialEnded, TrialStarted
from relay.records.files import read_whole
from relay.records.head import Head, sha256
from relay.records.log import LoggedEvent, damaged, read_chain
from relay.records.scores import TrialScores
from relay.records.task import Task, parse_task
from relay.records.trial_files import TrialFiles
from relay.text import quantity

__all__ = ["Ending", "LogBlock", "TrialReader", "read_condition"]


LARGEST_CONDITION = 4 << 20
"""Most bytes of `condition.yaml`. Most of them are texts, if it is as large."""
BLOCK_ENDS = frozenset({TrialStarted, GenerationEnded, TrialEnded})
"""Types of the events that end a block."""
_MARKS = BLOCK_ENDS | {GenerationStarted}
"""Types of the events that have a place of their own in a block."""


@dataclass(frozen=True, slots=True)
class LogBlock:
    """A complete block of a log."""

    events: tuple[LoggedEvent, ...]

    @property
    def last(self) -> AnyEvent:
        """The event that ends it."""
        return self.events[-1].event


@dataclass(frozen=True, slots=True)
class Ending:
    """Where a log ends."""

    blocks: int = 0
    """Number of complete blocks."""
    generation: int = 0
    """The last generation that has ended; 0 if none has."""
    reason: str | None = None
    """Of `trial_ended`: `completed`, `interrupted` or `rescored`; None if the trial has not ended."""
    chain: str = ""
    """Digest of the last line on which the next generation stands: that of `trial_started` or `generation_ended`."""
    size: int = 0
    """Offset in bytes at which that line ends."""
    standing: int = 0
    """Number of blocks up to that line."""
    before: str = ""
    """`chain` as it was before the last generation that has ended."""
    last: str = ""
    """Digest of the last line of the last block."""


@dataclass(frozen=True)
class TrialReader:
    """A trial in its directory. Its condition and task are verified; the log is verified while it is read."""

    files: TrialFiles
    condition: Condition
    task: Task
    head: Head

    @classmethod
    def open(cls, directory: Path) -> TrialReader:
        """The reader of the trial in a directory. Raises `UsageError` if there is none, or if it is not whole."""
        files = TrialFiles(directory)
        text = _condition_text(files)
        head = Head.read(files.head) if files.head.exists() else None
        if head is None or sha256(text) != head.condition:
            _ = Condition.from_yaml(text, str(files.condition))  # it may be a trial of another schema version
            files.check(None)
            raise _changed(files.condition) if head is not None else _headless(files.head)
        condition = Condition.from_yaml(text, str(files.condition))
        files.check(condition.files)
        task = _verified(files.task, head.task)
        for name, copy in condition.files.items():
            _verified(files.root / name, copy.sha256)
        return cls(files, condition, parse_task(task, str(files.task)), head)

    def walk(self) -> Iterator[LoggedEvent]:
        """Yield the events of the log in order, each verified; those after the last complete block too.

        Read it to its end: only then is it known whether the log was cut short.
        """
        scores = TrialScores(self.task.concepts)
        count, generation, begins, end = 0, 1, True, None
        for line in read_chain(self.files.events, ""):
            if end is not None:
                raise self._damaged(line, scores, "stands after the end of the trial")
            event = line.event
            kind = type(event)
            mark = kind in _MARKS
            if mark or begins:
                self._verify(line, scores, begins)
                generation = scores.ended + 1
            elif event.generation != generation:
                raise self._damaged(line, scores, f"speaks of generation {event.generation}")
            try:
                scores.apply(event)
            except KeyError as error:
                raise self._damaged(line, scores, f"speaks of {error}, which is not there") from None
            begins = mark and kind in BLOCK_ENDS
            if begins:
                count += 1
                if count == self.head.blocks and line.chain != self.head.chain and self._still:
                    raise self._damaged(line, scores, f"is not the one that {self.files.head} names")
                end = line if kind is TrialEnded else None
            yield line
        if count < self.head.blocks and self._still:
            raise UsageError(
                f"{self.files.events} was cut short: it has {count} of {self.head.blocks} blocks, up to generation "
                f"{scores.ended}, and ends in line {_lines(self.files.events)}; restore it or start a new trial"
            )
        # a process that is killed leaves one block more at most
        if (count > self.head.blocks + 1 or (not self.head.blocks and self.head.chain)) and self._still:
            raise UsageError(
                f"{self.files.head} counts {self.head.blocks} blocks, and the log has {count}, up to line "
                f"{_lines(self.files.events)} (generation {scores.ended}); restore it or start a new trial"
            )
        # a process that is killed can't leave a part of a line here, since nothing is written after the end
        if end is not None and self.files.events.stat().st_size > end.end and self._still:
            raise damaged(self.files.events, end.number + 1, scores.ended + 1, "stands after the end of the trial")

    @property
    def _still(self) -> bool:
        """Whether the head is as it was: if not, a process has gone on with the trial meanwhile. Who resumes an
        interrupted trial takes back the last block, which says so."""
        return Head.read(self.files.head) == self.head

    def blocks(self) -> Iterator[LogBlock]:
        """Yield the complete blocks of the log in order."""
        block: list[LoggedEvent] = []
        for line in self.walk():
            block.append(line)
            if type(line.event) in BLOCK_ENDS:
                yield LogBlock(tuple(block))
                block = []

    def read(self, fold: Callable[[AnyEvent], None] = lambda event: None) -> Ending:
        """Read the whole log, hand each event to `fold`, read the files of open tenures, and return where the log
        ends.

        Events after the last complete block are handed to `fold` too; a generation counts only once it has ended.
        """
        ending = Ending()
        for line in self.walk():
            fold(line.event)
            if type(line.event) in BLOCK_ENDS:
                ending = after(ending, line)
        for _ in self.open_tenures(ending):
            pass
        return ending

    def open_tenures(self, ending: Ending) -> Iterator[tuple[int, tuple[LoggedEvent, ...]]]:
        """Yield number and events of each tenure that has begun in the generation after `ending`.

        Raises `UsageError` if a file is damaged, or belongs to no tenure that can be running.
        """
        running = ending.generation + 1
        for generation, tenure, path in self.files.opened():
            if generation == running and tenure <= self.condition.width and ending.reason in (None, "interrupted"):
                yield tenure, self.tenure(ending, tenure)
            elif generation == ending.generation and tenure <= self.condition.width:
                # A process may be killed before it removes the files of the generation that has just ended.
                for _ in read_chain(path, tenure_chain(ending.before, generation, tenure), generation):
                    pass
            elif self._still:
                raise UsageError(
                    f"{path} belongs to no tenure that can be running: generation {ending.generation} is the last that "
                    f"has ended, of {self.condition.generations}; move it out of the directory"
                )

    def tenure(self, ending: Ending, tenure: int) -> tuple[LoggedEvent, ...]:
        """The events of one open tenure of the generation after `ending`."""
        generation = ending.generation + 1
        path = self.files.open(generation, tenure)
        found = tuple(read_chain(path, tenure_chain(ending.chain, generation, tenure), generation))
        for line in found:
            if (line.event.generation, line.event.tenure) != (generation, tenure):
                raise damaged(path, line.number, generation, "belongs to another tenure")
        return found

    # --- what must be so -------------------------------------------------------------------------------------------

    def _verify(self, line: LoggedEvent, scores: TrialScores, begins: bool) -> None:
        """Check a line that begins a block (`begins`) or ends one against the lines before it."""
        event = line.event
        if isinstance(event, TrialStarted) != (line.number == 1):
            raise self._damaged(line, scores, "is not the line that belongs there")
        if begins and not isinstance(event, TrialStarted | GenerationStarted | TrialEnded):
            raise self._damaged(line, scores, "does not begin a block")
        if isinstance(event, TrialStarted):
            for path, logged, found in (
                (self.files.condition, event.condition, digest(self.condition)),
                (self.files.task, event.task, digest(self.task)),
            ):
                if logged != found:
                    raise _changed(path)
        elif not isinstance(event, TrialEnded) and event.generation != scores.ended + 1:
            raise self._damaged(line, scores, f"speaks of generation {event.generation}")
        elif isinstance(event, GenerationEnded):
            if scores.over != set(range(1, self.condition.width + 1)):
                raise self._damaged(line, scores, f"does not end {quantity(self.condition.width, 'tenure')}")
            self._compare(line, scores, event, scores.end_of_generation(event))
        elif isinstance(event, TrialEnded) and (
            event.reason == "completed" and scores.ended != self.condition.generations
        ):
            raise self._damaged(line, scores, f"comes before generation {self.condition.generations} has ended")
        elif isinstance(event, TrialEnded) and event.auc != scores.auc:
            raise self._damaged(line, scores, f"says auc={event.auc}, and the events give {scores.auc}")

    def _compare(
        self, line: LoggedEvent, scores: TrialScores, logged: GenerationEnded, expected: GenerationEnded
    ) -> None:
        for name in GenerationEnded.model_fields:
            if getattr(logged, name) != getattr(expected, name):
                raise self._damaged(line, scores, f"says something else of `{name}` than the events before it")

    def _damaged(self, line: LoggedEvent, scores: TrialScores, what: str) -> UsageError:
        generation = 0 if line.number == 1 else scores.ended + 1
        return damaged(self.files.events, line.number, generation, what)


def after(ending: Ending, line: LoggedEvent) -> Ending:
    """Where a log ends that has a block after `ending`; `line` is the last of the block."""
    blocks, event = ending.blocks + 1, line.event
    if isinstance(event, TrialEnded):
        return replace(ending, blocks=blocks, reason=event.reason, last=line.chain)
    return Ending(blocks, event.generation, None, line.chain, line.end, ending.standing + 1, ending.chain, line.chain)


def read_condition(directory: Path) -> Condition:
    """The condition of the trial in a directory, not verified. Raises `UsageError` if there is none."""
    files = TrialFiles(directory)
    return Condition.from_yaml(_condition_text(files), str(files.condition))


def _condition_text(files: TrialFiles) -> bytes:
    try:
        return read_whole(files.condition, LARGEST_CONDITION)
    except (FileNotFoundError, NotADirectoryError):
        what = "does not exist" if not files.root.exists() else "is not a directory"
        what = "contains no trial (no condition.yaml)" if files.root.is_dir() else what
        raise UsageError(f"{files.root} {what}; give the directory of a trial, or start one with `relay run`") from None


def _verified(path: Path, expected: str) -> bytes:
    """The bytes of a file. Raises `UsageError` if it is missing, or if its SHA-256 is not the expected one."""
    try:
        data = read_whole(path)
    except FileNotFoundError:
        raise UsageError(f"{path} is missing; restore it or start a new trial") from None
    if sha256(data) != expected:
        raise _changed(path)
    return data


def _headless(path: Path) -> UsageError:
    return UsageError(
        f"{path} is missing, so nobody can tell whether the log is whole; restore it or start a new trial"
    )


def _changed(path: Path) -> UsageError:
    return UsageError(
        f"{path} was changed after the trial began (line 1 of the log, before generation 1); restore it or start a new "
        "trial"
    )


def _lines(path: Path) -> int:
    return sum(1 for _ in read_chain(path, ""))

"""The statements of a file for `relay check`: reading them in order, and one verdict for each.

The scope of a statement is what stands before it in the file. A file contains statements only, or it is free text with
statements in fences marked `relay`; one such fence makes it free text. If a statement can't be read, the others are
still checked, and only its name is missing from their scope.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from relay.checker.verdict import Verdict
from relay.commands.ordered import in_order
from relay.errors import NotationError
from relay.notation import Scope, fences, read_statement, split_statements
from relay.notation.dependencies import closure
from relay.notation.model_classes import misplaced
from relay.notation.syntax import Claim, Definition, Statement
from relay.records.status import Status
from relay.records.task import Task
from relay.scoring.examiner import Examination
from relay.scoring.judge import PooledJudge
from relay.scoring.workers import Workers

AGREES = "agrees"
"""The referee's answer if it agrees with the verdict."""
UNKNOWN = "unknown"
"""The referee's answer if it or the checker can't decide the claim."""
Referee = Callable[[Claim, Mapping[str, Definition], Verdict], Awaitable[str]]
"""A function whose arguments are a claim, the definitions that it rests on, and its verdict. It returns the referee's
answer: `AGREES`, `UNKNOWN`, a contradiction in words, or an empty text if the referee has looked at no case."""

_HEAD = re.compile(r"\s*(define|claim)\b\s*(?:([A-Za-z_]\w*)\s*(?:over\b|\())?")


@dataclass(frozen=True)
class Reviewed:
    """One statement of a file and its verdict."""

    line: int
    """The statement's first line in the file, counted from 1."""
    kind: str
    """`define` or `claim`; empty if the statement does not begin with either."""
    name: str
    """The statement's name; empty for a claim without a name."""
    verdict: Verdict
    concepts: tuple[str, ...] = ()
    """Ids of the hidden concepts that a definition is a form of. For `--reveal` only."""
    laws: tuple[str, ...] = ()
    """Hidden laws that a claim states. For `--reveal` only."""
    referee: str | None = None
    """The referee's answer on a claim; None without `--referee`."""

    @property
    def passed(self) -> bool:
        """Whether the statement is defined or accepted."""
        return self.verdict.status.passed

    @property
    def disputed(self) -> bool:
        """Whether the referee contradicts the verdict."""
        return bool(self.referee) and self.referee not in (AGREES, UNKNOWN)

    def examined(self, found: Examination) -> Reviewed:
        """Return this statement with the results of its examination."""
        verdict = found.verdict
        # A definition that parses is defined. If a worker fails, only its concepts are unknown.
        if verdict.of_machine and self.kind == "define":
            message = f"defined; its concepts are not known: {verdict.evidence[0]['cause']}"
            verdict = verdict.model_copy(update={"status": Status.DEFINED, "message": message})
        return replace(self, verdict=verdict, concepts=found.concepts, laws=found.laws)

    def record(self, reveal: bool) -> dict[str, Any]:
        """Return the object that `relay check --json` prints."""
        data: dict[str, Any] = {"line": self.line, "name": self.name, "kind": self.kind}
        data["status"] = self.verdict.status.value
        data["scope"] = self.verdict.scope
        data["reason"] = self.verdict.reason
        data["evidence"] = list(self.verdict.evidence)
        data["counterexample"] = self.verdict.counterexample
        data["message"] = self.verdict.message
        if reveal:
            data["concept"] = self.concepts[0] if self.concepts else None
            data["concepts"] = list(self.concepts)
            data["laws"] = list(self.laws)
        if self.referee is not None:
            data["referee"] = self.referee
        return data

    def words(self, reveal: bool) -> str:
        """Return the text that `relay check` prints: a line with the verdict, and an indented line for each detail."""
        head = f"line {self.line}: {' '.join(part for part in (self.kind, self.name) if part) or 'statement'}"
        lines = [f"{head}: {self.verdict.status.value}"]
        if self.verdict.scope:
            lines[0] += f" ({self.verdict.scope})"
        # an accepted statement has nothing to explain, unless a process failed
        details = [] if self.passed and self.verdict.reason is None else [self.verdict.message]
        if reveal:
            details += [f"a form of {concept}" for concept in self.concepts] + [f"law {law}" for law in self.laws]
        lines += [f"    {line}" for detail in details for line in detail.splitlines()]
        return "\n".join(lines)


@dataclass(frozen=True)
class ReadStatement:
    """One statement of a file after reading and before checking."""

    shell: Reviewed
    """The statement with a preliminary verdict: `ill_formed`, or `defined` until it is checked."""
    statement: Statement | None
    """None if the statement can't be read."""
    definitions: Mapping[str, Definition]
    """The definitions that the statement rests on, by key."""


def review(
    task: Task,
    text: str,
    judge: PooledJudge | None = None,
    *,
    reveal: bool = False,
    referee: Referee | None = None,
    at_once: int = 1,
) -> AsyncGenerator[Reviewed, None]:
    """Yield one `Reviewed` for each statement of `text`, in order, each as soon as it and those before it are done.

    At most `at_once` statements are read and not yet yielded. Without a `judge` they are checked in this process. With
    `reveal`, definitions are compared with the hidden concepts too. A definition that parses is `defined`, even if the
    worker that compares it fails.
    """
    judge = judge or PooledJudge(Workers(0), task)
    return in_order((_reviewed(one, judge, reveal, referee) for one in read_statements(task, text)), at_once)


async def _reviewed(one: ReadStatement, judge: PooledJudge, reveal: bool, referee: Referee | None) -> Reviewed:
    found, statement = one.shell, one.statement
    ill_formed = found.verdict.status is Status.ILL_FORMED
    # A definition that parses needs no checking. Only `reveal` examines it, to find its concepts.
    if statement is not None and not ill_formed and (reveal or isinstance(statement, Claim)):
        found = found.examined(await judge.examine(statement, one.definitions, credit=reveal))
    if referee is None:
        return found
    answer = await referee(statement, one.definitions, found.verdict) if isinstance(statement, Claim) else ""
    return replace(found, referee=answer)


def read_statements(task: Task, text: str) -> Iterator[ReadStatement]:
    """Yield the statements of a text in order, each read in the scope of those before it."""
    scope = Scope(task.given)
    definitions: dict[str, Definition] = {}
    for line, source in statements(text):
        kind, name = _head(source)
        statement: Statement | None = None
        verdict = Verdict(status=Status.DEFINED, message="defined")
        try:
            statement = read_statement(source, scope, task.statement_size)
            wrong = misplaced(statement, definitions) if isinstance(statement, Claim) else None
        except NotationError as error:
            wrong = error
        if wrong is not None:
            # Positions count from the statement's first line; the user wants the line of the file.
            where = NotationError(wrong.message, line=line + wrong.line - 1, column=wrong.column)
            verdict = Verdict(status=Status.ILL_FORMED, message=str(where))
        elif statement is not None:
            name = statement.name or ""
        needed = closure((key for _, key in statement.rests_on), definitions) if statement is not None else {}
        yield ReadStatement(Reviewed(line, kind, name, verdict), statement, needed)
        if isinstance(statement, Definition):
            scope = scope.adding(statement)
            definitions[statement.key] = statement


def statements(text: str) -> Iterator[tuple[int, str]]:
    """Yield the first line (from 1) and the source of each statement in `text`."""
    blocks = [(text.count("\n", 0, fence.start), fence.body) for fence in fences(text)]
    for offset, block in blocks or [(0, text)]:  # without a fence the whole text is statements
        for located in split_statements(block):
            yield offset + located.line, located.source


def _head(source: str) -> tuple[str, str]:
    """Guess the kind and the name of a statement from its first words. For statements that can't be read."""
    match = _HEAD.match(source)
    if match is None:
        return "", ""
    name = match[2] or ""
    return match[1], "" if name == "over" else name  # `claim over fields (...)` has no name

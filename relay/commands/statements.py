"""`relay check`: the statements of a file, one verdict each, in order; the scope of a name is the file so far.

A file holds statements, or is free text with statements in fences marked `relay`; a file with such a fence is the
latter. A statement that can't be read takes nothing from those after it, but for its name.
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
"""What the referee says to a verdict that it comes to as well."""
UNKNOWN = "unknown"
"""What it says where it can't judge the claim, or the checker could not."""
Referee = Callable[[Claim, Mapping[str, Definition], Verdict], Awaitable[str]]
"""What it says to the verdict on a claim, in words, from the definitions that the claim rests on."""

_HEAD = re.compile(r"\s*(define|claim)\b\s*(?:([A-Za-z_]\w*)\s*(?:over\b|\())?")


@dataclass(frozen=True)
class Reviewed:
    """One statement of a file and what the checker says to it."""

    line: int
    """Where it begins in the file, counted from 1."""
    kind: str
    """`define` or `claim`; empty where that can't be read."""
    name: str
    """Empty for a claim without one."""
    verdict: Verdict
    concepts: tuple[str, ...] = ()
    """Ids of the hidden concepts that a definition is a form of. For `--reveal` only."""
    laws: tuple[str, ...] = ()
    """Hidden laws that a claim is. For `--reveal` only."""
    referee: str | None = None
    """What the referee says to the verdict on a claim; None where nobody asked it."""

    @property
    def passed(self) -> bool:
        """Whether it is defined or accepted."""
        return self.verdict.status.passed

    @property
    def disputed(self) -> bool:
        """Whether the referee contradicts the verdict."""
        return bool(self.referee) and self.referee not in (AGREES, UNKNOWN)

    def told(self, found: Examination) -> Reviewed:
        """With what the examination found."""
        verdict = found.verdict
        if verdict.of_machine and self.kind == "define":
            message = f"defined; what it is a form of is not known: {verdict.evidence[0]['cause']}"
            verdict = verdict.model_copy(update={"status": Status.DEFINED, "message": message})
        return replace(self, verdict=verdict, concepts=found.concepts, laws=found.laws)

    def record(self, reveal: bool) -> dict[str, Any]:
        """For programs: the keys of `relay check --json`."""
        data: dict[str, Any] = {"line": self.line, "name": self.name, "kind": self.kind}
        data["status"] = self.verdict.status.value
        data["scope"] = self.verdict.scope
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
        """For a person: one line, and one more for each thing that there is to say."""
        head = f"line {self.line}: {' '.join(part for part in (self.kind, self.name) if part) or 'statement'}"
        lines = [f"{head}: {self.verdict.status.value}"]
        if self.verdict.scope:
            lines[0] += f" ({self.verdict.scope})"
        details = [] if self.verdict.message == self.verdict.status.value else [self.verdict.message]
        if self.verdict.counterexample and self.verdict.counterexample not in self.verdict.message:
            details.append(self.verdict.counterexample)
        if reveal:
            details += [f"a form of {concept}" for concept in self.concepts] + [f"law {law}" for law in self.laws]
        lines += [f"    {line}" for detail in details for line in detail.splitlines()]
        return "\n".join(lines)


@dataclass(frozen=True)
class ReadStatement:
    """One statement of a file as it was read, before anybody is asked about it."""

    shell: Reviewed
    """What is known without asking: `ill_formed`, or `defined` until the checker says otherwise."""
    statement: Statement | None
    """None where it can't be read."""
    definitions: Mapping[str, Definition]
    """Those that it rests on, by key."""


def review(
    task: Task,
    text: str,
    judge: PooledJudge | None = None,
    *,
    reveal: bool = False,
    referee: Referee | None = None,
    at_once: int = 1,
) -> AsyncGenerator[Reviewed, None]:
    """One `Reviewed` a statement of `text`, in order, each as soon as it and those before it are done; at most
    `at_once` are read and not told yet. Without a `judge` they are checked in this process.

    A definition that reads is defined, whatever becomes of the process that looks for its concepts; without `reveal`
    none does.
    """
    judge = judge or PooledJudge(Workers(0), task)
    return in_order((_reviewed(one, judge, reveal, referee) for one in read_statements(task, text)), at_once)


async def _reviewed(one: ReadStatement, judge: PooledJudge, reveal: bool, referee: Referee | None) -> Reviewed:
    found, statement = one.shell, one.statement
    ill_formed = found.verdict.status is Status.ILL_FORMED
    if statement is not None and not ill_formed and (reveal or isinstance(statement, Claim)):
        found = found.told(await judge.examine(statement, one.definitions, credit=reveal))
    if referee is None:
        return found
    said = await referee(statement, one.definitions, found.verdict) if isinstance(statement, Claim) else ""
    return replace(found, referee=said)


def read_statements(task: Task, text: str) -> Iterator[ReadStatement]:
    """The statements of a text, in order, each read in the scope of those before it."""
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
    """Line in `text` and source of each statement in it."""
    blocks = [(text.count("\n", 0, fence.start), fence.body) for fence in fences(text)]
    for offset, block in blocks or [(0, text)]:
        for located in split_statements(block):
            yield offset + located.line, located.source


def _head(source: str) -> tuple[str, str]:
    """Kind and name as far as they can be told from the first words, for statements that can't be read."""
    match = _HEAD.match(source)
    if match is None:
        return "", ""
    name = match[2] or ""
    return match[1], "" if name == "over" else name

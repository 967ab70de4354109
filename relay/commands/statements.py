"""`relay check`: the statements of a file, one verdict each, in order; the scope of a name is the file so far.

A file holds statements, or is free text with statements in fences marked `relay`; a file with such a fence is the
latter. A statement that can't be read takes nothing from those after it, but for its name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Any

from relay.checker.verdict import Verdict
from relay.commands.ordered import in_order
from relay.errors import NotationError
from relay.notation import Scope, fences, read_statement, split_statements
from relay.notation.model_classes import misplaced
from relay.notation.syntax import Claim, Definition
from relay.records.status import Status
from relay.records.task import Task
from relay.scoring.examiner import Examination
from relay.scoring.judge import PooledJudge
from relay.scoring.workers import Workers

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

    @property
    def passed(self) -> bool:
        """Whether it is defined or accepted."""
        return self.verdict.status.passed

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


def review(
    task: Task, text: str, judge: PooledJudge | None = None, *, reveal: bool = False, ahead: int = 1
) -> Iterator[Reviewed]:
    """One `Reviewed` a statement of `text`, in order, each as soon as it is done; so many statements are asked about
    `ahead` of the one that is told. Without a `judge` they are checked in this process.

    A definition that reads is defined, whatever becomes of the process that looks for its concepts; without `reveal`
    none does.
    """
    judge = judge or PooledJudge(Workers(0), task)
    for asked in in_order(_asked(task, text, judge, reveal), _is_done, ahead):
        if isinstance(asked, Reviewed):
            yield asked
        else:
            yield asked.shell.told(asked.future.result())


@dataclass(frozen=True)
class _Asked:
    """A statement whose verdict is not there yet."""

    shell: Reviewed
    future: Future[Examination]


def _is_done(asked: Reviewed | _Asked) -> bool:
    return isinstance(asked, Reviewed) or asked.future.done()


def _asked(task: Task, text: str, judge: PooledJudge, reveal: bool) -> Iterator[Reviewed | _Asked]:
    scope = Scope(task.given)
    definitions: dict[str, Definition] = {}
    for line, source in statements(text):
        kind, name = _head(source)
        try:
            statement = read_statement(source, scope, task.statement_size)
            wrong = misplaced(statement, definitions) if isinstance(statement, Claim) else None
        except NotationError as error:
            wrong = error
        if wrong is not None:
            where = NotationError(wrong.message, line=line + wrong.line - 1, column=wrong.column)
            yield Reviewed(line, kind, name, Verdict(status=Status.ILL_FORMED, message=str(where)))
            continue
        shell = Reviewed(line, kind, statement.name or "", Verdict(status=Status.DEFINED, message="defined"))
        if reveal or not isinstance(statement, Definition):
            yield _Asked(shell, judge.submit(statement, definitions, credit=reveal))
        else:
            yield shell
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

"""The file that `relay study new` writes."""

from __future__ import annotations

from pathlib import Path

from relay.errors import UsageError
from relay.records.files import cannot_write
from relay.records.study import Study

__all__ = ["write_template"]

TEMPLATE = """\
# A study: the same chain of researchers under several conditions, on the same theories.
#   relay study plan {file}      what it would run, and what that costs at most
#   relay study run {file}       runs it; the same command goes on where it stopped
#   relay compare runs/{name}    the answer
study: {name}
question: Do notes help, and which way of keeping them helps most?

condition:                       # what all arms share, in the words of `relay run`
  task: alien
  agent: explorer                # or, for a language model: `model: openai/my-model`
  generations: 6
  # budget: {{evaluations: 8000}}  # of each researcher

vary:                            # every combination of these is an arm
  notes: [none, journal, ledger]
  # budget.evaluations: [4000, 8000]
  # notes.cap: [1000, 4000]

seeds: 8                         # theories; every arm runs on each of them

controls:                        # arms that a sceptic asks for
  - flat                         # one researcher with the whole budget
  - {{control: blank, of: [ledger]}}     # notes of equal length that say nothing
  # - {{control: "junk(k=4)", of: [journal, ledger]}}

primary:                         # named before it runs
  measure: established_depth_weighted_recall
  against: none                  # the arm that the others are compared with
"""


def write_template(name: str, path: Path) -> None:
    """Write a study's file with comments. Raises `UsageError` if there is a file already, or if `name` is no name of a
    study."""
    try:
        Study(study=name, condition={"task": "alien"})
    except ValueError:
        raise UsageError(
            f"`{name}` is no name of a study: it has letters, digits, dots, hyphens and underscores, at most 64"
        ) from None
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE.format(name=name, file=path))
    except FileExistsError:
        raise UsageError(f"{path} exists already; give another place with --file") from None
    except OSError as error:
        raise cannot_write(path, error) from None

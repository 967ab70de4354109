"""The prompt of a judge: a claim, the definitions that it rests on, and what the task gives; nothing else.

Prompts are files. Relay's own are in `relay/schemes/truth/prompts/` and have names; any other file is given by its
path. The claim is text of somebody who wants it accepted. So its comments are left out, which leaves no words but
names, and it stands between marks that hold a digest of it, which no text can contain.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from relay.errors import UsageError
from relay.notation import rename_calls
from relay.notation.dependencies import closure
from relay.notation.reference import summary
from relay.notation.syntax import Claim, Definition
from relay.records.task import Given
from relay.records.user_files import read_user_file

__all__ = ["filled_prompt", "read_judge_prompt", "shipped_prompt"]

PROMPTS = Path(__file__).parent / "prompts"
CLAIM = "{claim}"
"""What every prompt must have."""
_PLACE = re.compile(r"\{(?:notation|given|definitions|claim)\}")


def shipped_prompt(name: str) -> Path | None:
    """The file of the prompt that comes with relay under this name; None if there is none."""
    return PROMPTS / f"{name}.md" if name in _shipped() else None


def read_judge_prompt(source: str) -> str:
    """The text of the prompt that `source` names: one of relay's own names, or the path of a file. It has the place
    `{claim}`, and may have `{definitions}`, `{given}` and `{notation}`. Raises `UsageError` if it can't be used."""
    try:
        text = read_user_file(shipped_prompt(source) or Path(source)).decode("utf-8").replace("\r\n", "\n")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        raise UsageError(
            f"the judge's prompt can't be read from `{source}` ({why}); give the path of a UTF-8 text, or one of "
            f"relay's own: {', '.join(_shipped())}"
        ) from None
    if CLAIM not in text:
        raise UsageError(f"the judge's prompt `{source}` has no place for the claim; write {CLAIM} in it")
    return text


def filled_prompt(
    text: str, claim: Claim, definitions: Mapping[str, Definition], given: Given, given_text: str, longest: int
) -> str | None:
    """The prompt for one claim. None if the claim and what it rests on have more than `longest` characters."""
    needed = closure((key for _, key in claim.rests_on), definitions)
    names = _names(claim, needed)
    stated = "\n".join(_bare(each.source, each, names) for each in needed.values())
    asked = _bare(claim.source, claim, names)
    if len(stated) + len(asked) > longest:
        return None
    sorts = tuple(sort.name for sort in given.sorts)
    filled = {
        "{notation}": summary(given.scalars, sorts),
        "{given}": given_text,
        "{definitions}": _marked("definitions", stated) if stated else "none",
        CLAIM: _marked("claim", asked),
    }
    # in one pass, so that nothing that is filled in is filled in again
    return _PLACE.sub(lambda place: filled[place[0]], text)


def _shipped() -> list[str]:
    return sorted(file.stem for file in PROMPTS.glob("*.md"))


def _names(claim: Claim, needed: Mapping[str, Definition]) -> dict[str, str]:
    """Key of a definition -> its name in the prompt. Authors may have named two definitions alike; the names that the
    claim uses come first."""
    names: dict[str, str] = {}
    wanted = [(key, name) for name, key in claim.rests_on if key in needed]
    for key, name in (*wanted, *((key, each.name) for key, each in needed.items())):
        if key not in names:
            taken, number = set(names.values()), 2
            label = name
            while label in taken:
                label, number = f"{name}_{number}", number + 1
            names[key] = label
    return names


def _bare(source: str, statement: Claim | Definition, names: Mapping[str, str]) -> str:
    """A statement on one line, without comments, with the names of the prompt."""
    called = {spelt: names[key] for spelt, key in statement.rests_on if key in names}
    if isinstance(statement, Definition):
        called[statement.name] = names[statement.key]
    text = "\n".join(line.partition("#")[0] for line in source.split("\n"))
    return " ".join(rename_calls(text, called).split())


def _marked(what: str, text: str) -> str:
    digest = hashlib.sha256(f"{what}\n{text}".encode()).hexdigest()[:16]
    return f"<{what} {digest}>\n{text}\n</{what} {digest}>"

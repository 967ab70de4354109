"""The places in which a tenure can write, each with a word of its own, and who may read it later.

What is declared here is written by hand, from the documents, and never found by running anything. A word that is read
where nothing declares it is a leak (`tests.attack.canary`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from string import ascii_lowercase
from typing import Any

Action = dict[str, Any]
Actions = Sequence[Action]

UNSEEN = (
    "hidden reasoning",
    "an answer beyond its allowance",
    "the text of a machine's fault",
)
"""Not even the tenure itself reads these again."""

OWN = (
    "words beside the actions",
    "a claim's name",
    "a claim's variable",
    "a refuted claim",
    "a comment in a statement",
    "a definition's name",
    "a definition's parameter",
    "a refused statement",
    "a remark that nothing records",
    "the term of an evaluate",
    "the term of a match",
    "an action of unknown kind",
    "the name of an unknown field",
    "the value of an unknown field",
    "a value of another type",
    "a field of a skipped action",
    "a lost answer",
    "the text of a model's fault",
)
"""What a tenure writes that is in its own conversation and in no note."""

SUMMARY = "a summary"
LAST = ("the last answer", "what follows the end")
"""What stands in the last answer of a tenure."""
SUGGESTED = "a name that an error suggests"
"""A name of an earlier turn, which a reply to the last answer suggests."""

STATED = (
    "a noted definition's name",
    "a noted definition's parameter",
    "a noted claim's name",
    "a noted claim's variable",
)
WORDS = ("a note's text", "a recorded remark")
COMMENT, UNKNOWN = "a comment in a note", "a statement in a note that nobody stated"
REMARK, TITLE = "a remark", "a title"
EDIT, LATE = "an edit of a note", "an edit that came too late"
STANDING = "the page that all read"
ALIAS = "another name of a noted definition"
PASSED = (*STATED, *WORDS, COMMENT, UNKNOWN, ALIAS, REMARK, TITLE, EDIT, LATE, STANDING)
"""What is in a note that stands."""

OLD_TITLE, REWRITTEN, STRUCK = "a title that was changed", "a text that was rewritten", "a note that was struck out"
LONG, FALLEN = "a note that is too long", "a note that fell off the page"
SURE, NO_NOTE, QUERY = "how sure its author is", "the id of no note", "the words of a search"
QUOTE, LINES = "a quote that is not there", "the numbers of lines"
KEPT = (OLD_TITLE, REWRITTEN, STRUCK, LONG, FALLEN, SURE, NO_NOTE, QUERY, QUOTE, LINES)
"""What a tenure writes with actions of the notes, and no note has, or none any longer that is shown."""

CHANNELS = (*UNSEEN, *OWN, SUMMARY, SUGGESTED, *LAST, *PASSED, *KEPT)
SEEN = frozenset(CHANNELS) - frozenset(UNSEEN)


def word_for(channel: str) -> str:
    """The word that stands for a secret in a channel. It can be a name, and is like no other word: errors suggest
    names that are alike."""
    digest = sha256(channel.encode()).digest()
    return "q" + "".join(ascii_lowercase[byte % 26] for byte in digest[:11])


def word(channel: str) -> str:
    """The word of one of `CHANNELS`."""
    return word_for(CHANNELS[CHANNELS.index(channel)])


# --- what is declared ------------------------------------------------------------------------------------------------

NOTED = frozenset({*STATED, *WORDS, COMMENT})
NOTES: Mapping[str, frozenset[str]] = {
    "evolving": NOTED | {UNKNOWN, ALIAS, TITLE, EDIT, LATE, STANDING},
    "journal": NOTED | {UNKNOWN},
    "ledger": NOTED | {REMARK},
    "letter": NOTED | {UNKNOWN, ALIAS, EDIT},
    "none": frozenset(),
    "retrieval": NOTED | {UNKNOWN},
    "textbook": NOTED | {UNKNOWN, ALIAS, TITLE, EDIT, LATE},
    "wiki": NOTED | {UNKNOWN, ALIAS, TITLE, EDIT, LATE},
}
"""Note scheme -> channels that its notes pass on. Whoever edits a text puts its own names into it, also where it knows
a definition by another name than the text did."""


CROWDED = tuple(f"{name}(cap={200 if name == 'ledger' else 300})" for name in NOTES if name not in ("journal", "none"))
"""The schemes with a cap that holds a part of the notes: others are opened, found, or not written."""

EMBEDDED = "retrieval(by=embeddings, model=mock/script)"


@dataclass(frozen=True)
class Handed:
    """The channels that a memory scheme passes on in messages, to the successor in the same place and after it."""

    next: frozenset[str] = frozenset()
    later: frozenset[str] = frozenset()


MEMORIES: Mapping[str, Handed] = {
    "carryover": Handed(next=frozenset({*LAST, SUGGESTED})),
    "fresh": Handed(),
    "immortal": Handed(SEEN, SEEN),
    "summary(across=false)": Handed(),
    "summary(across=true)": Handed(next=frozenset({SUMMARY})),
    "window(across=false)": Handed(),
    "window(across=true)": Handed(SEEN, SEEN),
}
"""Memory scheme -> what it hands on."""


@dataclass(frozen=True)
class Passed:
    """The channels that a hand-over step lets through, of those that notes pass on, and those that it opens."""

    lets: frozenset[str] = frozenset()
    opens: frozenset[str] = frozenset()


STEPS: Mapping[str, Passed] = {
    "blank": Passed(),
    "foreign": Passed(),  # the notes of a trial on another theory, in which no word was planted
    "leave_plan": Passed(frozenset(PASSED)),
    "lost(p=1)": Passed(),
    "mark_unchecked": Passed(frozenset(PASSED)),
    "never_strike": Passed(frozenset(PASSED)),
    "shuffled": Passed(frozenset(PASSED), opens=frozenset({FALLEN})),  # in another order another note falls off
    "stripped(remarks=true)": Passed(frozenset({*STATED, ALIAS})),
    "stripped(statements=true)": Passed(frozenset({*WORDS, REMARK, TITLE, EDIT, LATE, STANDING})),
}
"""Hand-over step -> what it lets through."""


# --- what is written -------------------------------------------------------------------------------------------------


def state(source: Any, **more: Any) -> Action:
    return {"action": "state", "source": source, **more}


def define(name: str, term: str, parameter: str = "x") -> str:
    return f"define {name}({parameter}: Element) -> Element = {term}"


def fence(*lines: str) -> str:
    return "\n".join(["```relay", *lines, "```"])


def act(name: str, **fields: Any) -> Action:
    return {"action": name, **fields}


_P, _V = word("a noted definition's parameter"), word("a noted claim's variable")
DEFINED = define(word("a noted definition's name"), "op(x, op(x, x))")
PARAMETER = define("noted", f"op(op({_P}, {_P}), {_P})", _P)
CLAIMED = f"claim {word(STATED[2])} (x: Element): op(x, x) == op(x, x)"
VARIABLE = f"claim ({_V}: Element): op({_V}, op({_V}, {_V})) == op({_V}, op({_V}, {_V}))"
COMMENTED = define("commented", "op(op(x, x), op(x, x))")
FILLER = "so it is " * 1_600
"""Longer than a note may be, and shorter than an answer."""

_p, _v = word("a definition's parameter"), word("a claim's variable")
CONVERSED: Actions = (
    state(f"claim {word(OWN[1])} (x: Element): x == x"),
    state(f"claim ({_v}: Element): op({_v}, {_v}) == op({_v}, {_v})"),
    state(f"claim {word('a refuted claim')} (x: Element): op(x, x) != x"),
    state(f"{define('plain', 'x')}  # {word('a comment in a statement')}"),
    state(define(word("a definition's name"), "op(x, op(x, op(x, x)))")),
    state(define("conversed", f"op(op({_p}, {_p}), op({_p}, op({_p}, {_p})))", _p)),
    state(f"claim (x: Element): x == {word('a refused statement')}("),
    state("claim (x: Element): x == x", remark=word("a remark that nothing records")),
    act("evaluate", term=f"{word('the term of an evaluate')}(1)"),
    act("match", term=f"({word('the term of a match')}: Element): op({word('the term of a match')}, 1)"),
    act(word("an action of unknown kind")),
    act("evaluate", term="op(1, 1)", **{word("the name of an unknown field"): "1"}),
    act("evaluate", term="op(1, 1)", more=word("the value of an unknown field")),
    state({word("a value of another type"): 1}),
    state("define lacking(x: Element) -> Element = op(x"),
    act("evaluate", term=f"lacking({word('a field of a skipped action')})"),
)
"""A turn of statements and other actions that write no note."""

ALIASED = define(word(ALIAS), "op(op(x, x), op(x, x))")
"""The same as `COMMENTED`, and the author's first name for it."""
NAMED = define(word(SUGGESTED), "op(x, op(op(x, x), x))")
TO_BE_NOTED: Actions = tuple(map(state, (NAMED, DEFINED, PARAMETER, CLAIMED, VARIABLE, ALIASED, COMMENTED)))

FENCED = fence(
    DEFINED, PARAMETER, CLAIMED, VARIABLE, f"{COMMENTED}  # {word(COMMENT)}", define(word(UNKNOWN), "op(x, x)")
)
TEXT = f"planted {word(WORDS[0])}\n{FENCED}"
RECORDED = state(define("recorded", "op(op(x, op(x, x)), x)"), record=True, remark=word("a recorded remark"))
_SURE = {"sure": word(SURE)}

_WIKI: Sequence[Actions] = (
    (
        act("create", title=f"Old {word(OLD_TITLE)}", text=word(REWRITTEN)),
        act("str_replace", page="1.1.1", old=word(REWRITTEN), new="new words", **_SURE),
        act("rename", page="1.1.1", title=word(TITLE)),
        act("create", title="Gone", text=word(STRUCK)),
        act("delete", page="Gone"),
        act("create", title="Long", text=FILLER + word(LONG)),
    ),
    (
        act("create", title="Main", text=TEXT, **_SURE),
        act("view", page=word(NO_NOTE)),
        act("str_replace", page="Main", old=word(QUOTE), new="other words"),
        act("view", page="Main", lines=word(LINES)),
        act("insert", page="Main", line=word(LINES), text="words"),
        act("insert", page="Main", line=0, text="words"),
        RECORDED,
    ),
)

WRITTEN: Mapping[str, Sequence[Actions]] = {
    "evolving": (
        _WIKI[0],
        (act("create", title="how we take notes", text=f"Briefly. {word(STANDING)}"),),
        _WIKI[1],
    ),
    "journal": (
        (act("write", text=word(FALLEN)),),
        *((act("write", text=FILLER),) for _ in range(6)),
        (act("write", text=TEXT), RECORDED),
    ),
    "ledger": (
        (act("note", text=word(STRUCK)), act("strike", id="1.1.1"), act("note", text=FILLER + word(LONG))),
        (
            act("record", statement=word(STATED[0]), remark=word(REMARK)),
            act("record", statement="noted"),
            act("record", statement=CLAIMED),
            act("record", statement=VARIABLE),
            act("record", statement=f"{COMMENTED}  # {word(COMMENT)}"),
            act("record", statement=define(word(UNKNOWN), "op(x, x)")),
            act("note", text=f"planted {word(WORDS[0])}"),
            act("open", id=word(NO_NOTE)),
            act("strike", id=word(NO_NOTE)),
            RECORDED,
        ),
    ),
    "letter": ((act("letter", text=word(REWRITTEN)),), (act("letter", text=TEXT, **_SURE), RECORDED)),
    "none": ((RECORDED,),),
    "retrieval": (
        (act("file", text=word(STRUCK)), act("strike", id="1.1.1"), act("file", text=FILLER + word(LONG))),
        (
            act("file", text=TEXT, **_SURE),
            act("search", query=word(QUERY)),
            act("open", id=word(NO_NOTE)),
            act("strike", id=word(NO_NOTE)),
            RECORDED,
        ),
    ),
    "textbook": (
        (
            act("chapter", title=f"Old {word(OLD_TITLE)}", text=word(REWRITTEN)),
            act("rewrite", id="1.1.1", text="new words", title=word(TITLE), **_SURE),
            act("chapter", title="Gone", text=word(STRUCK)),
            act("remove", id="1.1.2"),
            act("chapter", title="Long", text=FILLER + word(LONG)),
        ),
        (
            act("chapter", title="Main", text=TEXT, **_SURE),
            act("chapter", title="After none", text="words", after=word(NO_NOTE)),
            act("open", id=word(NO_NOTE)),
            RECORDED,
        ),
    ),
    "wiki": _WIKI,
}
"""Note scheme -> what its first tenure writes, turn by turn."""

_INSERT = {"page": "Main", "line": 0}
LAST_ACTIONS: Actions = (
    act("evaluate", term=f"{word(SUGGESTED)[:-1]}(1)"),
    act("evaluate", term=f"{word(LAST[0])}(1)"),
    act("end"),
    state(f"claim {word(LAST[1])}"),
)
EDITED: Mapping[str, tuple[Actions, Actions]] = {
    "evolving": ((act("insert", text=word(EDIT), **_INSERT),), (act("insert", text=word(LATE), **_INSERT),)),
    "letter": ((act("letter", text=f"{word(EDIT)}\n{FILLER}\n{word(LONG)}"),), ()),
    "textbook": ((act("add", text=word(EDIT), id="1.1.1"),), (act("add", text=word(LATE), id="1.1.1"),)),
    "wiki": ((act("insert", text=word(EDIT), **_INSERT),), (act("insert", text=word(LATE), **_INSERT),)),
}
"""Note scheme -> what both tenures of the second generation write, of which the later edit is a conflict."""

"""A view in words: the default prompt, for a language model or a person.

Pure functions of records that a researcher may see. During a tenure the prompt only grows at its end, so that a model's
prefix cache stays valid. That is why the remaining budget is in the last message.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from relay.checker.explanations import longest
from relay.records.budget import MOST_PRICE
from relay.records.reply_data import StatementData
from relay.records.task import Given
from relay.researcher.identity_cache import IdentityCache, LatestCache
from relay.researcher.observation import Gone, Message, Observation, Reply, TenureView, Turn
from relay.researcher.tables import describe_operation, describe_phenomena
from relay.text import excerpt, quantity, spans

__all__ = [
    "GONE",
    "PERSONA",
    "PRICE",
    "SUMMARISE",
    "SUMMARISED",
    "UNCALLABLE",
    "WAS_CUT",
    "WAS_CUT_OFF",
    "WORDS",
    "actions_in_short",
    "conversation",
    "describe_given",
    "ending",
    "explained_in",
    "last_turn",
    "left",
    "longest_lines",
    "notation_in_short",
    "offers",
    "opening",
    "render",
    "render_replies",
    "the_task",
    "told_gone",
    "told_uncallable",
    "told_words",
]

PRICE = f"""\
An evaluation pays for {{size}} nodes valued at each point, every generator run to its end; one action may cost
{MOST_PRICE:,}."""
"""What computing costs. `{size}` stands for the largest number of nodes of a statement."""

ANSWERING = f"""\
How to answer. Send one JSON object, {{"actions": [...]}}, and nothing else; or put statements in fences
from ```relay to ```: each is stated. Actions:
{{actions}}
A statement is
  define NAME(PARAMETER: TYPE, ...) -> TYPE = TERM
  claim NAME (PARAMETER: TYPE, ...) where TERM: TERM    (name, and `where TERM`, can be left out)
and may have at most {{size}} nodes: every digit, name, operation and call is one. An evaluation pays for so many
at each point, all generators run to the end; an action may cost {MOST_PRICE:,}.

{{notation}}"""

TOLD_LATER = """\
Whether a claim is true, and whether a definition explains a phenomenon, is told {} later, in the notes that hold it."""

LENGTH = """\
An explanation may have at most {most} nodes, with those of the definitions that it calls, each once. A definition that
explains something itself counts none. What is longer explains nothing."""

STATE = """\
  {"action": "state", "source": "..."}    state a definition or a claim"""
RECORD = """\
  {"action": "state", "source": "...", "record": true, "remark": "..."}    also note it down, unless it is refuted"""
EVALUATE = """\
  {"action": "evaluate", "term": "..."}    the value of a term without free names"""
MATCH = """\
  {"action": "match", "term": "(x: TYPE, ...): TERM"}    how far a term, or a function by its name, agrees with each
    phenomenon of its type. Here and in evaluate, `seen(5, x, ...)`, with a numeral and all arguments, is what
    phenomenon 5 shows"""
END = """\
  {"action": "end"}    end your time early"""
"""The actions that no note scheme adds, a line or two for each."""

SCALARS = "Given are scalars, and arrays of them indexed from 0."

SCALAR_TERMS = """\
Types: Nat, Bool, Scalar, Vector[n], Matrix[m, n], List[T].
On scalars + - * / and ** with a Nat exponent, and conj(x); on Nat + - * // % ** and order; == and !=; and, or, not,
implies(a, b), a if c else b. Entries: A[i, j], v[i], L[k]. Lists: [a, b], L + M, len(L), [t for ...].
vector(t for i in range(n)) and matrix(t for i in range(m) for j in range(n)) make arrays.
sum, prod, all, any, count, max, min, first take a term and generators: sum(v[i] * v[i] for i in range(n)).
A generator ranges over range(b), range(a, b), a list, permutations(n), subsets(n, k), or every value of a type;
further generators and conditions may follow: for i in range(n) for j in range(i) if i != j. Sizes are Nat terms, and a
size name is a Nat. A claim `over reals` or `over complexes` has these words before its parameters."""

SORT_TERMS = """\
Types: Nat, Bool, List[T] and {sorts}. Terms: calls, == and !=, and, or, not, implies(a, b), a if c else b; all, any,
count, first over generators such as `for x in {sort}`, which further ones and conditions `if c` may follow. A value of
{sort} has no literal; find it by what it does: first(x for x in {sort} if f(x, x) == x)."""

LAST = "This is your last turn"
NEXT_IS_LAST = "After this answer comes your last turn."
KEPT_NOWHERE = ": what is neither in the notes nor in this conversation after it is lost."
WAS_CUT = "Your answer was cut after action {whole} of about {about}; nothing of the rest was done."
WAS_CUT_OFF = "Your answer was cut off after action {whole}; nothing of the rest was done."
LIMITS = {
    "context": "the context allows",
    "tokens": "the tokens allow",
    "money": "the money allows",
    "seconds": "the time allows",
}
"""Part of the budget -> why there are fewer turns than are budgeted."""
MOST_NAMES, MOST_SPANS = 3, 4
"""Most names for want of which actions were skipped, and most spans of numbers for each, that are told."""
PERSONA = "Who you are:"
"""Comes before the persona."""
WORDS = "How you are asked to work:"
"""Comes before what hand-over steps say in words of their own."""
NOTES = "Notes left for you:\n\n"
NO_NOTES = "There are no notes for you."
SUMMARISE = """\
The room of this conversation is full. This turn is for a summary in plain words: what you defined, what you learnt,
what to do next. After it you see your summary, and none of the turns before it. No action in this answer is carried
out."""
SUMMARISED = "Go on from your summary."
GONE = "left this conversation, since its room was full. What you defined can still be called."
UNCALLABLE = "Defined in the messages above, but not to be called"
MOST_UNCALLABLE = 12
"""Most names of such definitions that are told, and of those that they lack."""

_TURNS: IdentityCache[tuple[Message, Message]] = IdentityCache()
"""Rendered turns: every later prompt of a tenure contains them."""
_CONVERSATION: LatestCache[tuple[Message, ...]] = LatestCache()
_EXPLAINED: LatestCache[frozenset[int]] = LatestCache()
"""Messages of the latest turns, and the phenomena that they explain: a prompt is written once to find out how long it
is, and once more with what follows from that."""


def render(view: TenureView) -> tuple[Message, ...]:
    """The whole prompt for the next answer."""
    return conversation(view, briefing(view.observation), ending(view))


def conversation(view: TenureView, system: str, ending: str) -> tuple[Message, ...]:
    """A prompt: `system` as the first message, then the messages handed on, the notes, and the turns. `ending` is
    appended to the last message."""
    observation = view.observation
    messages = [
        Message(role="system", content=system),
        *observation.inheritance.messages,
        Message(role="user", content="\n\n".join(filter(None, [opening(observation), told_gone(view.gone)]))),
        *_CONVERSATION.of(view.turns, partial(_messages, view.turns)),
    ]
    # Only the last message gets the changing part, so that everything before it is a stable prefix.
    last = messages[-1]
    messages[-1] = last.model_copy(update={"content": f"{last.content}\n\n{ending}"})
    return tuple(messages)


def _messages(turns: Sequence[Turn]) -> tuple[Message, ...]:
    return tuple(message for turn in turns for message in _TURNS.of(turn, partial(_turn, turn)))


def _turn(turn: Turn) -> tuple[Message, Message]:
    return Message(role="assistant", content=turn.answer), Message(role="user", content=render_replies(turn.replies))


def briefing(observation: Observation) -> str:
    """The system message: the brief, the given operations, how to answer, and the phenomena; then what not every tenure
    of a trial is told."""
    return the_task(observation, ANSWERING)


def the_task(observation: Observation, answering: str) -> str:
    """The brief, given operations, `answering`, the note scheme's actions, the phenomena, the persona, and what
    hand-over steps say in words. The latter two come last, so that all before them is the same for every tenure of a
    trial.

    In `answering`, `{size}` stands for the largest number of nodes of a statement, `{actions}` for the actions that no
    note scheme adds, and `{notation}` for the notation in short. Leave out what the reader learns elsewhere.
    """
    notation = notation_in_short(observation.given)
    parts = [observation.brief.strip(), observation.given_text]
    answering = answering.replace("{size}", str(observation.statement_size)).replace("{notation}", notation)
    answering = answering.replace("{actions}", actions_in_short(observation))
    parts.append(answering.rstrip())
    parts.append(observation.instructions)
    if not observation.truth_told:
        parts.append("You will not be told whether a claim is true, nor whether a phenomenon is explained.")
    elif observation.truth_delay:
        parts.append(TOLD_LATER.format(quantity(observation.truth_delay, "generation")))
    if observation.phenomena:
        most = longest(observation.given, observation.statement_size)
        parts.append("" if most is None else LENGTH.format(most=most))
        parts.append("To be explained:")
        parts += describe_phenomena(observation.phenomena, observation.given)
    parts.append(f"{PERSONA}\n\n{observation.persona}" if observation.persona else "")
    parts.append(told_words(observation.inheritance.words))
    return "\n\n".join(part for part in parts if part)


def told_words(words: Sequence[str]) -> str:
    """What hand-over steps say in words of their own; empty if they say nothing."""
    return "\n\n".join([WORDS, *words]) if words else ""


def actions_in_short(observation: Observation) -> str:
    """The actions that no note scheme adds, as far as the observation offers them, a line or two for each."""
    lines = [STATE]
    if offers(observation, "state", "record"):
        lines.append(RECORD)
    lines.append(EVALUATE)
    if offers(observation, "match") and observation.phenomena:
        lines.append(MATCH)
    return "\n".join([*lines, END])


def offers(observation: Observation, action: str, field: str = "action") -> bool:
    """Whether the schema of an answer has an action, with a field."""
    schema = observation.answers.get("properties", {}).get("actions", {}).get("items", {})
    offered = [kind["properties"] for kind in schema.get("anyOf", ())]
    return any(kind["action"].get("const") == action and field in kind for kind in offered)


def opening(observation: Observation) -> str:
    """The first user message of a tenure: the notes, and what can't be called of the messages that were handed on."""
    text = observation.inheritance.text
    told = told_uncallable(observation.inheritance.uncallable)
    return "\n\n".join(filter(None, [f"{NOTES}{text}" if text else NO_NOTES, told]))


def told_gone(gone: Gone) -> str:
    """The line about turns that have left the prompt; empty if none has."""
    if not gone.turns:
        return ""
    first = "Your first turn has" if gone.turns == 1 else f"Your first {gone.turns} turns have"
    return f"{first} {GONE}"


def told_uncallable(uncallable: Mapping[str, Sequence[str]]) -> str:
    """The line about definitions in the messages handed on that can't be called, since what they rest on was not handed
    on; empty if there are none."""
    if not uncallable:
        return ""
    lacking = sorted({name for names in uncallable.values() for name in names})
    want = f" for want of {_named(lacking)}" if lacking else ""
    return f"{UNCALLABLE}{want}: {_named(list(uncallable))}."


def _named(names: Sequence[str]) -> str:
    """Names in a sentence, as many as are told."""
    told = ", ".join(f"`{excerpt(name, 40)}`" for name in names[:MOST_UNCALLABLE])
    more = len(names) - MOST_UNCALLABLE
    return f"{told} and {more} more" if more > 0 else told


def render_replies(replies: Sequence[Reply]) -> str:
    """The replies to one answer as one text. A reply has the number of its action; those to actions that were skipped,
    or whose reply was cut for want of room, are told in one line each."""
    numbered = [reply for reply in replies if reply.action]
    lines = [f"{number}. {reply.text}" for number, reply in enumerate(numbered, 1) if reply.text and not reply.needs]
    if len(numbered) == 1 and lines:
        lines = [numbered[0].text]
    lacking: dict[str, list[int]] = {}
    for number, reply in enumerate(numbered, 1):
        if reply.needs:
            lacking.setdefault(reply.needs, []).append(number)
    if lacking:
        lines.append(_skipped(lacking))
    if silent := [number for number, reply in enumerate(numbered, 1) if not reply.text and not reply.needs]:
        lines.append(f"Done, but the reply is cut for want of room: {spans(silent)}.")
    lines += [reply.text for reply in replies if not reply.action]
    return "\n".join(lines) or "Nothing was done."


def _skipped(lacking: Mapping[str, Sequence[int]]) -> str:
    """The line about skipped actions. `lacking` maps each name that they lack to their numbers."""
    if len(lacking) <= MOST_NAMES:
        told = [f"{spans(numbers, MOST_SPANS)} for want of `{excerpt(name, 40)}`" for name, numbers in lacking.items()]
        return f"Skipped, at no cost: {'; '.join(told)}."
    numbers = sorted(number for each in lacking.values() for number in each)
    return f"Skipped, at no cost, for want of names that were not defined: {spans(numbers)}."


def longest_lines() -> str:
    """Text that is as long as all that the next prompt may say beside an answer and the replies to it."""
    many = range(10_001, 10_099, 2)
    skipped = _skipped({f"{number}".ljust(40, "_"): many for number in range(MOST_NAMES)})
    return f"{skipped}\nDone, but the reply is cut for want of room: {spans(many)}.\n{WAS_CUT}\n{LAST}{KEPT_NOWHERE}"


def ending(view: TenureView) -> str:
    """The end of every prompt: the phenomena that are still open, whether the last turn is near, what is left of the
    budget, and how long the answer may be."""
    lines = [standing(view), announcement(view), left(view)]
    return "\n".join(line for line in lines if line)


def standing(view: TenureView) -> str:
    """Which phenomena were told to be explained, in the notes or in this tenure, and which are still open. Empty if
    there are none, or if this is not told."""
    observation = view.observation
    if not (observation.phenomena and observation.truth_told):
        return ""
    explained = {number for entry in observation.inheritance.entries for number in entry.explains}
    explained |= _EXPLAINED.of(view.turns, partial(explained_in, view.turns)).union(view.gone.explained)
    numbers = [phenomenon.number for phenomenon in observation.phenomena]
    told = ", ".join(str(number) for number in numbers if number in explained)
    still = ", ".join(str(number) for number in numbers if number not in explained)
    return f"Explained: {told or 'none'}. Open: {still or 'none'}."


def explained_in(turns: Sequence[Turn]) -> frozenset[int]:
    """The phenomena that the replies of these turns told to be explained."""
    data = (reply.data for turn in turns for reply in turn.replies)
    return frozenset(number for each in data if isinstance(each, StatementData) for number in each.explained or ())


def announcement(view: TenureView) -> str:
    """The announcement of the last turn, of the turn before it, or of a turn for a summary; else empty."""
    if view.summary:
        return SUMMARISE
    if view.last:
        return last_turn(view.observation)
    return NEXT_IS_LAST if view.turns_left == 2 else ""


def left(view: TenureView) -> str:
    """The remaining budget in words, and how long the next answer may be. Time and money are told only if they are
    budgeted; turns are the most that all budgets allow together."""
    remaining = view.remaining
    turns = quantity(remaining.turns if view.turns_left is None else view.turns_left, "turn")
    parts = [
        f"{turns} (as many as {LIMITS[view.limited_by]})" if view.limited_by in LIMITS else turns,
        quantity(remaining.tokens, "token", ","),
        quantity(remaining.evaluations, "evaluation", ","),
    ]
    if remaining.seconds is not None:
        parts.append(quantity(int(remaining.seconds), "second"))
    if remaining.money is not None:
        parts.append(f"{remaining.money:.4g} of money")
    told = [f"Left: {', '.join(parts)}."]
    if view.context_left is not None:
        told.append(f"The context of {view.observation.budget.context:,} tokens has {view.context_left:,} left.")
    if view.answer_room is not None:
        told.append(f"Your answer may have at most {quantity(view.answer_room, 'token', ',')}.")
    return " ".join(told)


def last_turn(observation: Observation) -> str:
    """The announcement of the last turn. It says what is lost, which depends on what the schemes pass on."""
    match observation.passes_notes, bool(observation.passes_messages):
        case True, False:
            kept = "not in the notes"
        case False, True:
            kept = "not in this conversation"
        case True, True:
            return f"{LAST}{KEPT_NOWHERE}"
        case _:
            return f"{LAST}."
    return f"{LAST}: what is {kept} after it is lost."


def describe_given(given: Given) -> str:
    """What every researcher may use from the start, in words and tables."""
    parts = [SCALARS] if given.scalars else []
    parts += [f"{sort.name} has the values 0 to {sort.size - 1}." for sort in given.sorts]
    parts += [describe_operation(operation) for operation in given.operations]
    return "\n\n".join(parts)


def notation_in_short(given: Given) -> str:
    """The notation of terms in a few lines. The whole notation is in `relay.notation.reference.summary`."""
    if given.scalars or not given.sorts:
        return SCALAR_TERMS if given.scalars else ""
    return SORT_TERMS.format(sorts=", ".join(sort.name for sort in given.sorts), sort=given.sorts[0].name)

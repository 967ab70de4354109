"""A language model in disguise reads no word that betrays the field, and is judged as without disguise."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from agents.explorer.from_text import play
from agents.models import Completion, Request
from relay.components import build
from relay.errors import ModelFault
from relay.records.budget import Budget
from relay.records.events import Answered, AnyEvent, Credited, Fault, GenerationEnded, Judged
from relay.records.log import read_chain
from relay.researcher.disguise import Disguise
from relay.researcher.observation import Message
from relay.schemes.notes.ledger_page import HEAD as HEAD_OF_NOTE
from relay.scoring.cache import Cache
from relay.trial.resolve import Schemes, resolve_condition
from relay.trial.retry import Retry
from relay.trial.setup import TrialSetup, task_of
from relay.trial.trial import run_trial
from tasks.linear_algebra import PATH
from tests.agents.parrot import parrot, thrifty
from tests.notation.samples import DESCRIBED
from tests.notation.test_errors import HEAD, STATEMENTS, TERMS

SEED = 11
BETRAYING = re.compile(
    "matri[xc]|vector|scalar|conj|field|linear|determinant|reals|complexes|hermit|affine|subspace|transpos"
    r"|component|involut|permut|polynom|quadrat|rational|sqrt|subset"
    r"|\b(?:mat|matr|matri|vec|vect|vecto|sca|scal|scala)\b|characteristic|\bGF|\bax[ie]s|eigen|kernel|algebra|orthogon|basis|\bdot\b|galois|frobenius",
    re.IGNORECASE,
)
"""Words that betray the field, in any spelling and inside of other words. Made without looking at relay's own list."""

NAMED = {"name", "source", "rests_on", "message", "counterexample", "digest"}
"""Fields of events that contain names chosen by the explorer, which derives them from hashes of its statements."""
CLAIMS = (
    "claim proved (A: Matrix[m, n], B: Matrix[n, m]): trace(mul(A, B)) == trace(mul(B, A))",
    "claim refuted (A: Matrix[n, n], B: Matrix[n, n]): mul(A, B) == mul(B, A)",
    "claim (x: Scalar): conj(x) == x",
    "claim (x: Scalar): conj(x) * x == x * x * x",
    "claim over fields (v: Vector[n], w: Vector[n]): v == w",
    "claim over reals (x: Scalar): x * x > 0",
    "claim over complexes (x: Scalar): x == conj(x)",
    "claim over reals (x: Scalar): x * x != 2",
    "claim over reals (f: Fn[Vector[n], Scalar], v: Vector[n], w: Vector[n]) where f(v) == 2: f(v) == f(w)",
    "claim over reals (x: Scalar): x ** 2 ** 13 - x * 3 ** 5 ** 4 != 7",
    "claim over reals (x: Scalar): any(y * y == x for y in Scalar)",
    "claim (f: Fn[Vector[n], Vector[n]], v: Vector[n], w: Vector[n]): f(v) == f(w)",
    "claim (f: Fn[Vector[n], Vector[n], Scalar], v: Vector[n]): f(v, v) == 0",
    "claim (f: Fn[Vector[n], Vector[n], Scalar], v: Vector[n], w: Vector[n]): f(v, w) == f(w, v)",
    "claim (s: Fn[Vector[n], Bool], v: Vector[n]): s(v)",
    "claim (f: Fn[Matrix[n, n], Matrix[n, n]], A: Matrix[n, n]): f(A) == A",
    "claim (f: Fn[Scalar, Scalar], x: Scalar): f(f(x)) == f(x)",
    "claim (x: Scalar): 1 / x == x / x / x",
    "claim (x: Scalar, y: Scalar) where y != 1: x * y / y == x",
    "claim (A: Matrix[n, n]): A[0, 1] == A[0, 1] + trace(A) - trace(A)",
    "claim (A: Matrix[n, n]) where trace(A) != trace(A): trace(A) == 0",
    "claim (A: Matrix[n, n]): trace(A) == sum(A[k, k] for k in range(n))",
    "claim (v: Vector[n], w: Vector[n], vs: List[Vector[n]]) where in_span(v, vs): in_span(v, vs + [w])",
    "claim (x: Scalar): x ** 10000000 == x",
    "claim (x: Scalar): scalar(count(s[0] == 0 for s in permutations(12))) == x",
    "claim (x: Scalar): sum(y for y in Scalar) == x",
    "claim (x: Scalar): all(x * y == 0 or x * y != 0 for y in Scalar) and x < x + 1",
    "claim (x: Scalar) where x ** 1000003 == 2: x == 1000003 * x",
    "define ordered(x: Scalar) -> Bool = x < 1",
    "claim (x: Scalar): ordered(x)",
    "claim ("
    + ", ".join(f"f{k}: Fn[Matrix[n, n], Vector[n], Matrix[n, n], Vector[n]]" for k in range(2))
    + "): f0 == 1",
    "claim (f: Fn[Matrix[n, n], Vector[n], Matrix[n, n], Vector[n], Fn[Vector[n], Matrix[n, n]], Scalar]): f == 1",
)
VALUES = (
    "sum(conj(x) for x in Scalar)", "scalar(1) / scalar(3)", "trace(identity(3))", "identity(2)", "trace", "1 / 0",
    "vector(1 for i in range(3))", "frobnicate(1)", "max(x for x in Scalar)", "[identity(2), identity(2)]",
)  # fmt: skip
MALFORMED = (
    "words", '{"actions": 3}', '{"actions": [3, {"action": "prove"}, {"action": "state"}, {"action": "end", "x": 1}]}',
    '{"actions": [{"action": "state", "source": 5}, {"action": "record", "statement": "x == x"}, {"action": "strike", '
    '"id": "1"}, {"action": "open", "id": "2"}, {"action": "evaluate"}, {"action": "state", "source": "", "a": 1}]}',
    '{"actions": [', "Perhaps:\n```relay\nclaim (x: Scalar): x == conj(x)\n```\nso.", '{"actions": []}',
)  # fmt: skip


def file(where: Path, brief: str) -> dict[str, Any]:
    """Linear algebra with room for long statements."""
    path = where / "task.yaml"
    text = PATH.read_text(encoding="utf-8").replace("statement_size: 18", "statement_size: 300")
    path.write_text(text, encoding="utf-8")
    return {"name": "file", "parameters": {"path": str(path), "brief": brief}}


def answers(sources: Sequence[str]) -> Iterator[str]:
    """Answers that state all of these, several per turn. Every second answer uses escapes."""
    for at in range(0, len(sources), 12):
        actions = [{"action": "state", "source": source} for source in sources[at : at + 12]]
        yield json.dumps({"actions": actions}, ensure_ascii=at % 24 == 0)


class Speaker:
    """A model that says its lines in the words of a disguise, the same in each tenure, and keeps all prompts."""

    def __init__(self, lines: Sequence[str], disguise: Disguise) -> None:
        self.lines, self.disguise = lines, disguise
        self.shown: list[Message] = []
        self.said: list[str] = []

    def __call__(self, request: Request) -> Completion:
        turn = len(self.said) % len(self.lines)
        self.shown += request.messages if turn == len(self.lines) - 1 else request.messages[-1:]
        text = self.disguise.swap_answer(self.lines[turn])
        self.said.append(text)
        earlier = [message.content for message in request.messages if message.role == "assistant"]
        own = earlier[len(earlier) - turn :]
        assert own == self.said[len(self.said) - 1 - turn : -1]  # its own answers come back unchanged
        return Completion(text=text, reasoning=text)


def live(
    where: Path, task: Any, lines: Sequence[str], seed: int | None, cache: Cache | None = None, **options: Any
) -> tuple[list[AnyEvent], Speaker]:
    """A trial of a model that says these lines (in true words) under a disguise: its log, and the model."""
    agent = parrot(None, disguise=seed)
    budget = Budget(turns=len(lines), tokens=100_000_000, context=1_000_000, evaluations=10_000)
    options = {"generations": 2, "seed": 3, "budget": budget, **options}
    condition = resolve_condition(task, agent=agent, **options)
    setup = TrialSetup.of(condition, task_of(condition))
    speaker = Speaker(lines, setup.disguise)
    parrot(speaker)
    asyncio.run(run_trial(condition, where, retry=Retry(limit=0, pause=0.0), cache=cache))
    return logged(where), speaker


def logged(where: Path) -> list[AnyEvent]:
    """The log of a trial."""
    return [line.event for line in read_chain(where / "events.jsonl", "")]


def plainly(events: list[AnyEvent]) -> list[dict[str, Any]]:
    """Events without counts and hashes, which depend on the words."""
    surface = {"condition", "digest", "tokens", "tokens_in", "tokens_out", "spent", "measures", "message_tokens"}
    return [event.model_dump(exclude=surface) for event in events]


@pytest.mark.slow
@pytest.mark.parametrize("brief", ["blind", "problems"])
def test_no_word_betrays_the_field_and_verdicts_are_the_same(tmp_path: Path, brief: str) -> None:
    slips = [source for source, *_ in STATEMENTS] + [HEAD + term for term, *_ in TERMS]
    records = [
        {"action": "record", "statement": name, "remark": "Of use."} for name in ("trace", "mul", "minor", "det")
    ]
    records += [{"action": "record", "statement": source} for source in CLAIMS[:14]]
    lines = [
        *answers(DESCRIBED),
        *answers(CLAIMS if brief == "blind" else CLAIMS[:3]),
        *answers(slips),
        json.dumps({"actions": [{"action": "evaluate", "term": term} for term in VALUES]}),
        *MALFORMED,
        json.dumps({"actions": records}),
        json.dumps({"actions": [{"action": "open", "id": f"1.1.{number}"} for number in range(1, 9)]}),
    ]
    task = file(tmp_path, brief)
    with Cache(tmp_path / "cache") as cache:
        memory = "immortal" if brief == "blind" else "fresh"
        options: dict[str, Any] = {"cache": cache, "schemes": Schemes(notes="ledger(cap=300)", memory=memory)}
        plain, overt = live(tmp_path / "plain", task, lines, None, **options)
        disguised, covert = live(tmp_path / "disguised", task, lines, SEED, **options)
    assert plainly(plain) == plainly(disguised)
    seen = "\n".join(message.content for message in covert.shown)
    assert not {word[0] for word in BETRAYING.finditer(seen)}
    assert BETRAYING.search("\n".join(message.content for message in overt.shown))
    told = {event.told for event in disguised if isinstance(event, Judged)}
    if brief == "blind":
        assert told >= {"proved", "holds", "refuted", "undefined", "vacuous", "trivial", "undecided", "ill_formed"}


def test_no_half_of_a_word_betrays_it_either(tmp_path: Path) -> None:
    """An index of notes cuts statements to a length, and an error message cuts long types."""
    heads = [f"claim {'a' * length} (x: Scalar, y: Scalar, z: Scalar, v: Vector[n]): " for length in range(25, 17, -1)]
    assert {head[:HEAD_OF_NOTE].rpartition(" ")[2] for head in heads} >= {"Vec", "Vect", "Vecto", "Vector"}
    sources = [f"{head}x + y == {at} * z" for at, head in enumerate(heads)]
    sources += [
        f"claim (x: Scalar): x == sum(k for k in [{', '.join([str(at)] * 120)}])" for at in range(1, 9)
    ]  # fill the page
    slips = [f"claim (f: Fn[Vector[{'n' * size}]{', Vector[n]' * 8}]): f == 1" for size in range(1, 12)]
    lines = [
        *answers([*sources, *slips]),
        json.dumps({"actions": [{"action": "record", "statement": source} for source in sources]}),
        json.dumps({"actions": [{"action": "end"}]}),
    ]
    _, covert = live(tmp_path / "a", file(tmp_path, "blind"), lines, SEED, schemes=Schemes(notes="ledger(cap=800)"))
    seen = "\n".join(message.content for message in covert.shown)
    assert seen.count(" refuted] claim") >= 8 and "Not shown" in seen and seen.count(", ......") >= 1
    assert not {word[0] for word in BETRAYING.finditer(seen)}


def test_the_explorer_gets_as_far_in_disguise(tmp_path: Path) -> None:
    """The trial is the same behind the prompt: statements have the same keys and verdicts."""
    shown: list[str] = []

    async def explore(request: Request) -> Any:
        shown.extend(message.content for message in request.messages)
        return (await play(request.messages, request.max_tokens, request.seed))[0]

    found: dict[int | None, list[AnyEvent]] = {}
    for seed in (None, SEED):
        shown.clear()
        condition = resolve_condition("alien", agent=parrot(explore, disguise=seed), generations=3, seed=3)
        state = asyncio.run(run_trial(condition, tmp_path / str(seed)))
        found[seed] = logged(tmp_path / str(seed))
        assert len(state.discoveries.established) > 3
    for kind in (Judged, Credited, GenerationEnded):
        plain, disguised = (
            [event.model_dump(exclude=NAMED) for event in found[seed] if isinstance(event, kind)] for seed in found
        )
        assert plain == disguised
    names = [operation.name for operation in build("relay.tasks", "alien").build(3).given.operations]
    assert not re.search("element|" + "|".join(rf"\b{name}s?\b" for name in names), "\n".join(shown), re.IGNORECASE)


def test_a_stand_in_that_knows_words_only_says_so(tmp_path: Path) -> None:
    agent = {"name": "llm", "parameters": {"model": "mock/explorer", "disguise": SEED}}
    condition = resolve_condition("linear_algebra", agent=agent, generations=1, seed=3)
    asyncio.run(run_trial(condition, tmp_path))
    faults = [event for event in logged(tmp_path) if isinstance(event, Fault)]
    assert faults and all("not described in relay's own words" in fault.message for fault in faults)


def test_true_words_are_nonsense_and_a_fault_quotes_what_was_said(tmp_path: Path) -> None:
    """The model reads its own words again. The log has these words in disguise, and the statements in true words."""
    shown: list[str] = []
    wrong = json.dumps({"actions": [{"action": "state", "source": "claim (x: Scalar): x == x"}]})

    def guess(request: Request) -> str:
        shown.append(request.messages[-1].content)
        if len(shown) > 1:
            alias = re.search(r"the types are .*, (\w+)\[n\]", shown[1])
            raise ModelFault(f"the model refused: `Vector` is no {alias[1] if alias else ''}")
        return wrong

    condition = resolve_condition("linear_algebra", agent=parrot(guess, disguise=SEED), generations=1, seed=3)
    asyncio.run(run_trial(condition, tmp_path))
    pairs = TrialSetup.of(condition, build("relay.tasks", "linear_algebra").build(3)).disguise.pairs
    assert "unknown type `Scalar`" in shown[1] and f"Bool, {pairs['Scalar']}, {pairs['Vector']}[n]" in shown[1]
    judged = next(event for event in logged(tmp_path) if isinstance(event, Judged))
    assert f"unknown type `{pairs['Scalar']}`" in judged.message and "Bool, Scalar, Vector[n]" in judged.message
    fault = next(event for event in logged(tmp_path) if isinstance(event, Fault))
    assert fault.message == f"the model refused: `{pairs['Vector']}` is no Vector"
    assert f"the model refused: `Vector` is no {pairs['Vector']}" in shown[2]


def test_no_spelling_of_a_true_word_gets_past_the_disguise(tmp_path: Path) -> None:
    """JSON may write letters as escapes. The log, the engine and the model all read the same text."""
    shown: list[Request] = []
    aliased: list[str] = []

    def guess(request: Request) -> str:
        shown.append(request)
        words = r"\u0053calar", *(f"{word[:-1]}\\u{ord(word[-1]):04x}" for word in aliased)
        states = [f'{{"action": "state", "source": "claim (x: {word}): x == x"}}' for word in words]
        return f'{{"actions": [{", ".join(states)}]}}'

    condition = resolve_condition("linear_algebra", agent=parrot(guess, disguise=SEED), generations=1, seed=3)
    alias = TrialSetup.of(condition, build("relay.tasks", "linear_algebra").build(3)).disguise.pairs["Scalar"]
    aliased.append(alias)
    asyncio.run(run_trial(condition, tmp_path))
    judged = [event for event in logged(tmp_path) if isinstance(event, Judged)][:2]
    assert [event.status for event in judged] == ["ill_formed", "trivial"]
    assert f"unknown type `{alias}`" in judged[0].message and judged[1].source == "claim (x: Scalar): x == x"
    answered = next(event for event in logged(tmp_path) if isinstance(event, Answered))
    assert re.findall(r"x: (\S+)\)", answered.text) == [alias, "Scalar"]
    mine, told = (message.content for message in shown[1].messages[-2:])
    assert re.findall(r"x: (\S+)\)", mine) == ["Scalar", alias] and "unknown type `Scalar`" in told


def test_the_engine_charges_what_was_said(tmp_path: Path) -> None:
    said = Completion(text="GF " * 40, reasoning=" GF")

    condition = resolve_condition("alien", agent=thrifty(lambda request: said, disguise=SEED), generations=1, seed=3)
    asyncio.run(run_trial(condition, tmp_path))
    answered = next(event for event in logged(tmp_path) if isinstance(event, Answered))
    assert answered.tokens_out == 41 and "GF" not in answered.text + answered.reasoning

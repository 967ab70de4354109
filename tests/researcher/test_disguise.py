"""Words and their aliases change places, everywhere and in both directions."""

from __future__ import annotations

import ast
import itertools
import json
import re
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from relay.errors import NotationError
from relay.notation import RESERVED, Scope, read_statement
from relay.records.condition import digest
from relay.records.task import Concept, Form, Given, Operation, Sort, Task
from relay.researcher.actions import answer_schema
from relay.researcher.answers import BadAction, is_json, read_answer
from relay.researcher.disguise import CONSONANTS, LAST, ORDINARY, VOWELS, Disguise
from relay.researcher.observation import Message
from relay.researcher.vocabulary import TELLING, Vocabulary, spellings
from relay.schemes.notes import Journal, Ledger
from relay.text import excerpt
from relay.trial.resolve import resolve_condition
from relay.trial.setup import TrialSetup
from tasks.files import TaskFile
from tasks.linear_algebra import LinearAlgebra
from tests.agents.parrot import thrifty

HOME = Path(__file__).parents[2]
ACTIONS = answer_schema((*Ledger.actions, *Journal.actions))
PROBLEMS = LinearAlgebra(brief="problems").build(0)
DISGUISE = Disguise.of(Vocabulary.of(PROBLEMS, ACTIONS), 5)
NOBODY = Disguise({" ": " "})
"""Changes nothing."""

pieces = st.one_of(
    st.sampled_from(sorted(DISGUISE.pairs)),
    st.sampled_from(
        ["\\", "\\n", '\\"', "\\u00e4", "\\u", "\\uab", "u", "n", "_", "2", " ", "\n", '"', "ä", "`", "[m, n]"]
    ),
    st.sampled_from(
        ["Matri", "x", "\\u0078", "\\u005F", "\\u0030", "\\u003", "\\u00", "\\u005c"]
    ),  # letters, or hardly
    st.text(max_size=3),
)
texts = st.lists(pieces, max_size=12).map("".join)
data = st.recursive(texts, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))


def task(*operations: str, sort: str = "Lamp", brief: str = "Words.", vocabulary: tuple[str, ...] = ()) -> Task:
    """A task that gives these operations on a sort."""
    given = Given(
        sorts=(Sort(name=sort, size=2),),
        operations=tuple(Operation(name=n, parameters=(sort,), result=sort, table=(1, 0)) for n in operations),
    )
    concept = Concept(id="one", forms=(Form(source=f"define one(x: {sort}) -> {sort} = x"),))
    return Task(
        name="small", parameters={}, brief=brief, given=given, statement_size=9, concepts=(concept,),
        vocabulary=vocabulary,
    )  # fmt: skip


def disguise_of(task: Task, seed: int = 5) -> Disguise:
    return Disguise.of(Vocabulary.of(task, ACTIONS), seed)


@given(texts)
def test_a_trade_undoes_itself(text: str) -> None:
    assert DISGUISE.swap(DISGUISE.swap(text)) == text
    spelt_out = NOBODY.swap_json(text)
    assert DISGUISE.swap_json(DISGUISE.swap_json(text)) == spelt_out == NOBODY.swap_json(spelt_out)
    assert spelt_out == text or "\\u00" in text


@given(texts, st.booleans(), st.sampled_from(["%s", '{"actions": [{"action": "state", "source": %s}]}', "{%s"]))
def test_what_a_researcher_wrote_comes_back(text: str, fenced: bool, form: str) -> None:
    said = f"```relay\ndefine {text}\n```" if fenced else form % json.dumps(text)
    there = DISGUISE.swap_answer(said)
    assert is_json(there) == is_json(said)
    assert DISGUISE.swap_answer(there) == (NOBODY.swap_json(said) if is_json(said) else said)
    if not is_json(said):
        assert there == DISGUISE.swap(said)


@pytest.mark.parametrize("word", ["Matrix", DISGUISE.pairs["Matrix"]])
@pytest.mark.parametrize("source", ["2{}", "1.{}", "0x2{}", "2 * 3{}(2)", "n2{}"])
def test_a_word_after_a_number_is_told_as_it_was_written(word: str, source: str) -> None:
    """As one that means nothing is: the notation reads a number and a word."""
    wrote = f"claim (n2: Nat): {source.replace('{}', word)} == 1"
    for swap in (DISGUISE.swap, DISGUISE.swap_answer):
        with pytest.raises(NotationError) as error:
            read_statement(swap(wrote), Scope(PROBLEMS.given))
        told = DISGUISE.swap(str(error.value))
        assert DISGUISE.pairs[word] not in told


@pytest.mark.parametrize("word", ["Matrix", DISGUISE.pairs["Matrix"]])
def test_no_part_of_another_word_is_told(word: str) -> None:
    for many in range(25, 45):
        name = "a " * (many // 2) + "-" * (many % 2) + word
        for action in ({"action": name}, {"action": "state", "source": "1", name: 1}):
            (bad,) = read_answer(DISGUISE.swap_answer(json.dumps({"actions": [action]})), ())
            assert isinstance(bad, BadAction)
            told = DISGUISE.swap(bad.problem)
            assert not any(DISGUISE.pairs[word][:size] in told.split("`")[1 if "source" not in action else 3]
                           for size in range(2, 7))  # fmt: skip


def spelt(said: Any, escaped: bool, every: int) -> str:
    """JSON in which one letter of so many is an escape; none where it is 0."""
    count = itertools.count(1)

    def letter(found: re.Match[str]) -> str:
        code = f"\\u{ord(found[0]):04x}" if len(found[0]) == 1 else ""
        return code if code and every and not next(count) % every else found[0]

    return re.sub(r"\\u....|\\.|[A-Za-z0-9_]", letter, json.dumps(said, ensure_ascii=escaped))


@given(data, st.booleans(), st.integers(0, 4))
def test_of_json_is_traded_what_it_says(said: Any, escaped: bool, every: int) -> None:
    def swapped(part: Any) -> Any:
        if isinstance(part, str):
            return DISGUISE.swap(part)
        if isinstance(part, dict):
            return {swapped(key): swapped(value) for key, value in part.items()}
        return [swapped(item) for item in part]

    text = spelt({"actions": [said]}, escaped, every)
    assert json.loads(text) == {"actions": [said]}
    assert json.loads(DISGUISE.swap_answer(text)) == {"actions": [swapped(said)]}


@pytest.mark.parametrize("word", ["Matrix", DISGUISE.pairs["Matrix"]])
@pytest.mark.parametrize("every", [0, 1, 3])
@pytest.mark.parametrize(
    "form",
    [
        '{"actions": [%s]}',
        '```json\n{"actions": [%s,]}\n```',
        "So: [%s] it is.",
        "%s",
        "<think>Matri\\u0078</think>[%s]",
    ],
)
def test_however_an_answer_is_read_its_words_are_traded(word: str, every: int, form: str) -> None:
    source = spelt(f"define f(A: {word}[n, n]) -> Nat = n", True, every)
    action = f'{{"action": "state", "source": {source}}}'
    for text in (form % action, form % action.replace('"', "'")):
        (read,) = read_answer(DISGUISE.swap_answer(text), ())
        assert read.model_dump() == {
            "action": "state",
            "source": f"define f(A: {DISGUISE.pairs[word]}[n, n]) -> Nat = n",
        }


@pytest.mark.parametrize(
    ("true", "other"),
    [
        ("Matrix", "Tamrix"),
        ("matrix", "tamrix"),
        ("MATRIX", "TAMRIX"),
        ("mATRIX", "tAMRIX"),
        ("Matri\\u0078", "Tamri\\u0078"),  # in a fence this is no escape
        ("\uff2datrix", "\uff2dtarix"),  # what NFKC makes of the first letter is an ordinary one
        ("Matri\u200bx", "Tamri\u200bx"),
        ("Matrix\u200b", "Tamrix\u200b"),
        ("Mat\u00adrix", "Tam\u00adrix"),
        ("Ma\u0301trix", "Ta\u0301mrix"),
        ("conj", "jonc"),
        ("scalar", "lascar"),
        ("GF", "FG"),
        ("reals", "laser"),
        ("Matrix_", "Tamrix_"),
    ],
)
def test_a_true_word_is_told_of_as_any_other(true: str, other: str) -> None:
    """Wherever it stands: nothing that is said betrays that it was meant to mean something."""
    places = (
        "claim (A: {}[n, n]): A == A", "define f(A: {}) -> Nat = 1", "claim (x: Nat): {}(x) == x",
        "claim (x: Nat): {}(x for i in range(2)) == x", "claim (x: Nat): {} == x", "claim over {} (x: Nat): x == x",
        "define {}(x: Nat) -> Nat = x", "claim ({}: Nat): {} == 1", "claim {} (x: Nat): x == x",
    )  # fmt: skip
    for place in places:
        told = []
        for word in (true, other):
            source = DISGUISE.swap_json(place.replace("{}", word))
            try:
                reply = read_statement(source, Scope(PROBLEMS.given)).source
            except NotationError as error:
                reply = str(error)
            told.append(DISGUISE.swap(reply).replace(word, "?").replace(NOBODY.swap_json(word), "?"))
        assert told[0] == told[1]


def test_an_escape_is_no_part_of_a_word() -> None:
    alias = DISGUISE.pairs["Matrix"]
    assert DISGUISE.swap_json(r"define f(\nMatrix") == rf"define f(\n{alias}"
    assert DISGUISE.swap(r"\nMatrix") == r"\nMatrix"  # outside of JSON these are other letters
    assert DISGUISE.swap("matrix2 my_matrix MatrixProduct") == "matrix2 my_matrix MatrixProduct"


def test_an_alias_mends_no_broken_escape() -> None:
    hexadecimal = Disguise({"Matrix": "dabafu", "dabafu": "Matrix"})
    for text in (r"\uMatrix", r"\udabafu", r"\u12Matrix", r"\u1234Matrix", "\\"):
        assert hexadecimal.swap_json(hexadecimal.swap_json(text)) == text
    assert hexadecimal.swap_json(r"\u00\u0037\u0038") == r"\u00\u0037\u0038"  # nor does a letter that is spelt out


def test_an_alias_hangs_on_its_word_and_the_seed_alone() -> None:
    assert disguise_of(task("turn")).pairs["turn"] == disguise_of(task("mul", "left", "turn")).pairs["turn"]


def test_a_prompt_is_traded_by_who_wrote_it() -> None:
    alias = DISGUISE.pairs["Matrix"]
    wrote = r'{"actions": [{"action": "state", "source": "\nMatrix"}]}'
    told, said = DISGUISE.swap_messages(Message(role=role, content=wrote) for role in ("user", "assistant"))
    assert (told.content, said.content) == (wrote, wrote.replace("Matrix", alias))


@pytest.mark.parametrize("seed", range(30))
def test_aliases_are_words_of_their_own(seed: int) -> None:
    short = ["".join(letters) for letters in product("bdfg", "aiou", "bgkm")]
    for built in (PROBLEMS, task(*short), task("forward", "turn", "turns", "row", sort="Row")):
        vocabulary = Vocabulary.of(built, ACTIONS)
        pairs = Disguise.of(vocabulary, seed).pairs
        true = {spelt for word in vocabulary.words for spelt in spellings(word)}
        aliases = {alias for word, alias in pairs.items() if word in true}
        assert all(pairs[pairs[word]] == word for word in pairs) and true.isdisjoint(aliases)
        assert len(pairs) == 2 * len(aliases)
        others = {word.lower() for word in (*vocabulary.spoken, *vocabulary.kept, *RESERVED)} | ORDINARY
        assert others.isdisjoint(alias.lower() for alias in aliases)
        assert all(re.fullmatch("[A-Za-z]{2,}", alias) for alias in aliases)


def test_an_alias_has_the_letters_and_the_case_of_its_word() -> None:
    pairs = DISGUISE.pairs
    for word in (
        "Matrix",
        "vector",
        "SCALAR",
        "conj",
        "fields",
        "reals",
        "complexes",
        "axis",
        "axes",
        "matrices",
        "GF",
    ):
        assert len(pairs[word]) == len(word)
    assert pairs["Matrix"] == pairs["matrix"].capitalize() and pairs["MATRIX"] == pairs["matrix"].upper()
    assert pairs["fields"] == pairs["field"] + "s" and pairs["matrices"] == pairs["matrix"] + "us"
    assert pairs["axes"] == pairs["axis"][:-1] + "s"
    assert pairs["GF"].isupper() and "gf" not in pairs


def test_a_seed_draws_a_disguise_and_none_draws_none() -> None:
    vocabulary = Vocabulary.of(PROBLEMS, ACTIONS)
    assert Disguise.of(vocabulary, 5).pairs == DISGUISE.pairs != Disguise.of(vocabulary, 6).pairs
    assert (
        Disguise.of(vocabulary, None).swap("Matrix") == Disguise.of(vocabulary, None).swap_answer("Matrix") == "Matrix"
    )


def test_names_of_the_task_trade_unless_an_answer_needs_them() -> None:
    pairs = disguise_of(task("state", "ab", "left_2", "mixedCase", "strike", "turn", sort="Claim")).pairs
    assert {"left_2", "mixedCase", "turn", "Turn", "turns", "Claim"} <= pairs.keys()
    assert {"state", "ab", "strike", "claim"}.isdisjoint(pairs)
    # `match` is an action, and `seen` stands in its terms
    assert {"match", "seen"}.isdisjoint(disguise_of(task("match", "seen", "turn")).pairs)


def test_what_a_task_declares_trades_too() -> None:
    built = task("turn", brief="An ox pulls; two oxen pull.", vocabulary=("oxen", "pull"))
    assert re.fullmatch(r"An ox \w+; two \w+ \w+\.", disguise_of(built).swap(built.brief))
    assert "pull" not in disguise_of(built).swap(built.brief)
    with pytest.raises(ValueError, match="should match pattern"):
        task("turn", vocabulary=("two words",)).model_validate(
            task("turn").model_dump() | {"vocabulary": ["two words"]}
        )


def test_an_alias_is_no_word_of_the_brief() -> None:
    first = disguise_of(task("turn")).pairs["turn"]
    assert disguise_of(task("turn", brief=f"Every {first.upper()} is good.")).pairs["turn"] != first


def test_relay_says_no_alias() -> None:
    """Words in relay's texts that look like aliases are listed in `ORDINARY`. `utf-8-sig` is never shown."""
    texts = [path.read_text(encoding="utf-8") for path in (HOME / "agents").rglob("*.md")]
    texts += [path.read_text(encoding="utf-8") for path in (HOME / "tasks").rglob("*.yaml")]
    for room in ("relay", "agents", "tasks"):
        for path in (HOME / room).rglob("*.py"):
            nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
            unsaid = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}  # docstrings
            constants = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in unsaid]
            texts += [node.value for node in constants if isinstance(node.value, str)]
    words = {word for text in texts for word in re.findall("[a-z]{2,}", text.lower())} - {"fib", "sig"}
    pair = f"(?:[{CONSONANTS}][{VOWELS}])"
    shape = re.compile(f"{pair}+[{LAST}]?|{pair}+[{CONSONANTS}]?u*s")
    assert {word for word in words if shape.fullmatch(word)} <= ORDINARY | {f"{word}s" for word in ORDINARY}


def test_the_notation_has_no_further_words_that_tell() -> None:
    plain = {
        "True", "False", "and", "or", "not", "implies", "if", "else", "for", "in", "range", "sum", "prod", "all", "any",
        "count", "max", "min", "first", "len", "define", "claim", "over", "where", "Nat", "Bool", "List", "Fn",
    }  # fmt: skip
    assert plain | {spelt for word in TELLING for spelt in spellings(word)} >= RESERVED


GLOSSARY = """
    abelian adjoint adjugate affine algebra algebraic annihilator antisymmetric associative automorphism axes axis
    basis bilinear characteristic coefficient cofactor commutative commutator complement complexes component conj
    conjugate conjugation coordinate determinant diagonal eigenvalue eigenvector endomorphism euclidean field frobenius
    galois gaussian gf gram group hermitian homomorphism hyperplane idempotent inverse invertible involution
    irreducible isometry isomorphism jordan kernel laplace leibniz linear matrix minors monoid multilinear nilpotent
    norm nullity nullspace orthogonal orthonormal parity permutation perpendicular pivot polynomial projection
    quadratic quaternion rational reals reflection ring rotation scalar semigroup sesquilinear skew spectrum sqrt
    subfield subgroup subset subspace symmetric symmetry tensor trace transpose transposed transposition triangular
    unimodular unitary vandermonde vector wronskian
"""
"""Words of algebra. Made without looking at relay's own list."""
UNTOLD = {
    "relay/researcher/vocabulary.py": set(),  # the list itself
    "relay/researcher/disguise.py": {"basis", "minors"},  # words that no alias may be
    "relay/researcher/bench/laws.py": {"conjugated", "symmetric", "transposed"},  # keys for programs
    "relay/checker/symbolic/determinants.py": {"adjugate"},  # names of symbols in a proof
    "relay/checker/symbolic/functions.py": {"adjugate", "determinant"},
    "relay/evaluation/algebra/__init__.py": {"algebra"},  # names of modules
    "relay/evaluation/algebra/extension_fields.py": {"irreducible"},  # of an assertion that can't fail
    "relay/scoring/mutation/corruptions.py": {"conjugation", "transposition"},  # damaged references
    "relay/scoring/theory.py": {"symmetry"},  # errors of a task's author
    "relay/notation/reference.py": {"kernel", "projections", "trace"},  # the page of the documentation
}
"""File -> words of algebra in its texts that no researcher reads."""


def test_every_word_of_algebra_that_relay_may_tell_is_renamed() -> None:
    algebra = set(GLOSSARY.split())
    telling = {spelt.lower() for word in TELLING for spelt in spellings(word)}
    told: dict[str, set[str]] = {}
    for room in ("notation", "evaluation", "checker", "researcher", "schemes", "scoring", "trial"):
        for path in sorted((HOME / "relay" / room).rglob("*.py")):
            told[path.relative_to(HOME).as_posix()] = _words(path)
    for path in sorted((HOME / "agents" / "llm").rglob("*.md")):
        told[path.relative_to(HOME).as_posix()] = set(re.findall("[a-z]+", path.read_text(encoding="utf-8").lower()))
    betraying = {name: {w for w in words if {w, w[:-1]} & algebra} - telling for name, words in told.items()}
    left = {name: words - UNTOLD.get(name, set()) for name, words in betraying.items()}
    assert {name: words for name, words in left.items() if words} == {}


def _words(path: Path) -> set[str]:
    """The words in the texts of a module, in lower case, without those of its docstrings."""
    nodes = [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    unsaid = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
    constants = [node.value for node in nodes if isinstance(node, ast.Constant) and id(node) not in unsaid]
    return {word for text in constants if isinstance(text, str) for word in re.findall("[a-z]+", text.lower())}


def test_the_engine_counts_what_is_read() -> None:
    disguised, plain = (
        TrialSetup.of(
            resolve_condition("alien", agent=thrifty(lambda request: "", disguise=seed)), task("mul", sort="Ox")
        )
        for seed in (5, None)
    )
    words = "GF " * 40
    assert (plain.count(words), plain.count_said(words)) == (40, 40)
    assert (disguised.count(words), disguised.count_said(words)) == (0, 0)
    assert disguised.count(disguised.disguise.swap(words)) == 40


def test_a_task_without_vocabulary_is_written_as_before(tmp_path: Path) -> None:
    plain, telling = task("turn"), task("turn", vocabulary=("oxen",))
    assert "vocabulary" not in plain.model_dump_json() and "vocabulary" in telling.model_dump_json()
    assert digest(plain) != digest(telling)
    assert Task.model_validate_json(plain.model_dump_json()) == plain
    assert Task.model_validate_json(telling.model_dump_json()) == telling


def test_a_task_file_has_a_vocabulary_for_each_brief() -> None:
    path = str(HOME / "tasks" / "linear_algebra.yaml")
    assert TaskFile(path=path, brief="blind").build(0).vocabulary == ()
    assert TaskFile(path=path, brief="problems").build(0).vocabulary == ("axis/axes",)


@pytest.mark.parametrize(
    ("text", "length", "shown"),
    [
        ("a Matrix", 8, "a Matrix"),
        ("a Matrix", 20, "a Matrix"),
        ("a Matrix[m, n]", 5, "a ..."),
        ("a Matrix[m, n]", 8, "a Matrix"),
        ("a Matrix[m, n]", 9, "a Matrix["),
        ("my_matrix2 is", 4, "...."),
        ("12345", 3, "123"),
    ],
)
def test_what_is_cut_shows_no_half_of_a_word(text: str, length: int, shown: str) -> None:
    assert excerpt(text, length) == shown

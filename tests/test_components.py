"""Components by name and by file, their notation, and the errors for wrong ones."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import relay.components as components
from relay.components import available, build, differing, resolve, told_agent
from relay.errors import UsageError
from relay.records.condition import Condition, digest
from relay.records.spec import ComponentSpec, read_options, read_spec
from relay.schemes.notes import Ledger
from relay.trial.trial import resume_trial
from tests.trial.helpers import condition, run
from tests.trial.toy import HERE


def test_spellings() -> None:
    text = "ledger(cap=2000, a=-1.5, b=true, c=none, d='two words', e=word, f=[1, [x, 2.0]], g=1e3)"
    wanted = {
        "cap": 2000,
        "a": -1.5,
        "b": True,
        "c": None,
        "d": "two words",
        "e": "word",
        "f": [1, ["x", 2.0]],
        "g": 1000.0,
    }
    assert read_spec(text) == ComponentSpec(name="ledger", parameters=wanted)
    assert read_spec("none") == read_spec({"name": "none"}) == read_spec({"none": None})
    assert read_spec({"ledger": {"cap": 7}}) == read_spec("ledger(cap=7)") == read_spec("ledger( cap = 7 , )")
    assert read_spec("dir/file.py:Name(x=1)").name == "dir/file.py:Name"
    inner = {"name": "mock/judge", "parameters": {"refuses_true": 0.5, "also": ["a", {"name": "b", "parameters": {}}]}}
    assert read_spec("judge(model=mock/judge(refuses_true=0.5, also=[a, b()]), turns=2)").parameters == {
        "model": inner,
        "turns": 2,
    }


@pytest.mark.parametrize(
    "text",
    ["", "(", "a(", "a(b", "a(b=", "a(b=1", "a(b=1))", "a(b=1) c", "a(b=1, b=2)", "a(1)", "a(b='x)", "=", "a" * 5_000,
     "a(b=" + "[" * 100 + "]" * 100 + ")", "a(b=[1)", "a,b",
     "a(b=" * 100 + "1" + ")" * 100, "a(b=c(1))", "a(b='c'(d=1))"],
)  # fmt: skip
def test_what_is_no_spelling(text: str) -> None:
    with pytest.raises(UsageError) as error:
        read_spec(text)
    assert "\n" not in str(error.value)


def test_options() -> None:
    pairs = ["a=1", "body.top_p=0.5", "body.extra.stop=['x=y', z]", " b = two words", "c='3'", "path=a/b.c=d"]
    wanted = {
        "a": 1,
        "body": {"top_p": 0.5, "extra": {"stop": ["x=y", "z"]}},
        "b": "two words",
        "c": "3",
        "path": "a/b.c=d",
    }
    assert read_options(pairs) == wanted


@pytest.mark.parametrize(
    "pairs",
    [["a"], ["=1"], ["a.=1"], [".a=1"], ["a..b=1"], ["a=1", "a=2"], ["a.b=1", "a.b=2"], ["a=1", "a.b=2"],
     ["a.b=1", "a=2"], ["a=[1"], ["a='x"]],
)  # fmt: skip
def test_what_is_no_option(pairs: list[str]) -> None:
    with pytest.raises(UsageError) as error:
        read_options(pairs)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("source", [3, None, {}, {"a": 1, "b": 2}, {"name": 3}, {"name": "a", "parameters": [1]}])
def test_what_is_no_yaml_spelling(source: object) -> None:
    with pytest.raises(UsageError):
        read_spec(source)  # type: ignore[arg-type]


values = st.recursive(
    st.one_of(st.integers(-(10**9), 10**9), st.booleans(), st.none(), st.text("abc_1-. ", max_size=8)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.text("abcdef", min_size=1), values, max_size=4))
def test_printing_a_spelling_and_reading_it(parameters: dict[str, object]) -> None:
    spec = ComponentSpec(name="name", parameters=parameters)
    assert read_spec(str(spec)) == spec


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(read_spec(text), ComponentSpec)


@pytest.mark.parametrize(
    ("group", "text", "match"),
    [
        (
            "relay.notes",
            "leger",
            r"named `leger` \(did you mean `ledger`\?\); available: (\w+, )*journal, ledger, ",
        ),
        (
            "relay.notes",
            "ledger(cup=3)",
            r"has no parameter `cup` \(did you mean `cap`\?\); it has: cap",
        ),
        (
            "relay.notes",
            "ledger(cap=x)",
            r"cap='x': input should be a valid integer.*write ledger\(cap=\.\.\.\)",
        ),
        ("relay.notes", "ledger(cap=3)", r"can't have cap=3: input should be greater than or equal to 100"),
        ("relay.notes", "journal(cap=3)", r"`journal` has no parameter `cap`; it has none"),
        ("relay.tasks", "nothing/here.py:X", r"names a file that does not exist: nothing/here\.py"),
        ("relay.tasks", f"{HERE}:Tay", r"has no `Tay` \(did you mean `Toy`\?\)"),
        ("relay.tasks", f"{HERE}:Wanderer", r"is an agent; expected a task \(a frozen .* with a method `build`\)"),
        ("relay.tasks", f"{HERE}:Path", r"is no task: expected a frozen .* with a method `build`"),
        ("relay.agents", f"{HERE}:Path", "is no agent: expected"),
        ("relay.agents", "process(comand='x')", r"has no parameter `comand` \(did you mean `command`\?\)"),
        ("relay.memory", "fresh(x=1)", r"memory scheme `fresh` has no parameter `x`"),
        ("relay.truth", "show", r"did you mean `shown`"),
        (
            "relay.handover",
            "shuffle",
            r"`shuffle` \(did you mean `shuffled`\?\); available: blank",
        ),
    ],
)
def test_mistakes_are_named_in_one_line(group: str, text: str, match: str) -> None:
    with pytest.raises(UsageError, match=match) as error:
        build(group, text)
    assert "\n" not in str(error.value)


MISTAKEN = """
from relay.schemes.handover import Charter, Kept
from relay.schemes.memory import MemoryScheme

class Rule(Charter):
    rule: str = "Be kind."
    most: int | bool = 3
    several: tuple[int, ...] = ()
    def kept(self, conduct):
        return Kept()

class Constructed(MemoryScheme):
    most: int = 3
    def __init__(self, **given):
        super().__init__(**given)
        self.most = 4
    def hand_on(self, remembered, room, count):
        return ()

class Early(Constructed):
    def __init__(self, most=3):
        self.most = most
"""


@pytest.mark.parametrize(
    ("group", "rest", "told"),
    [
        *(
            ("handover", f":Rule(when={when})", rf"can't have when={given}: expected first, every, or a number of gene"
             r"rations from 2; write \S+:Rule\(when=\.\.\.\)$")
            for when, given in (("evry", "'evry'"), ("0", "0"), ("[1]", r"\[1\]"))
        ),
        ("handover", ":Rule(most=x)", r"most='x': input should be a valid integer.*, or input should be a valid bool.*"
         r"Rule\(most=\.\.\.\)$"),
        ("handover", ":Rule(several=[1, x])", r"several\.1='x': input"),
        ("memory", ":Constructed", r"`__init__` \(\S+mine.py, line 14\); don't write `__init__`: declare fields$"),
        ("memory", ":Early", r"`__init__` \(\S+mine.py, line 21\); don't write `__init__`: declare fields$"),
        ("memory", ":Constructed(mst=4)", r"has no parameter `mst` \(did you mean `most`\?\)"),
        ("memory", "", r"class in it; give \S+mine.py:Constructed or \S+mine.py:Early or \S+mine.py:Rule$"),
        ("memory", ":Rull", r"has no `Rull` \(did you mean `Rule`\?\); it has: Constructed, Early, Rule$"),
        ("memory", ":Rule", r"is a hand-over step; expected a memory scheme \(a subclass of `MemoryScheme` with"),
        ("memory", "x.py", r"names a file and no class in it; the file does not exist; give path/to/file.py:Name$"),
    ],
)  # fmt: skip
def test_mistakes_in_a_file_of_ones_own(tmp_path: Path, group: str, rest: str, told: str) -> None:
    file = tmp_path / "mine.py"
    file.write_text(MISTAKEN, encoding="utf-8")
    with pytest.raises(UsageError, match=told):
        build(f"relay.{group}", f"{file}{rest}")


def test_a_module_beside_a_file_that_breaks_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("import beside\n", encoding="utf-8")
    (tmp_path / "beside.py").write_text("\n\nimport not_there_at_all\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"No module named 'not_there_at_all' \(\S+beside.py, line 3\)$"):
        build("relay.memory", f"{tmp_path / 'mine.py'}:Mine")


def test_a_file_that_breaks_is_named(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import nothing_of_the_kind\n")
    with pytest.raises(UsageError, match=r"bad\.py` can't be imported: ModuleNotFoundError"):
        build("relay.tasks", f"{tmp_path}/bad.py:Task")


def test_what_ships() -> None:
    assert {"journal", "ledger", "none"} <= set(available("relay.notes"))
    assert {"carryover", "fresh", "immortal", "summary", "window"} <= set(available("relay.memory"))
    assert available("relay.truth") == ("delayed", "hidden", "judge", "shown")
    assert {"explorer", "scripted"} <= set(available("relay.agents"))
    assert {"alien", "linear_algebra"} <= set(available("relay.tasks"))
    for group in ("relay.notes", "relay.memory", "relay.truth"):
        for name in available(group):
            needed = {"judge": "judge(model=mock/judge)"}
            assert build(group, needed.get(name, name)).__doc__


def test_resolving_writes_defaults_out() -> None:
    assert resolve("relay.notes", "ledger") == ComponentSpec(
        name="ledger", parameters={"cap": 2000, "laws": 0.25, "words": 0.125}
    )
    assert build("relay.notes", {"ledger": {"cap": 300}}) == Ledger(cap=300)


def test_what_differs_from_the_defaults() -> None:
    model = {"name": "mock", "parameters": {"name": "script", "lines": []}}
    asked = resolve("relay.agents", {"llm": {"model": model, "temperature": 0.5}})
    named = {"name": "mock", "parameters": {"name": "script"}}
    kept = {"model": named, "temperature": 0.5}
    assert differing("relay.agents", asked).parameters == kept and told_agent(asked).parameters == kept
    assert told_agent(asked).briefly() == "llm(model=mock/script, temperature=0.5)"
    assert str(ComponentSpec(name="llm", parameters={"model": named})) == "llm(model=mock/script)"
    plain = resolve("relay.agents", "explorer")
    assert differing("relay.agents", plain).parameters == {} and told_agent(plain) == plain


def test_what_is_not_installed_keeps_its_parameters(tmp_path: Path) -> None:
    """Nor is a file run to see its defaults."""
    (tmp_path / "agent.py").write_text("raise SystemExit\n")
    for name in ("gone", f"{tmp_path}/agent.py:Agent"):
        spec = ComponentSpec(name=name, parameters={"model": {"name": "gone", "parameters": {"name": "x", "n": 1}}})
        assert told_agent(spec) == spec
        assert told_agent(spec).briefly() == f"{name}(model=gone/x(n=1))"


def test_a_condition_survives_its_file() -> None:
    chosen = condition(notes="ledger(cap=300)", truth="hidden", width=2)
    again = Condition.from_yaml(chosen.to_yaml(), "here")
    assert again == chosen and digest(again) == digest(chosen)
    assert again.to_yaml() == chosen.to_yaml()


@pytest.mark.parametrize(("field", "value"), [("generations", 0), ("width", 0)])
def test_a_condition_refuses_what_makes_no_sense(field: str, value: int) -> None:
    with pytest.raises(UsageError, match=f"{field}=0"):
        condition(**{field: value})


def installed(folder: Path, version: str) -> None:
    """Install a distribution with a note scheme in a folder."""
    (folder / "mine_notes.py").write_text("from relay.schemes.notes.journal import Journal as Mine\n")
    told = folder / "mine_notes-1.dist-info"
    told.mkdir(exist_ok=True)
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: mine-notes\nVersion: {version}\n")
    (told / "entry_points.txt").write_text("[relay.notes]\nmine = mine_notes:Mine\n")


def test_an_installed_component_is_named_with_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    for kept in (components._entries, components._installed):
        request.addfinalizer(kept.cache_clear)
    (tmp_path / "site").mkdir()
    installed(tmp_path / "site", "1.2")
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    components._installed.cache_clear()
    components._entries.cache_clear()
    chosen = condition(notes="mine")
    assert chosen.versions.keys() == {"checker", "mine-notes", "relay"} and chosen.versions["mine-notes"] == "1.2"
    run(tmp_path / "a", chosen)
    installed(tmp_path / "site", "1.3")
    with pytest.raises(
        UsageError, match=r"the version of mine-notes \(1\.2 before, 1\.3 now\); install .*--other-version"
    ):
        asyncio.run(resume_trial(tmp_path / "a", trust=True))
    asyncio.run(resume_trial(tmp_path / "a", trust=True, other_version=True))

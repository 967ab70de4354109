"""The state of the elaboration of one statement, and the checks of names and types that all rules share."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from relay.errors import NotationError
from relay.notation.complaints import FOREIGN
from relay.notation.inference import Draft, Hole, Open, find, is_numeric, no_function, open_sizes, resolve, show, unify
from relay.notation.raw import Raw
from relay.notation.scope import RESERVED, SEEN, Scope, Signature, given_signatures
from relay.notation.sizes import SIZE_NODES
from relay.notation.syntax import BOOL, NAT, FnType, ScalarType, Term, Type

__all__ = ["Context", "Environment", "Rule"]

Environment = Mapping[str, Open]
"""The types of the parameters, sizes and generator variables around a term."""


class Context:
    """One statement being read: its scope, its class of models, its calls so far, and the rules for its terms."""

    def __init__(self, scope: Scope, rules: Mapping[str, Rule]) -> None:
        self.scope = scope
        self.scalars = scope.given.scalars
        self.sorts = frozenset(sort.name for sort in scope.given.sorts)
        self.called: dict[str, str] = {}
        """Spelling -> key of the definitions called so far."""
        self.ordered = False
        """Whether scalars may be compared by `<`. True in claims over the reals. True in every definition too, because
        it may be meant for such claims."""
        self.over = "fields"
        """The class of models of the claim being read."""
        self.itself: Signature | None = None
        """The signature of the definition being read, without parameters until its header is known. None in claims."""
        self._given = given_signatures(scope.given)
        self._rules = rules

    def infer(self, raw: Raw, env: Environment) -> Draft:
        """The draft of a term, by the rule for its kind of node."""
        return self._rules[raw.kind](self, raw, env)

    # --- names ---

    def signature(self, name: str) -> Signature | None:
        """The signature of what `name` calls; None if it can't be called. Inside a definition, its own name means the
        definition itself."""
        if self.itself is not None and name == self.itself.name:
            return self.itself
        if name in self._given:
            return self._given[name]
        definition = self.scope.definitions.get(name)
        if definition is None:
            return None
        parameters, sizes = definition.parameters, definition.sizes
        return Signature.of(name, definition.key, parameters, sizes, definition.result)

    def is_given(self, name: str) -> bool:
        """Whether the task gives an operation of this name."""
        return name in self._given

    def is_callable(self, name: str) -> bool:
        """Whether the name can be called."""
        itself = self.itself is not None and name == self.itself.name
        return itself or name in self._given or name in self.scope.definitions

    def hides(self, name: str) -> bool:
        """Whether a parameter of this name hides a definition. Nothing hides an operation of the task, nor the
        definition that is being read."""
        itself = self.itself is not None and name == self.itself.name
        return name in self.scope.definitions and not itself and name not in self._given

    def check_new(self, name: str, env: Environment, at: Raw | None, what: str, *, parameter: bool = False) -> None:
        """Raise unless `name` may be bound here. `what` describes the new name, as in "the variable". A `parameter` may
        hide a definition."""
        if name in env:
            problem = f"`{name}` already stands for something here"
        elif self.is_callable(name) and not (parameter and self.hides(name)):
            problem = f"`{name}` is the name of something that can be called here"
        elif name in self.sorts:
            problem = f"`{name}` is a type of this task"
        elif name in RESERVED:
            problem = f"`{name}` is a word of the notation"
        else:
            return
        error = f"{problem}; choose another name for {what}"
        raise at.error(error) if at is not None else NotationError(error)

    def unknown(self, raw: Raw, name: str, env: Environment, *, called: bool) -> NotationError:
        """The error for a name that means nothing here. Suggestions come from names in scope only.

        If `called`, the name stood before an opening bracket, so only names that can be called are suggested.
        """
        shown = name if len(name) <= 40 else name[:40] + "..."
        if name == SEEN:
            return raw.error(_misplaced(self.scope))
        if name in FOREIGN:
            return raw.error(f"`{name}` is not a word of the notation: {FOREIGN[name]}")
        own = [self.itself.name] if self.itself is not None else []
        callables = [*own, *self._given, *self.scope.definitions]
        known = sorted({*callables, *(() if called else env)})
        # difflib takes quadratic time, so a very long name gets no suggestions.
        close = get_close_matches(name, known, n=3) if len(name) <= 40 else []
        mend = "did you mean " + " or ".join(f"`{word}`" for word in close) + "?" if close else ""
        if called:
            mend = mend or "define it first"
            return raw.error(f"nothing that can be called here has the name `{shown}`; {mend}")
        mend = mend or "it is no parameter, size name or generator variable around this place"
        return raw.error(f"unknown name `{shown}`; {mend}")

    # --- types ---

    def expect(self, draft: Draft, expected: Open, place: str) -> None:
        """Raise unless the draft can have the expected type. `place` names it in the message, as in "an index"."""
        if unify(draft.type, expected):
            return
        if not isinstance(find(expected), FnType):
            # No function can stand here, so the likely mistake is forgotten arguments.
            no_function(draft)
        mend = _mend(draft, expected)
        raise draft.raw.error(f"{place} must be {show(expected)}, found {show(draft.type)}{mend}")

    def settle(self, type: Open, raw: Raw) -> Type:
        """The type with what was found in place of its holes and open sizes. Raises if nothing in the statement decides
        one of them."""
        settled = resolve(type)
        if settled is not None:
            return settled
        if is_numeric(type):
            raise raw.error(
                "nothing decides whether the numerals here are Nat or Scalar; write one of them as `scalar(2)`, as in "
                "`scalar(2) != 0`, or compare with a term whose type is known"
            )
        names = sorted(size.name for size in open_sizes(type))
        if names:
            raise raw.error(
                f"nothing decides the size `{names[0]}` of this function, {show(type)}: a function takes the sizes "
                "that its arguments leave open from the place where it stands"
            )
        raise raw.error(
            "nothing decides the type of the items here: `[]` takes its type from the other operand or from the place "
            "where it stands"
        )

    def size(self, raw: Raw, env: Environment) -> Term:
        """Elaborate a term that stands in a type as a size."""
        draft = self.infer(raw, env)
        self.expect(draft, NAT, "a size")
        return self.as_size(draft)

    def as_size(self, draft: Draft) -> Term:
        """The term of a draft that becomes a size in a type. Raises if it has more than `SIZE_NODES` nodes."""
        if draft.nodes > SIZE_NODES:
            raise draft.raw.error(f"a size may have {SIZE_NODES} term nodes at most; name parts of it with definitions")
        return draft.term()

    def numeral_type(self) -> Open:
        """The type of a new numeral: open, or Nat in a task without scalars."""
        return Hole(numeric=True) if self.scalars else NAT


Rule = Callable[[Context, Raw, Environment], Draft]
"""Elaborates one kind of node into a draft."""


def _misplaced(scope: Scope) -> str:
    """The error for the name `seen` where it can't stand."""
    if scope.seen is None:
        return (
            f"`{SEEN}` stands in the terms of `evaluate` and `match` only; a statement says by a term of its own what "
            "a phenomenon shows"
        )
    if not scope.seen:
        return f"there is no phenomenon that `{SEEN}` could look up"
    return f"`{SEEN}` is called with the number of a phenomenon first, as in `{SEEN}({min(scope.seen)}, ...)`"


def _mend(draft: Draft, expected: Open) -> str:
    """What to write instead of a term of the wrong type, to append to a message; "" if there is no common fix."""
    expected, found = find(expected), find(draft.type)
    if expected == NAT and isinstance(found, ScalarType):
        if draft.raw.kind == "minus":
            return "; a Nat is never negative: count from the front, as in `L[len(L) - 1]`, or subtract, as in `b - a`"
        return "; there is no way from a Scalar to a Nat"
    if isinstance(expected, ScalarType) and found == NAT:
        return f"; write `scalar({draft.raw.text})`" if draft.raw.kind == "name" else "; write `scalar(...)` around it"
    if expected == BOOL and is_numeric(found):
        return "; write a comparison, as in `k != 0`"
    if is_numeric(expected) and found == BOOL:
        return "; write `1 if b else 0`, or count with `count(...)`"
    if isinstance(found, Hole) and found.numeric and not is_numeric(expected):
        return "; numerals are Nat or Scalar"
    return ""

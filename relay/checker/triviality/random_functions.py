"""Replaces all functions that a claim calls by random ones, to test whether the claim says anything about them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from relay.evaluation.evaluator import Evaluator
from relay.evaluation.frame import Frame, Slot, value_over
from relay.evaluation.function_families import Hashed
from relay.evaluation.hashing import hashed_value, mix_value, number
from relay.evaluation.lanes import Lanes
from relay.evaluation.size_binding import bind
from relay.evaluation.type_sizes import size_of
from relay.evaluation.values import FunctionValue, Value
from relay.notation.syntax import Definition, FnType, Type
from relay.notation.traversal import type_terms


@dataclass(frozen=True, slots=True)
class RandomFunctions:
    """An oracle for the evaluator: the value of a call is a hash of `seed`, the callee's key and the arguments.

    This also holds if the callee is passed on as a function. So equal calls have equal values."""

    seed: int

    def answer(
        self,
        machine: Evaluator,
        key: str,
        definition: Definition | None,
        slots: list[Slot],
        result: Type,
        depth: int,
        lanes: Lanes,
    ) -> Value:
        """Returns the value of a call. In lanes in which the sizes of the arguments do not fit, it is undefined."""
        mixed = np.full(lanes.count, number(f"{self.seed}:{key}"), dtype=np.uint64)
        for slot in slots:
            mixed = mix_value(mixed, value_over(slot, lanes), lanes.count, machine.model)
        inner = Frame({}, definition, depth)
        if definition is not None:  # the sizes of the result may depend on the arguments
            inner.names.update({p.name: slot for p, slot in zip(definition.parameters, slots, strict=True)})
            bind(machine, definition, inner, lanes)
        # the length of a list depends on the callee alone, so it is the same in all lanes
        length = 1 + number(f"{self.seed}:{key}:length") % 3
        if isinstance(result, FnType):
            sizes = tuple(size_of(machine, size, inner, lanes) for size in type_terms(result))
            everyone = np.arange(lanes.count)
            return FunctionValue(np.zeros(lanes.count, dtype=np.int64), everyone, (Hashed(mixed, length),), sizes)
        return hashed_value(result, mixed, lambda size: size_of(machine, size, inner, lanes), machine.model, length)

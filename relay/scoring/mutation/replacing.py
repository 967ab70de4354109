"""Replaces a definition that a claim rests on, so that the claim speaks of another definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from relay.notation.canonical import canonical_claim, canonical_definition, content_key
from relay.notation.dependencies import closure
from relay.notation.rewriting import with_keys
from relay.notation.syntax import Claim, Definition


def replaced(
    claim: Claim, key: str, by: Definition, definitions: Mapping[str, Definition]
) -> tuple[Claim, dict[str, Definition]]:
    """`claim` with `by` in place of the definition with key `key`, and the definitions that the new claim rests on.

    The definition is replaced in other definitions, too. All changed statements get new keys, so the new claim can be
    judged, and its verdict remembered, like any other.
    """
    keys = {key: by.key}
    known = dict(closure([below for _, below in by.rests_on], definitions))
    known[by.key] = by
    # `closure` lists a definition after those it rests on, so their new keys are known when they are needed.
    for old, definition in closure((below for _, below in claim.rests_on), definitions).items():
        if old == key:
            continue
        changed = definition
        if any(below in keys for _, below in definition.rests_on):
            changed = _rekeyed(definition, keys)
            keys[old] = changed.key
        known[changed.key] = changed
    body = with_keys(claim.body, keys)
    hypothesis = None if claim.hypothesis is None else with_keys(claim.hypothesis, keys)
    canonical = canonical_claim(claim.over, claim.parameters, claim.sizes, hypothesis, body)
    rests_on = tuple((name, keys.get(below, below)) for name, below in claim.rests_on)
    stated = replace(claim, body=body, hypothesis=hypothesis, rests_on=rests_on, key=content_key(canonical))
    return stated, closure((below for _, below in rests_on), known)


def _rekeyed(definition: Definition, keys: Mapping[str, str]) -> Definition:
    body = with_keys(definition.body, keys)
    canonical = canonical_definition(definition.parameters, definition.sizes, definition.result, body)
    rests_on = tuple((name, keys.get(below, below)) for name, below in definition.rests_on)
    return replace(definition, body=body, rests_on=rests_on, key=content_key(canonical))

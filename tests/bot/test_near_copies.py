"""Which messages are one line of the inbox because they mean the same."""

from __future__ import annotations

import numpy as np

from bot.assistant.nlu.minilm import SENTENCE, Floats
from bot.folding import folded
from bot.near_copies import Meanings
from bot.reviewing import group_of
from bot.store.reviews import Review

# How far along an arc of meaning each message lies, in radians: the cosine is 0.93 at 0.376.
PLACES = {"where is it": 0.0, "where has it gone": 0.3, "not where it is": 0.1, "cancel": 1.0}


def embed(text: str) -> Floats:
    vector = np.zeros(SENTENCE, np.float32)
    vector[:2] = np.cos(PLACES[text]), np.sin(PLACES[text])
    return vector


def made(text: str, *, weight: float = 1.0) -> tuple[Review, str]:
    own = group_of(text)
    return Review("t", "c", "p", 1, own, weight, True, False, False, None, None), text


def test_near_copies_join_what_waits_and_each_other() -> None:
    waiting = embed(folded("where is it")).astype(np.float16).tobytes()
    meanings = Meanings({group_of("where is it"): waiting})
    near, far = meanings.join([made("where has it gone"), made("Cancel!")], embed)
    assert near.group_id == group_of("where is it")
    assert far.group_id == group_of("cancel")
    assert set(meanings.fresh) == {group_of("cancel")}


def test_a_denial_and_what_is_not_doubted_stay_by_themselves() -> None:
    meanings = Meanings({})
    first, denial, certain = meanings.join(
        [made("where is it"), made("not where it is"), made("where has it gone", weight=0)], embed
    )
    groups = [first.group_id, denial.group_id, certain.group_id]
    assert groups == [
        group_of(one) for one in ("where is it", "not where it is", "where has it gone")
    ]
    assert set(meanings.fresh) == {group_of("where is it")}

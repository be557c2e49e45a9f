"""Messages that say the same in other words are one line of the inbox: one label answers for all.

Pure, but for the encoder, which computes: call it from a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bot.assistant.nlu.minilm import SENTENCE, Floats
from bot.folding import folded
from bot.store.reviews import Review

ALIKE = 0.93  # the cosine from which two messages get the same label
# "I don't want to cancel" is as near to "I want to cancel" as a near-copy is.
_DENYING = frozenset({"no", "not", "never", "nothing", "without", "cannot", "t"})
MOST_COMPARED = 2_000  # groups, the newest: 4.6 MB are read for a message with new words


@dataclass(slots=True)
class Meanings:
    """What waiting groups mean, by their ids; `fresh` are those that came with these messages."""

    known: dict[str, bytes]
    fresh: dict[str, bytes] = field(default_factory=dict)

    def join(
        self, made: Sequence[tuple[Review, str | None]], embed: Callable[[str], Floats]
    ) -> list[Review]:
        """Each review in the group of its words, or in the one that means the same; without a text
        it stays where it is."""
        ids = list(self.known)
        rows = [_vector(self.known[one]) for one in ids]
        vectors = np.stack(rows) if rows else np.zeros((0, SENTENCE), np.float32)
        told: dict[str, str] = {one: one for one in ids}
        joined = []
        for review, text in made:
            own = review.group_id
            if review.weight and text is not None and own not in told and not _denies(text):
                vector = embed(folded(text))
                alike = vectors @ vector
                best = int(alike.argmax()) if len(ids) else -1
                if best >= 0 and alike[best] >= ALIKE:
                    told[own] = ids[best]
                else:
                    told[own] = own
                    self.fresh[own] = vector.astype(np.float16).tobytes()
                    ids.append(own)
                    vectors = np.vstack([vectors, vector])
            joined.append(replace(review, group_id=told.get(own, own)))
        return joined


def _denies(text: str) -> bool:
    return not _DENYING.isdisjoint(folded(text).split())


def _vector(meaning: bytes) -> Floats:
    return np.frombuffer(meaning, np.float16).astype(np.float32)

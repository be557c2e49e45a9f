"""The passage of the shop's articles that answers a message best, and what is remembered of it."""

from __future__ import annotations

from functools import lru_cache

from bot.assistant.nlu.embedding import shared_embedder
from bot.knowledge.search import Hit, Index


@lru_cache(maxsize=500)
def best_passage(index: Index, text: str) -> Hit:
    """Searched once for two models that hold the same articles and are asked the same."""
    return index.find(text, shared_embedder().embed(text), 1)[0]


def forget_questions() -> None:
    """What was asked stays in memory no longer."""
    best_passage.cache_clear()

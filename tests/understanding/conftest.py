"""The sentence encoder, loaded once."""

from __future__ import annotations

import pytest

from bot.assistant.nlu.embedding import SentenceEmbedder


@pytest.fixture(scope="session")
def embedder() -> SentenceEmbedder:
    """The real encoder, with the user's own cache."""
    return SentenceEmbedder()

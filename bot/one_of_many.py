"""Rounds over many conversations: what fails for one of them is logged, and the others have their
turn."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

log = logging.getLogger(__name__)


@contextmanager
def one_of_many(problem: str, conversation_id: str) -> Iterator[None]:
    """Log what is raised within, and go on: the next round finds what was not done."""
    try:
        yield
    except Exception as error:
        log.error("%s conversation_id=%s error=%s", problem, conversation_id, type(error).__name__)

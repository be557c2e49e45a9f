"""Conflicts among training examples, found in a process that bot.learning.conflict_search starts.

It is given the data folder and writes one line of JSON: what was found, or which file is broken.
"""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.assistant.nlu.embedding import SentenceEmbedder
from bot.errors import SetupError
from bot.learning.clustering import STAND_BACK
from bot.learning.conflicts import find_copies, find_leaks, find_nearer
from bot.learning.training_examples import read_training_examples

MOST_SHOWN = 300  # examples nearer to another intent, the worst of them


def read_conflicts(data: Path) -> dict[str, Any]:
    """Everything that is found in a project's data folder. Raises SetupError for a broken file."""
    examples = read_training_examples(data)
    nearer = find_nearer(examples, SentenceEmbedder().embed_all([one.text for one in examples]))
    return {
        "counts": Counter(example.intent for example in examples),
        "nearer_count": len(nearer),
        "nearer": [asdict(one) for one in nearer[:MOST_SHOWN]],
        "copies": [[asdict(one) for one in group] for group in find_copies(examples)],
        "leaks": [asdict(leak) for leak in find_leaks(nearer)],
    }


def main() -> None:
    os.nice(STAND_BACK)
    data = Path(json.load(sys.stdin)["data"])
    said: dict[str, Any]
    try:
        said = {"found": read_conflicts(data)}
    except SetupError as error:
        where = Path(error.where).relative_to(data)
        said = {"problem": f"data/{where} {error.problem}. {error.cure}"}
    print(json.dumps(said))


if __name__ == "__main__":
    main()

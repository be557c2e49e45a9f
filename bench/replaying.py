"""How many logged turns a second one core replays: each text read by two models.

The texts are the test messages of this repository, all different: the worst case, since a text
that comes again costs nothing. CPU time is measured, not the clock, so that other work on the
machine does not count.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path

from rich.console import Console

from bot.assistant.model import newest_model
from bot.assistant.nlu.embedding import shared_embedder
from bot.learning.logged import LoggedTurn
from bot.learning.reader import Reader, replay_with
from bot.rules_file import load_rules

ROOT = Path(__file__).parents[1]
FILES = ("held_out.csv", "development.csv", "requests_development.csv")
A_CONVERSATION = 4  # turns
FIRST = 20  # pay for what is set up once


def log_of(most: int) -> list[LoggedTurn]:
    """Conversations of the test messages, all of which the bot answered."""
    texts: dict[str, None] = {}
    for name in FILES:
        with (ROOT / "tests" / "understanding" / name).open(encoding="utf-8", newline="") as file:
            texts |= dict.fromkeys(row["text"] for row in csv.DictReader(file))
    return [
        LoggedTurn(
            id=f"{place:06}",
            conversation_id=f"{place // A_CONVERSATION:06}",
            channel="web",
            text=text,
            intent=None,
            outcome="answered",
            reason=None,
            actions=(),
            pressed=False,
        )
        for place, text in enumerate(list(texts)[:most])
    ]


def measure(model: Path, against: Path, turns: list[LoggedTurn]) -> dict[str, float]:
    """Turns a second of CPU, and the share of it that the encoder takes."""
    old, new = Reader(against), Reader(model)
    rules = load_rules(ROOT / "handoff.yml")
    encoder = shared_embedder()
    timed = turns[FIRST:]
    with encoder.remembering():
        replay_with(turns[:FIRST], old, new, rules)
        started = time.process_time()
        for turn in timed:
            encoder.embed(turn.text)
        embedding = time.process_time() - started
        started = time.process_time()
        replay_with(timed, old, new, rules)
        reading = time.process_time() - started
    return {
        "turns": len(timed),
        "turns_a_second": round(len(timed) / (embedding + reading), 1),
        "encoder_ms_a_turn": round(1e3 * embedding / len(timed), 2),
        "rest_ms_a_turn": round(1e3 * reading / len(timed), 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.replaying", description=__doc__)
    parser.add_argument("model", type=Path, nargs="?", help="default: the newest in models/")
    parser.add_argument("--against", type=Path, help="default: the same")
    parser.add_argument("--turns", type=int, default=1_000)
    parser.add_argument("--json", type=Path, metavar="OUT")
    wanted = parser.parse_args()
    model = wanted.model or newest_model(ROOT / "models")
    if model is None:
        sys.exit("There is no model in models/: run `warmline train` first.")
    figures = measure(model, wanted.against or model, log_of(wanted.turns + FIRST))
    Console().print(figures)
    if wanted.json is not None:
        wanted.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

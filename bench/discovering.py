"""How well and how fast clusters are found: 10,000 messages, with intents that the bot lacks.

Some of the shop's intents are taken out of its training data, and their examples become messages
that the bot did not understand, among as many that belong to nothing: out of scope, or known and
badly read. Typing errors make of each as many different messages as it takes.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections import Counter
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.assistant.reply import OUT_OF_SCOPE
from bot.learning.clustering import Found, discover
from bot.learning.training_examples import TrainingExample, read_training_examples

ROOT = Path(__file__).parents[1]
MESSAGES = 10_000
TAKEN_OUT = 6
NOISE = 600
# Said within other requests, they are no request of their own.
NO_REQUEST = frozenset({OUT_OF_SCOPE, "affirm", "deny", "inform", "thank"})


def mistyped(text: str, dice: random.Random) -> str:
    """The text with a letter lost, doubled or exchanged with the next."""
    at = dice.randrange(max(len(text) - 1, 1))
    return dice.choice(
        (
            text[:at] + text[at + 1 :],
            text[:at] + text[at : at + 1] + text[at:],
            text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :],
        )
    )


def mixed(
    examples: list[TrainingExample], count: int, dice: random.Random
) -> tuple[list[TrainingExample], list[TrainingExample], set[str]]:
    """What customers said, with what the bot still knows, and the intents it lacks."""
    lacking = set(dice.sample(sorted({one.intent for one in examples} - NO_REQUEST), TAKEN_OUT))
    said = [one for one in examples if one.intent in lacking]
    foreign = [one for one in examples if one.intent == OUT_OF_SCOPE]
    others = [one for one in examples if one.intent not in lacking and one.intent != OUT_OF_SCOPE]
    said += [*dice.sample(foreign, NOISE // 2), *dice.sample(others, NOISE // 2)]
    unsaid = set(said)
    known = [one for one in examples if one.intent not in lacking and one not in unsaid]
    again = [
        TrainingExample(mistyped(one.text, dice), one.intent, one.file, one.line)
        for one in dice.choices(said, k=max(count - len(said), 0))
    ]
    messages = [*said, *again][:count]
    dice.shuffle(messages)
    return messages, known, lacking


def judged(
    found: list[Found], messages: list[TrainingExample], lacking: set[str]
) -> tuple[float, float, float]:
    """The share of clustered messages that are of their cluster's main intent; and of those of
    lacking intents, the share in a cluster of their own, and the mean number of such clusters."""
    clustered = pure = hit = 0
    parts: Counter[str] = Counter()
    for one in found:
        inside = Counter(messages[place].intent for copies in one.copies for place in copies)
        intent, most = inside.most_common(1)[0]
        clustered += sum(inside.values())
        pure += most
        if intent in lacking:
            hit += most
            parts[intent] += 1
    wanted = sum(message.intent in lacking for message in messages)
    return pure / max(clustered, 1), hit / wanted, sum(parts.values()) / max(len(parts), 1)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.discovering", description=__doc__)
    parser.add_argument("--messages", type=int, default=MESSAGES)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    console = Console(highlight=False)
    examples = read_training_examples(ROOT / "data")
    messages, known, lacking = mixed(examples, wanted.messages, random.Random(wanted.seed))  # noqa: S311
    with Progress(console=console, transient=True) as shown:
        task = shown.add_task("clustering", total=1.0)
        began = time.perf_counter()
        found = discover(
            [message.text for message in messages],
            known,
            [],
            lambda share: shown.update(task, completed=share),
        )
        seconds = time.perf_counter() - began
    purity, hit, parts = judged(found, messages, lacking)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(
        f"{len(messages):,} messages: {seconds:.1f} s, {memory:.0f} MB, {len(found)} clusters\n"
        f"purity {purity:.0%}; of {len(lacking)} intents that the bot lacks {hit:.0%} of the "
        f"messages are in clusters of their own, {parts:.1f} clusters an intent"
    )


if __name__ == "__main__":
    main()

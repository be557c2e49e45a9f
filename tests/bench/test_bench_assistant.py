"""The two bots in process: what they are told, and a tiny load on a real one."""

from __future__ import annotations

from pathlib import Path

import pytest
from rich.console import Console

from bench.assistant import Effort, growth, memory, speed
from bench.bots import KINDS, Answers, running
from bench.programs import ServerFailed
from bench.talk import NONSENSE, STEPS, Talk, WrongAnswer


def test_conversations_are_new_and_of_one_length() -> None:
    talk = Talk("warmline")
    messages = talk.conversations(7, 3) + talk.conversations(2, 1)
    names = [name for name, _ in messages]
    assert [names.count(name) for name in dict.fromkeys(names)] == [3, 3, 1, 1, 1]
    said = [step.says for step in STEPS["warmline"]]
    assert [text for _, text in messages] == [*said, *said[:3], *said[:2]]


def test_a_long_conversation_is_misunderstood_now_and_then() -> None:
    messages = Talk("stock").long(12)
    assert len({name for name, _ in messages}) == 1
    assert [place for place, (_, text) in enumerate(messages) if text == NONSENSE] == [3, 7, 11]


def answers(*texts: str) -> Answers:
    return Answers(list(texts), [1.0] * len(texts), 0.5, 0.25, {"parse": 0.1, "rules": 0.3})


def test_a_wrong_answer_ends_the_measurement() -> None:
    talk = Talk("stock")
    talk.check(answers("Hey! How are you?", "Great, carry on!"))
    with pytest.raises(WrongAnswer, match="I am feeling very good"):
        talk.check(answers("Hey! How are you?", "Bye"))


def test_steps_come_with_what_none_of_them_took() -> None:
    steps = answers("a", "b").by_step()
    assert [name for name, _ in steps] == ["rules", "parse", "the rest"]
    assert [round(milliseconds) for _, milliseconds in steps] == [150, 50, 50]


def test_a_tiny_load(model: Path, tmp_path: Path) -> None:
    """Both places are taken by our own bot: the stock one takes minutes to train."""
    effort = Effort(rounds=1, messages=8, growth_rounds=1, long_conversations=1, positions=(5, 9))
    with running("warmline", model, tmp_path / "log") as bot:
        assert bot.first_answer_seconds("hello") > 0
        assert bot.rss_mib() > 50
        bots, talks = dict.fromkeys(KINDS, bot), dict.fromkeys(KINDS, Talk("warmline"))
        quiet = Console(quiet=True)
        figures = [
            *speed(bots, talks, effort, quiet),
            *memory(bots),
            *growth(bots, talks, effort, quiet),
        ]
        watched = bot.say([("watched", "hello")], watch=True)
    assert all(min(figure.ours) > 0 and min(figure.theirs) > 0 for figure in figures)
    names = [figure.name for figure in figures]
    assert names[0] == "new conversations"
    assert names[-3:] == [
        "message 5 of a conversation",
        "message 9 of a conversation",
        "message 9 / message 5",
    ]
    assert "tracker.restore" in watched.spent
    assert any("RulePolicy" in step for step in watched.spent)


def test_a_bot_that_does_not_start_says_why(tmp_path: Path) -> None:
    starting = running("warmline", tmp_path / "none.tar.gz", tmp_path / "log")
    with starting as bot, pytest.raises(ServerFailed, match=r"none\.tar\.gz"):
        bot.first_answer_seconds("hello")

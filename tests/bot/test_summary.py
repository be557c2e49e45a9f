"""Three sentences of the customer's that say most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.assistant.nlu.embedding import meanings_of
from bot.assistant.nlu.minilm import Floats
from bot.clock import now
from bot.records import Author, Message
from bot.summary import MOST_SENTENCES, summary_of

LINE = Message(
    id="",
    conversation_id="v",
    customer_id="c",
    seq=0,
    turn_id=None,
    author="customer",
    agent_id=None,
    author_name=None,
    text="",
    payload=None,
    buttons=[],
    channel="web",
    external_id=None,
    in_reply_to=None,
    private=False,
    data={},
    created_at=now(),
)


def said(*lines: str | tuple[Author, str]) -> list[Message]:
    """A transcript whose messages are called m1, m2 and so on."""
    made = []
    for seq, line in enumerate(lines, start=1):
        author, text = line if isinstance(line, tuple) else ("customer", line)
        made.append(replace(LINE, id=f"m{seq}", seq=seq, author=author, text=text))
    return made


def test_the_wish_what_weighs_and_the_newest_are_chosen_in_their_order() -> None:
    transcript = said(
        "Hello there. I want to send my tent back, the zip is broken.",
        ("bot", "Which order is it? I can help with returns and refunds of 30 days."),
        "it is 10432",
        "This is the third time I ask and nobody answers, I am fed up!",
        "I was promised £84.50 back in May.",
        "I have pictures of the broken zip if you need them.",
    )
    lines = summary_of(transcript, wish="m1", talk=(), embed=meanings_of)
    assert [(one.message_id, one.why) for one in lines] == [
        ("m1", "wish"),
        ("m4", "weight"),
        ("m6", "newest"),
    ]
    assert lines[0].text == "I want to send my tent back, the zip is broken."


def test_the_same_in_other_words_is_not_shown_twice() -> None:
    transcript = said(
        "where is my parcel?",
        "I'd really like to know where my parcel is",
        "so where is my parcel now?",
    )
    lines = summary_of(transcript, wish="m1", talk=(), embed=meanings_of)
    assert [one.message_id for one in lines] == ["m1"]


def test_talk_that_says_nothing_of_the_wish_is_left_out() -> None:
    transcript = said("good morning to you", "I need to talk to somebody")
    assert summary_of(transcript, wish=None, talk={"m1", "m2"}, embed=meanings_of) == []
    upset = said("where is my order?", "This is ridiculous, third time! Get me a human please")
    lines = summary_of(upset, wish="m1", talk={"m2"}, embed=meanings_of)
    assert [one.text for one in lines] == ["where is my order?", "This is ridiculous, third time!"]
    assert summary_of(said("10432"), wish="m1", talk=(), embed=meanings_of) == []


def test_of_very_much_only_the_newest_and_the_wish_are_read() -> None:
    read: list[int] = []

    def counted(texts: Sequence[str]) -> Floats:
        read.append(len(texts))
        return meanings_of(texts)

    lines = ["I want my money back please.", *(f"still about thing {n}." for n in range(200))]
    found = summary_of(said(*lines), wish="m1", talk=(), embed=counted)
    assert found[0].message_id == "m1"
    assert read == [MOST_SENTENCES + 1]

"""Which queue a hand-off goes into."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.priority import greater
from bot.rules_file import check_channels, check_names, current_rules, load_rules

FILE = """
queues:
  support: {name: Support}
  money: {name: Payments, skills: [refunds]}
  german: {name: Deutsch}
routing:
  - {queue: german, languages: [de]}
  - {queue: money, intents: [get_refund], channels: [web]}
  - {queue: german, channels: [sms]}
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "handoff.yml"
    path.write_text(FILE)
    return path


def test_a_tier_may_say_the_queue_and_the_head_start(tmp_path: Path) -> None:
    file = tmp_path / "handoff.yml"
    file.write_text(
        "queues: {support: {name: Support}, care: {name: Care}}\n"
        "routing: [{queue: care, tiers: [Gold]}]\n"
        "priority: {tiers: {gold: high}}\n"
    )
    rules = load_rules(file)
    for tier, queue, priority in (
        ("GOLD", "care", "high"),
        ("silver", "support", "normal"),
        (None, "support", "normal"),
    ):
        asked = rules.queue_for(intent=None, language=None, channel="web", tier=tier)
        assert (asked, rules.priority.of_tier(tier)) == (queue, priority)
    assert greater("normal", rules.priority.of_tier("gold")) == "high"
    assert greater("urgent", "high") == "urgent"
    file.write_text("priority: {tiers: {gold: first}}")
    with pytest.raises(SetupError, match="permitted"):
        load_rules(file)


def test_the_first_rule_that_fits_says_the_queue(file: Path) -> None:
    rules = load_rules(file)
    for intent, language, channel, expected in (
        ("get_refund", None, "web", "money"),
        ("get_refund", "de", "web", "german"),
        ("get_refund", "en", "rest", "support"),
        (None, None, "sms", "german"),
        (None, None, "web", "support"),
    ):
        assert rules.queue_for(intent=intent, language=language, channel=channel) == expected


def test_a_change_acts_at_once_and_a_slip_changes_nothing(file: Path) -> None:
    assert current_rules(file).queue_for(intent=None, language="de", channel="web") == "german"
    file.write_text(FILE.replace("[de]", "[fr]"))
    assert current_rules(file).queue_for(intent=None, language="de", channel="web") == "support"
    file.write_text(FILE.replace("queue: german, languages", "queue: nowhere, languages"))
    assert current_rules(file).queue_for(intent=None, language="fr", channel="web") == "german"


@pytest.mark.parametrize(
    ("old", "new", "key", "word"),
    [
        ("queue: german, languages", "queue: nowhere, languages", "routing.0.queue", "money"),
        (", languages: [de]", "", "routing.0", "condition"),
        ("skills: [refunds]", "skills: ['']", "queues.money.skills.0", "word"),
        (
            "name: Deutsch",
            "name: Deutsch, service_level: {first_reply_minutes: 0}",
            "queues.german.service_level.first_reply_minutes",
            "warn_at",
        ),
        (
            "name: Deutsch",
            "name: Deutsch, hours: {time_zone: Mars, open: {}}",
            "queues.german.hours.time_zone",
            "Europe/London",
        ),
    ],
)
def test_a_mistake_names_the_key_and_the_cure(
    file: Path, old: str, new: str, key: str, word: str
) -> None:
    file.write_text(FILE.replace(old, new, 1))
    with pytest.raises(SetupError) as refused:
        load_rules(file)
    assert f"'{key}'" in str(refused.value)
    assert word in str(refused.value)


def test_intents_and_channels_have_to_exist(file: Path) -> None:
    rules = load_rules(file)
    with pytest.raises(SetupError, match=r"routing\.1\.intents"):
        check_names(rules, file, intents=["greet"], slots=[])
    with pytest.raises(SetupError, match=r"routing\.2\.channels"):
        check_channels(rules, file, ["web"])

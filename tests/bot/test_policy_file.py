"""`privacy.yml`: what is wrong with it is named, and a slip while customers write costs nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SetupError
from bot.privacy.policy_file import PolicyFile
from connectors import CONNECTORS
from tests.conftest import ROOT

RIGHT = """
controller: Acme
statement: https://acme.test/privacy
version: "1"
words: {en: {notice: "A bot.", short: "Bot."}}
"""


def test_the_projects_own_is_right() -> None:
    file = PolicyFile(ROOT / "privacy.yml", "https://acme.test")
    file.check(CONNECTORS)
    policy = file.now
    assert policy is not None
    for language in policy.words:
        short = policy.notice(language, file.site, short=True)
        assert len(short) <= 160, "one SMS"
        assert "365" in short
        assert "https://acme.test/help/privacy" in short
    assert policy.language(["fr", "de"]) == "de"
    assert policy.language([]) == "en"


@pytest.mark.parametrize(
    ("change", "problem", "where"),
    [
        ("controler: x", "extra fields", "controler"),
        ("consent: maybe", "unexpected value", "consent"),
        ("keep_days: {files: 0}", "greater than or equal to 1", "keep_days.files"),
        ("keep_days: {file: 9}", "extra fields", "keep_days.file"),
        ("channels: [telegraph]", "no channel 'telegraph'", "channels"),
        ("statement: privacy", "begins with https://", "statement"),
        ('words: {en: {notice: "{day}", short: "Bot"}}', "there is no {day}", "words.en.notice"),
        ('words: {en: {notice: "{days}", short: "Bot"}}', "keep_days.conversations", ""),
        ("words: {}", "one language", ""),
    ],
)
def test_a_slip_is_refused_by_name(tmp_path: Path, change: str, problem: str, where: str) -> None:
    key = change.partition(":")[0]
    lines = [line for line in RIGHT.splitlines() if not line.startswith(f"{key}:")]
    file = PolicyFile(tmp_path / "privacy.yml", "https://acme.test")
    file.path.write_text("\n".join([*lines, change]), "utf-8")
    with pytest.raises(SetupError) as refused:
        file.check(CONNECTORS)
    assert problem in refused.value.problem
    assert where in refused.value.where
    assert refused.value.cure


def test_while_customers_write_the_last_right_one_holds(tmp_path: Path) -> None:
    file = PolicyFile(tmp_path / "privacy.yml", "https://acme.test")
    assert file.now is None
    file.path.write_text(RIGHT, "utf-8")
    right = file.now
    assert right is not None
    file.path.write_text("controller: [", "utf-8")
    assert file.now == right
    file.path.unlink()
    assert file.now == right

"""What is decided without a database: waits, passwords, keys, and secrets from files."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from bot import passwords
from bot.access.password_rules import check_password
from bot.access.proving import wait_after
from bot.access.secret_key import weakness
from bot.errors import InvalidInput, SetupError, Unavailable
from bot.settings import load_settings

KEY = "a sentence that is long enough to sign things with"
SHOP = "https://shop.example"


def test_the_wait_grows_from_the_fifth_failure_on_up_to_a_quarter_of_an_hour() -> None:
    assert [wait_after(n) for n in range(8)] == [0, 0, 0, 0, 0, 1, 2, 4]
    assert [wait_after(n) for n in (14, 15, 16, 1_000_000)] == [512, 900, 900, 900]


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "x" * 201,
        "aaaaaaaaaaaaaa",
        "abababababab",
        "1234567890",
        "Password123",
        "PASSWORD123!!",
        "iloveyou2024",
        "qwertyuiop",
        "nora.agent2025",
        "warmline1234",
    ],
)
def test_what_is_tried_first_is_no_password(password: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_password(password, email="nora.agent@shop.test")
    assert refused.value.detail == {"field": "password"}
    assert len(password) < 15 or password not in refused.value.message


@pytest.mark.parametrize(
    "password", ["long enough", "Der Mond ist rund", "kq3v8zr1wx", "ÄÖÜäöü10ß!"]
)
def test_whatever_else_is_long_enough_may_be_chosen(password: str) -> None:
    check_password(password, email="nora@shop.test")


@pytest.mark.parametrize(
    "key",
    [
        "a tiny one",
        "x" * 40,
        "abc" * 20,
        "0123456789" * 4,
        "correct horse " * 3,
        "your-secret-key-goes-here-please-now",
        "changeme-changeme-changeme-changeme!",
        "0123456789abcdef0123456789abcdef",
    ],
)
def test_a_weak_key_is_refused_and_not_repeated(key: str, tmp_path: Path) -> None:
    assert weakness(key)
    with pytest.raises(SetupError) as refused:
        load_settings({"secret_key": key}, demo=False, project=tmp_path, environment={})
    assert refused.value.where == "WARMLINE_SECRET_KEY"
    assert key not in str(refused.value)


def test_a_random_key_is_a_good_one() -> None:
    for make in (secrets.token_urlsafe, secrets.token_hex):
        for _ in range(500):
            assert weakness(make(32)) is None
    assert weakness(KEY) is None


@pytest.mark.parametrize(
    "setting", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "SHOP_TOKEN", "METRICS_TOKEN"]
)
def test_a_secret_is_read_from_the_file_that_is_named(setting: str, tmp_path: Path) -> None:
    values = {
        "SECRET_KEY": KEY,
        "DATABASE_URL": "postgresql://ada:pa55word@db/warmline",
        "REDIS_URL": "redis://:pa55word@cache:6379/0",
        "SHOP_TOKEN": "pa55word-of-the-shop",
        "METRICS_TOKEN": "pa55word-" + "of-prometheus" * 3,
    }
    file = tmp_path / "secret"
    file.write_text(values[setting] + "\n")
    named = {"WARMLINE_SECRET_KEY": KEY, "WARMLINE_SHOP_TOKEN": "x", "WARMLINE_SHOP_URL": SHOP}
    named.pop(f"WARMLINE_{setting}", None)
    named[f"WARMLINE_{setting}_FILE"] = str(file)
    settings = load_settings({}, demo=False, project=tmp_path, environment=named)
    assert getattr(settings, setting.lower()) == values[setting]
    for secret in (KEY, "pa55word"):
        assert secret not in repr(settings)
    both = {**named, f"WARMLINE_{setting}": values[setting]}
    with pytest.raises(SetupError) as refused:
        load_settings({}, demo=False, project=tmp_path, environment=both)
    assert refused.value.where == f"WARMLINE_{setting}_FILE"


@pytest.mark.parametrize("content", [b"", b"one\ntwo pa55word", b"pa55word \xff"])
def test_a_file_that_holds_no_secret_is_refused_without_telling_what_it_holds(
    content: bytes, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    for path in (file, tmp_path / "none"):
        named = {"WARMLINE_SECRET_KEY_FILE": str(path)}
        with pytest.raises(SetupError) as refused:
            load_settings({}, demo=False, project=tmp_path, environment=named)
        assert refused.value.where == "WARMLINE_SECRET_KEY_FILE"
        assert "pa55word" not in str(refused.value)


async def test_no_more_passwords_are_in_line_than_can_be_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "MOST_IN_LINE", 0)
    with pytest.raises(Unavailable):
        await passwords.matches("x", None)


async def test_a_hash_of_other_parameters_is_told_from_one_of_todays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_before = await passwords.hash_password("long enough")
    assert not passwords.is_outdated(of_before)
    dearer = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", dearer)
    assert passwords.is_outdated(of_before)
    assert await passwords.matches("long enough", of_before)
    assert not await passwords.matches("", "")

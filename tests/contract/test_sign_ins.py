"""Signing in, slower each time it fails, as two processes see it over every database."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from argon2 import PasswordHasher
from prometheus_client import REGISTRY

from bot import passwords
from bot.access import people, proving, sessions
from bot.access.proving import FREE, Attempt, key_of, prove
from bot.accounts import add_user, revoke_user
from bot.clock import now
from bot.errors import NotSignedIn, TooMany, Unavailable, WarmlineError
from bot.records import User
from bot.services import Services
from tests.conftest import over_both_databases
from tests.processes import add_agent

PASSWORD = "the moon is round"
RIGHT = Attempt("nora@shop.test", PASSWORD, "192.0.2.1")
WRONG = replace(RIGHT, password="the moon is flat")
ELSEWHERE = "198.51.100.7"

pytestmark = over_both_databases


@pytest.fixture
async def nora(pair: tuple[Services, ...]) -> User:
    database = pair[0].database
    await add_user(database, email="nora@shop.test", name="Nora", role="agent", password=PASSWORD)
    async with database.read() as uow:
        user = await uow.staff.by_email("nora@shop.test")
    assert user is not None
    return user


async def fail(services: Services, attempt: Attempt, times: int) -> None:
    for _ in range(times):
        with pytest.raises(NotSignedIn):
            await prove(services, attempt)


async def refusal(services: Services, attempt: Attempt) -> tuple[str, str]:
    with pytest.raises(WarmlineError) as refused:
        await prove(services, attempt)
    return refused.value.code, refused.value.message


async def test_failures_count_in_all_processes_and_no_answer_tells_who_exists(
    pair: tuple[Services, ...], nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    _set_clock(monkeypatch, now())  # a busy machine would let the wait pass
    nobody = replace(WRONG, email="nobody@shop.test")
    told = []
    for attempt in (WRONG, nobody):
        answers = [await refusal(one, attempt) for _ in range(FREE - 1)]
        answers += [await refusal(other, attempt) for _ in range(3)]
        told.append([code for code, _ in answers])
    assert told[0] == told[1] == ["wrong_credentials"] * FREE + ["too_many"] * 2
    assert await refusal(one, RIGHT) == await refusal(one, nobody)
    with pytest.raises(TooMany) as refused:
        await prove(one, RIGHT)
    assert refused.value.retry_after == 1


async def test_what_became_of_each_try_is_counted(
    pair: tuple[Services, ...], nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set_clock(monkeypatch, now())
    before = _counted()
    for attempt in (RIGHT, *[WRONG] * FREE, RIGHT):
        with contextlib.suppress(WarmlineError):
            await sessions.sign_in(pair[0], attempt, device="Firefox", earlier=None)
    told = [after - earlier for earlier, after in zip(before, _counted(), strict=True)]
    assert told == [1, FREE, 1]


def _counted() -> list[float]:
    return [
        REGISTRY.get_sample_value("warmline_sign_ins_total", {"outcome": outcome}) or 0
        for outcome in ("signed_in", "refused", "limited")
    ]


async def test_the_wait_doubles_and_a_right_password_ends_it(
    pair: tuple[Services, ...], nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = pair
    await fail(one, WRONG, FREE)
    at = now()
    waits = []
    for _ in range(12):
        async with one.database.read() as uow:
            failed = await uow.sign_ins.failures(key_of(WRONG.email), at=at)
        assert failed.waits_until is not None
        waits.append(round((failed.waits_until - at).total_seconds()))
        at = failed.waits_until + timedelta(seconds=1)
        _set_clock(monkeypatch, at)
        # From many machines, as those guess who have them.
        await fail(one, replace(WRONG, address=f"203.0.113.{len(waits)}"), 1)
    assert waits[1:] == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    _set_clock(monkeypatch, at + timedelta(seconds=901))
    await prove(one, RIGHT)
    await fail(one, WRONG, FREE)


async def test_a_stranger_who_guesses_does_not_keep_anybody_from_their_own_desk(
    pair: tuple[Services, ...], nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    _set_clock(monkeypatch, now())
    await prove(one, RIGHT)
    await fail(other, replace(WRONG, address=ELSEWHERE), FREE)
    assert (await refusal(other, replace(RIGHT, address=ELSEWHERE)))[0] == "too_many"
    assert (await prove(other, RIGHT)).id == nora.id
    await fail(one, WRONG, FREE)  # nor is her own desk a place to guess from for ever
    assert (await refusal(one, RIGHT))[0] == "too_many"
    await people.let_in(one, nora.id, by=await add_agent(one, "Ada"))
    assert (await prove(other, RIGHT)).id == nora.id
    assert (await prove(other, replace(RIGHT, address=ELSEWHERE))).id == nora.id


async def test_many_guesses_at_once_are_worth_no_more_than_one_after_another(
    pair: tuple[Services, ...], nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    _set_clock(monkeypatch, now())  # a busy machine would let the wait pass
    guesses = [replace(WRONG, address=f"203.0.113.{n}") for n in range(16)] + [RIGHT]
    results = await asyncio.gather(
        *(prove(pair[n % 2], guess) for n, guess in enumerate(guesses)), return_exceptions=True
    )
    wrong = sum(isinstance(each, NotSignedIn) for each in results)
    async with pair[0].database.read() as uow:
        failed = await uow.sign_ins.failures(key_of(WRONG.email), at=now())
    if isinstance(results[-1], User):  # it came before the fifth wrong one, which began anew
        assert wrong <= 2 * FREE
    else:
        assert isinstance(results[-1], TooMany)
        assert wrong == FREE == failed.count


async def test_one_password_tried_on_many_people_is_slowed_by_the_address(
    pair: tuple[Services, ...], nora: User
) -> None:
    one, _ = pair
    for n in range(proving.ADDRESS_LIMIT.burst):
        await fail(one, replace(WRONG, email=f"{n}@shop.test"), 1)
    assert (await refusal(one, RIGHT))[0] == "too_many"
    assert (await prove(one, replace(RIGHT, address=ELSEWHERE))).id == nora.id


async def test_guesses_at_many_people_at_once_are_told_no_more_than_one_after_another(
    pair: tuple[Services, ...], nora: User
) -> None:
    one, _ = pair
    burst = proving.ADDRESS_LIMIT.burst
    guesses = [replace(WRONG, email=f"{n}@shop.test") for n in range(2 * burst)]
    told = await asyncio.gather(*(prove(one, each) for each in guesses), return_exceptions=True)
    refused = [type(each) for each in told]
    assert refused.count(NotSignedIn) <= burst
    assert refused.count(NotSignedIn) + refused.count(TooMany) + refused.count(Unavailable) == len(
        guesses
    )


async def test_a_hash_of_weaker_parameters_is_made_anew_at_the_next_sign_in(
    pair: tuple[Services, ...], nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    dearer = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "HASHER", dearer)
    for _ in range(2):
        user = await prove(pair[0], RIGHT)
        assert user.password_hash != nora.password_hash
        assert not passwords.is_outdated(user.password_hash)
    async with pair[1].database.read() as uow:
        assert await uow.staff.get(nora.id) == user


async def test_a_session_ends_when_nobody_uses_it_and_at_its_end_however_much_it_is_used(
    pair: tuple[Services, ...], nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = pair
    token, begun, _ = await sessions.sign_in(one, RIGHT, device="Firefox", earlier=None)
    at = begun.created_at
    while (at := at + timedelta(hours=1, minutes=59)) < begun.expires_at:
        _set_clock(monkeypatch, at)
        assert (await sessions.find_session(other, token))[1].id == nora.id
    _set_clock(monkeypatch, begun.expires_at)
    with pytest.raises(NotSignedIn):
        await sessions.find_session(one, token)
    idle, _, _ = await sessions.sign_in(one, RIGHT, device="Firefox", earlier=None)
    _set_clock(monkeypatch, begun.expires_at + sessions.IDLE)
    with pytest.raises(NotSignedIn):
        await sessions.find_session(other, idle)
    await sessions.sign_in(one, RIGHT, device="Firefox", earlier=None)
    async with one.database.read() as uow:
        assert len(await uow.staff.sessions(of=nora.id)) == 1


async def test_whoever_is_revoked_while_their_password_is_checked_gets_no_session(
    pair: tuple[Services, ...], nora: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def proven_then_revoked(services: Services, attempt: Attempt) -> User:
        user = await prove(services, attempt)
        await revoke_user(services.database, user.email)
        return user

    monkeypatch.setattr(sessions, "prove", proven_then_revoked)
    with pytest.raises(NotSignedIn):
        await sessions.sign_in(pair[0], RIGHT, device="Firefox", earlier=None)
    async with pair[1].database.read() as uow:
        assert await uow.staff.sessions() == []


def _set_clock(monkeypatch: pytest.MonkeyPatch, at: datetime) -> None:
    for module in (proving, sessions):
        monkeypatch.setattr(module, "now", lambda: at)

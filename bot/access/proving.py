"""Proving a password, slower each time it was wrong.

Failures are counted by e-mail address, whether anybody has it or not, so that an answer tells
nothing; and by client address, because who tries one password on many people is wrong at each only
once. An address that signed this person in before has a count of its own: so a stranger who goes on
guessing makes whoever comes from somewhere new wait for 15 minutes at most, and those at their own
desks not at all. Nobody is locked out for good; an admin can let somebody in at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from bot.auditing import audit
from bot.clock import now
from bot.errors import NotSignedIn, TooMany
from bot.events import Event
from bot.messages import Limit
from bot.passwords import hash_password, is_outdated, matches
from bot.records import User
from bot.services import Services
from bot.store.database import UnitOfWork

FREE = 5  # failures without a wait
LONGEST_WAIT = 900  # seconds
# Wrong passwords from one client address: an office's forgetful morning, no list of leaked ones.
ADDRESS_LIMIT = Limit(messages_a_second=1 / 30, burst=20)
WRONG = "The e-mail address and password do not match."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What somebody shows to be let in; `address` is the machine it came from, None when a proxy of
    ours hides that."""

    email: str
    password: str
    address: str | None

    @property
    def person(self) -> str:
        return key_of(self.email)

    @property
    def place(self) -> str | None:
        """The person at this address."""
        return key_of(self.email, self.address) if self.address else None


def key_of(*parts: str) -> str:
    """What failures are counted under: a table of them is no list of addresses."""
    # An e-mail address of text that cannot be written is nobody's.
    joined = "|".join(part.strip().lower() for part in parts)
    return sha256(f"sign-in:{joined}".encode(errors="surrogateescape")).hexdigest()


def wait_after(failures: int) -> int:
    """Seconds: 1, 2, 4 ... from the fifth failure in a row on."""
    if failures < FREE:
        return 0
    # The power itself would be a number of as many digits as there were failures.
    return min(1 << min(failures - FREE, 12), LONGEST_WAIT)


async def prove(services: Services, attempt: Attempt) -> User:
    """Whose password it is. Raise NotSignedIn without saying which of the two was wrong, or TooMany
    when it was not even tried."""
    at = now()
    await _look_at_address(services, attempt.address)
    async with services.database.read() as uow:
        user = await uow.staff.by_email(attempt.email.strip())
        key = await _counted_under(uow, attempt, at)
        _refuse_until((await uow.sign_ins.failures(key, at=at)).waits_until, at)
    right = await matches(attempt.password, user.password_hash if user else None)
    # Of many guesses at once no more are told than of one after another.
    await _count_address(services, attempt.address, was_right=right and user is not None)
    at = now()
    async with services.database.write() as uow:
        failed = await uow.sign_ins.lock(key, at=at)
        # Others were wrong meanwhile: of many guesses at once no more count than one after another.
        waits = failed.waits_until is not None and failed.waits_until > at
        if not waits and right and user is not None:
            await uow.sign_ins.forgive(key)
            if attempt.place is not None:
                await uow.sign_ins.been_at(attempt.place, user.id, at=at)
        elif not waits:
            await _count(uow, key, failed.count + 1, user, at)
    if waits:
        _refuse_until(failed.waits_until, at)
    if not right or user is None:
        if wait_after(failed.count + 1):
            await services.bus.publish(Event("access", ""))  # admins see who has to wait
        raise NotSignedIn(WRONG, code="wrong_credentials")
    return await _renewed(services, user, attempt.password)


async def _counted_under(uow: UnitOfWork, attempt: Attempt, at: datetime) -> str:
    place = attempt.place
    known = place is not None and await uow.sign_ins.is_known(place, at=at)
    return place if known and place is not None else attempt.person


async def _count(uow: UnitOfWork, key: str, failures: int, user: User | None, at: datetime) -> None:
    wait = wait_after(failures)
    waits_until = at + timedelta(seconds=wait) if wait else None
    await uow.sign_ins.set_failures(key, failures, at=at, waits_until=waits_until)
    await uow.sign_ins.sweep(at=at)
    if user is not None and failures == FREE:
        await audit(uow, "sign_in.slowed", user.id, by=None, actor="bot", at=at)


def _refuse_until(waits_until: datetime | None, at: datetime) -> None:
    if waits_until is not None and waits_until > at:
        raise _too_many(math.ceil((waits_until - at).total_seconds()))


def _too_many(seconds: int) -> TooMany:
    return TooMany(
        f"Too many wrong passwords. Please try again in {_in_words(seconds)}.", retry_after=seconds
    )


def _in_words(seconds: int) -> str:
    if seconds > 90:
        return f"{math.ceil(seconds / 60)} minutes"
    return "a second" if seconds == 1 else f"{seconds} seconds"


async def _look_at_address(services: Services, address: str | None) -> None:
    if address is not None:
        wait = await services.limits.look(_bucket(address), ADDRESS_LIMIT)
        if wait > 0:
            raise _too_many(math.ceil(wait))


async def _count_address(services: Services, address: str | None, *, was_right: bool) -> None:
    """Take a wrong password's token. Where others took the last one meanwhile, a right one is told
    no sooner than a wrong one: that would be an answer."""
    if address is None:
        return
    count = services.limits.look if was_right else services.limits.take
    wait = await count(_bucket(address), ADDRESS_LIMIT)
    if wait > 0:
        raise _too_many(math.ceil(wait))


def _bucket(address: str) -> str:
    return f"sign-in:{key_of(address)[:32]}"


async def _renewed(services: Services, user: User, password: str) -> User:
    """The user, whose password is stored by today's parameters from now on."""
    if not is_outdated(user.password_hash):
        return user
    hashed = await hash_password(password)
    async with services.database.write() as uow:
        same = await uow.staff.lock(user.id)
        if same is None or same.password_hash != user.password_hash:
            raise NotSignedIn(WRONG, code="wrong_credentials")
        await uow.staff.set_password(user.id, hashed)
        renewed = await uow.staff.get(user.id)
    return renewed or user

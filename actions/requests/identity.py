"""Who is asking: as the server vouches, or as they have proven in this conversation."""

from __future__ import annotations

import hmac
import os
import re
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from actions.caller import Caller
from actions.context.changes import Change
from actions.context.model import Order
from actions.context.source import Shop
from actions.effects import effect_key, may_guess, set_out
from actions.policy import ProofLimits
from actions.requests.dialogue import Proof, Proving, SentCode
from actions.requests.request import Level

_CODE = re.compile(r"(?<!\d)(\d{3})[ -]?(\d{3})(?!\d)")
# Without a secret of the server's, as in `rasa shell`, codes count as long as the process lives.
_OWN_SECRET = secrets.token_hex(32)
_PROVEN = {
    "order": (Level.VERIFIED, "an order's number and postcode"),
    "code": (Level.ASSURED, "a one-time code sent to the address on file"),
    "agent": (Level.VERIFIED, "an agent's word"),
}


@dataclass(frozen=True, slots=True)
class Who:
    """The shop's reference of who is asking, None for a guest, how surely, and by what (words)."""

    reference: str | None
    level: Level
    how: str


def who_asks(caller: Caller, proving: Proving) -> Who:
    """The stronger of what the server vouches for and what was proven."""
    vouched = _vouched_for(caller)
    if proving.proof is None:
        return vouched
    level, how = _PROVEN[proving.proof.how]
    return Who(proving.proof.customer, level, how) if level > vouched.level else vouched


def proof_in_words(proving: Proving) -> str | None:
    """By what it was proven in the conversation who writes; None if it was not."""
    return _PROVEN[proving.proof.how][1] if proving.proof is not None else None


def _vouched_for(caller: Caller) -> Who:
    if caller.owner is None:
        return Who(None, Level.ANYONE, "nothing")
    if caller.verification == "verified":
        return Who(caller.owner, Level.ASSURED, "a signed token")
    return Who(caller.owner, Level.KNOWN, "the address they write from")


async def try_postcode(
    shop: Shop, number: str, postcode: str, owner: str | None, proving: Proving
) -> tuple[Proving, Order | None]:
    """One try to prove an order by its postcode, for `owner` if it has to be theirs.

    A wrong number and a wrong postcode are told apart by nothing, and guesses at one number are
    counted over all conversations.
    """
    order = await shop.order(number)
    fits = order is not None and order.address.postcode == postcode
    mine = order is not None and owner in (None, order.customer_reference)
    permitted = await may_guess(f"order:{number}", right=fits and mine)
    if order is None or not (permitted and fits and mine):
        return replace(proving, wrong=proving.wrong + 1), None
    return replace(proving, proof=Proof(order.customer_reference, "order"), wrong=0), order


async def send_code(
    shop: Shop,
    message_id: str,
    *,
    email: str | None,
    customer: str | None,
    proving: Proving,
    limits: ProofLimits,
    now: datetime,
) -> Proving:
    """Have a code sent to the address on file, if there is one; nothing tells whether there is.

    Not through `once`: the code would be written into the record of changes. Another try of the
    turn sends the same code under the same key, which the shop sends once.
    """
    if email is not None and customer is None:
        customer = await shop.reference_of(email)
    context = await shop.context(customer) if customer else None
    code = SentCode(
        message=message_id,
        customer=context.customer.reference if context else None,
        email=email,
        until=(now + timedelta(minutes=limits.code_minutes)).isoformat(),
    )
    if context is not None:
        await set_out()
        # Each code sent is another six digits to guess at, so it counts like a wrong guess.
        if await may_guess(f"code:{context.customer.reference}", right=False):
            arguments = {"email": context.customer.email, "code": code_of(message_id)}
            key = effect_key(message_id, "mail_code", 1, {"email": context.customer.email})
            await shop.apply(key, Change("mail_code", arguments))
    return replace(proving, code=code, codes=proving.codes + 1)


def try_code(proving: Proving, code: str, now: datetime) -> Proving:
    """One try to answer with the code that was sent."""
    sent = proving.code
    right = sent is not None and hmac.compare_digest(code, code_of(sent.message))
    if sent is None or not right or sent.customer is None or sent.is_over(now):
        return replace(proving, wrong=proving.wrong + 1)
    return replace(proving, proof=Proof(sent.customer, "code"), code=None, wrong=0)


def code_in(text: str) -> str | None:
    """Six digits, as typed from a mail."""
    found = _CODE.search(text)
    return found[1] + found[2] if found else None


def code_of(message_id: str) -> str:
    """The six digits of the code that this message asked for: the same at every try of its turn,
    known to nobody without the server's secret, and stored nowhere."""
    secret = os.environ.get("WARMLINE_SECRET_KEY") or _OWN_SECRET
    drawn = hmac.digest(secret.encode(), f"one-time code:{message_id}".encode(), sha256)
    return f"{int.from_bytes(drawn[:8], 'big') % 10**6:06}"

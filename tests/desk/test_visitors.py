"""Visitors' tokens: whose they are, and which are refused."""

from __future__ import annotations

import base64
import hmac
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.clock import now
from bot.errors import NotSignedIn
from desk.visitors import CUSTOMER_AUDIENCE, VISITOR_AUDIENCE, VisitorTokens, customer_token

OURS = "our own secret, which is long enough to sign"
SHOPS = "the shop's secret, which is long enough too"
TOKENS = VisitorTokens(OURS, SHOPS)


def shops(secret: str = SHOPS, **changes: Any) -> str:
    content = {"aud": CUSTOMER_AUDIENCE, "sub": "C-1", "exp": now() + timedelta(hours=1)}
    kept = {key: value for key, value in {**content, **changes}.items() if value is not None}
    return jwt.encode(kept, secret, "HS256")


def ours(secret: str = OURS, **changes: Any) -> str:
    content = {"aud": VISITOR_AUDIENCE, "sub": "guest:1", "exp": now() + timedelta(hours=1)}
    kept = {key: value for key, value in {**content, **changes}.items() if value is not None}
    return jwt.encode({**kept, "ref": None, "name": None, "email": None}, secret, "HS256")


def test_a_customers_token_makes_a_verified_visitor() -> None:
    token = customer_token(SHOPS, reference="C-1", name="Ada", email="a@x", lasts=timedelta(1))
    visitor, own, _ = TOKENS.admit(token, None)
    assert (visitor.claim.reference, visitor.claim.name) == ("C-1", "Ada")
    assert visitor.claim.verification == "verified"
    assert TOKENS.read(own) == visitor


def test_a_guest_keeps_their_address() -> None:
    first, token, _ = TOKENS.admit(None, None)
    again, _, _ = TOKENS.admit(None, token)
    assert again == first
    assert first.claim.reference is None


def test_a_customers_widget_token_does_not_outlive_the_shops_word() -> None:
    customer, token, _ = TOKENS.admit(shops(), None)
    later, _, _ = TOKENS.admit(None, token)
    assert later.address != customer.address
    assert later.claim.reference is None


def test_a_customers_widget_token_is_for_a_day_and_a_guests_for_a_month() -> None:
    for customers, longest in ((shops(), timedelta(hours=12)), (None, timedelta(days=30))):
        _, token, ends = TOKENS.admit(customers, None)
        assert ends <= now() + longest
        assert TOKENS.read(token).until <= ends


@pytest.mark.parametrize(
    "token",
    [
        shops(OURS),
        shops("another secret that is just as long as ours"),
        shops(aud=VISITOR_AUDIENCE),
        shops(aud=None),
        shops(exp=now() - timedelta(seconds=1)),
        shops(exp=None),
        shops(sub=None),
        ours(),
        "x.y.z",
        "\ud83d",
    ],
    ids=(
        *("another's secret", "a secret just as long", "for visitors", "for nobody", "ended"),
        *("without an end", "of nobody", "a widget's", "no token", "no text"),
    ),
)
def test_a_customers_token_that_cannot_be_trusted_is_refused(token: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        TOKENS.admit(token, None)
    assert refused.value.code == "customer_token"


@pytest.mark.parametrize(
    "token",
    [
        ours(SHOPS),
        ours(aud=CUSTOMER_AUDIENCE),
        ours(exp=now() - timedelta(seconds=1)),
        ours(exp=None),
        ours(sub=None),
        shops(),
        "",
        "\ud83d",
    ],
    ids=(
        *("the shop's secret", "for customers", "ended", "without an end", "of nobody"),
        *("the shop's", "empty", "no text"),
    ),
)
def test_a_widget_token_that_is_not_ours_or_ended_is_refused(token: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        TOKENS.read(token)
    assert refused.value.code == "session_expired"


@pytest.fixture(scope="module")
def private_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def in_pem(key: rsa.RSAPrivateKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return key.public_key().public_bytes(serialization.Encoding.PEM, form).decode()


def test_a_shop_may_sign_with_a_key_of_its_own(private_key: rsa.RSAPrivateKey) -> None:
    tokens = VisitorTokens(OURS, None, in_pem(private_key))
    content = {"aud": CUSTOMER_AUDIENCE, "sub": "C-1", "exp": now() + timedelta(hours=1)}
    visitor, _, _ = tokens.admit(jwt.encode(content, private_key, "RS256"), None)
    assert visitor.claim.reference == "C-1"
    another = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for forged in (
        jwt.encode(content, another, "RS256"),
        jwt.encode(content, SHOPS, "HS256"),
        jwt.encode(content, "", "none"),
        _signed_with_the_public_key(content, in_pem(private_key)),
    ):
        with pytest.raises(NotSignedIn):
            tokens.admit(forged, None)


def _signed_with_the_public_key(content: dict[str, Any], public_key: str) -> str:
    """What anybody can make, and what a server takes that lets the token choose its algorithm."""
    head, body, _ = jwt.encode(content, SHOPS, "HS256").split(".")
    proof = hmac.new(public_key.encode(), f"{head}.{body}".encode(), "sha256").digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(proof).rstrip(b'=').decode()}"


def test_only_a_guest_is_one() -> None:
    guest, token, _ = TOKENS.admit(None, None)
    _, customers, _ = TOKENS.admit(shops(), None)
    assert TOKENS.guest(token) == guest
    assert [TOKENS.guest(other) for other in (customers, "x", "", None)] == [None] * 4


def test_without_a_secret_no_customer_is_believed_and_the_place_is_named() -> None:
    with pytest.raises(NotSignedIn, match=r"web\.customer_secret"):
        VisitorTokens(OURS, None).admit(shops(), None)

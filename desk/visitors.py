"""Who a widget speaks for: a signed token, so that a flood of visitors costs no row.

The shop's own site may vouch for its customer with a short-lived JWT of its own (audience
`warmline`, `sub` the shop's customer reference, `name`, `email`, `exp`), signed with a shared
secret (HS256) or a private key of the shop's (RS256).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone

import jwt

from bot.clock import now
from bot.errors import NotSignedIn
from bot.messages import CustomerClaim

ALGORITHM = "HS256"
CUSTOMER_AUDIENCE = "warmline"
VISITOR_AUDIENCE = "warmline-widget"
LASTS = timedelta(days=30)
# The shop's word is for who is signed in there now, and nobody tells us when they sign out: after a
# day in front of the screen the site is asked anew.
CUSTOMER_LASTS = timedelta(hours=12)
PROOF = "signed in on the shop's site"


@dataclass(frozen=True, slots=True)
class Visitor:
    """The widget's side of an identity: `address` on the channel `web`."""

    address: str
    claim: CustomerClaim
    until: datetime = field(compare=False)  # the end of the token


class VisitorTokens:
    """Issues and reads widget tokens; reads the shop's customer tokens, by its public key if there
    is one, otherwise by the secret."""

    def __init__(
        self, secret: str, customer_secret: str | None, customer_public_key: str | None = None
    ) -> None:
        self._secret = secret
        # Which of the two is not the token's to say: a public key would be anybody's secret.
        self._shops_key = customer_public_key or customer_secret
        self._shops_algorithm = "RS256" if customer_public_key else ALGORITHM

    def admit(
        self, customer_token: str | None, earlier: str | None
    ) -> tuple[Visitor, str, datetime]:
        """A visitor, a token for them, and when it ends.

        A customer's token decides who they are. Without one an earlier widget token keeps its
        visitor, as long as that one was nobody's customer; an unusable one starts a new visitor.
        """
        ends = now() + (CUSTOMER_LASTS if customer_token else LASTS)
        if customer_token:
            claim = self.customer(customer_token)
            visitor = Visitor(f"customer:{claim.reference}", claim, ends)
        else:
            visitor = self.guest(earlier) or Visitor(
                f"guest:{secrets.token_urlsafe(18)}", CustomerClaim(), ends
            )
        content = {
            "aud": VISITOR_AUDIENCE,
            "sub": visitor.address,
            "exp": ends,
            "ref": visitor.claim.reference,
            "name": visitor.claim.name,
            "email": visitor.claim.email,
        }
        return visitor, jwt.encode(content, self._secret, ALGORITHM), ends

    def read(self, token: str) -> Visitor:
        """The visitor of a widget token; raise NotSignedIn when it is not one of ours, or ended."""
        try:
            content = jwt.decode(
                token,
                self._secret,
                [ALGORITHM],
                audience=VISITOR_AUDIENCE,
                options={"require": ["exp", "sub"]},
            )
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise NotSignedIn("This chat session has ended.", code="session_expired") from error
        until = datetime.fromtimestamp(content["exp"], timezone.utc)
        if content["ref"] is None:
            return Visitor(content["sub"], CustomerClaim(), until)
        claim = CustomerClaim(content["ref"], content["name"], content["email"], "verified", PROOF)
        return Visitor(content["sub"], claim, until)

    def guest(self, token: str | None) -> Visitor | None:
        """The visitor of an earlier widget token who was nobody's customer; None for any other."""
        if not token:
            return None
        try:
            visitor = self.read(token)
        except NotSignedIn:
            return None
        return visitor if visitor.claim.reference is None else None

    def customer(self, token: str) -> CustomerClaim:
        """Whom the shop vouches for with this token; raise NotSignedIn when it cannot be used."""
        if self._shops_key is None:
            raise NotSignedIn(
                "This site's customer tokens are not set up: credentials.yml lacks "
                "web.customer_secret or web.customer_public_key.",
                code="customer_token",
            )
        try:
            content = jwt.decode(
                token,
                self._shops_key,
                [self._shops_algorithm],
                audience=CUSTOMER_AUDIENCE,
                options={"require": ["exp", "sub"]},
            )
        except (jwt.InvalidTokenError, UnicodeError) as error:
            raise NotSignedIn(
                f"The shop's customer token cannot be used: {error}.", code="customer_token"
            ) from error
        return CustomerClaim(
            reference=str(content["sub"])[:200],
            name=_text(content.get("name"), 200),
            email=_text(content.get("email"), 320),
            verification="verified",
            how=PROOF,
        )


def customer_token(secret: str, *, reference: str, name: str, email: str, lasts: timedelta) -> str:
    """What a shop's server makes for its signed-in customer; the demo shop does it with this."""
    content = {
        "aud": CUSTOMER_AUDIENCE,
        "sub": reference,
        "name": name,
        "email": email,
        "exp": now() + lasts,
    }
    return jwt.encode(content, secret, ALGORITHM)


def _text(value: object, longest: int) -> str | None:
    return value[:longest] if isinstance(value, str) else None

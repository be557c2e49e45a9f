"""Several accounts of one channel, such as two telephone numbers, behind one webhook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.errors import NotAllowed, SetupError
from bot.messages import (
    AccountConnector,
    Connector,
    InboundMessage,
    ReceiptUpdate,
    WebhookConnector,
    WebhookRequest,
    channel_of,
)

Accounts = Sequence[WebhookConnector]


def accounts_by_channel(connectors: Mapping[str, Connector]) -> dict[str, Accounts]:
    """Whose requests may come to `/webhooks/{name}/webhook`: a channel's own address serves all its
    accounts, and each account has one for itself. Raises SetupError where they could not be told
    apart."""
    found: dict[str, list[WebhookConnector]] = {}
    for name, connector in connectors.items():
        if isinstance(connector, WebhookConnector):
            found.setdefault(channel_of(name), []).append(connector)
    for channel, accounts in found.items():
        _check(channel, accounts)
    alone = {
        account.name: [account]
        for accounts in found.values()
        for account in accounts
        if account.name not in found
    }
    return {**found, **alone}


def proved_to(request: WebhookRequest, accounts: Accounts) -> Accounts:
    """The accounts whose proof the request carries; raise NotAllowed when there is none."""
    proved, refusal = [], None
    for account in accounts:
        try:
            account.verify(request)
        except NotAllowed as error:
            refusal = error
        else:
            proved.append(account)
    if not proved:
        raise refusal or NotAllowed("Nobody here takes this request.")
    return proved


def owner_of(said: InboundMessage | ReceiptUpdate, proved: Accounts) -> WebhookConnector:
    """Whose this is: the account it was sent to, or the first where it does not say."""
    for account in proved:
        if isinstance(account, AccountConnector) and account.receives == said.recipient:
            return account
    return proved[0]


def _check(channel: str, accounts: Accounts) -> None:
    if len(accounts) == 1:
        return
    known: set[str] = set()
    for account in accounts:
        if not isinstance(account, AccountConnector):
            continue
        if account.receives is None or account.receives in known:
            raise SetupError(
                "its messages cannot be told from those of another account",
                where=f"credentials.yml, key '{account.name}'",
                cure=f"Give every account of '{channel}' the number or page of its own.",
            )
        known.add(account.receives)

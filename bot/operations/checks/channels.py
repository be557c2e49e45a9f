"""The channels: each one's keys, and what its provider says of them where it can be asked."""

from __future__ import annotations

import asyncio

from bot.credentials import load_credentials
from bot.errors import SetupError
from bot.messages import channel_of
from bot.operations.finding import Finding, ok, problem, refused, warning
from bot.operations.site import Site, is_here
from connectors import CONNECTORS, connected
from connectors.base import Block
from connectors.standing import STANDINGS, Standing, TokenRefused, Unanswered


async def look(site: Site) -> list[Finding]:
    try:
        blocks = load_credentials(site.settings.credentials, CONNECTORS)
    except SetupError as error:
        return [refused(error)]
    if not blocks:
        cure = "Name one in credentials.yml, such as `web: {sites: [https://shop.example]}`."
        return [problem("No channel is on: nobody can write.", cure=cure)]
    each = await asyncio.gather(
        *(_channel(site, name, block) for name, block in sorted(blocks.items()))
    )
    return [finding for found in each for finding in found]


async def _channel(site: Site, name: str, block: Block) -> list[Finding]:
    try:
        connected({name: block})
    except SetupError as error:
        return [refused(error)]
    if channel_of(name) == "rest" and not is_here(site.settings.public_url):
        says = (
            f"{name}: whoever reaches it speaks for any sender: Rasa's channel asks for no proof."
        )
        cure = "Let only your own programs reach /webhooks/rest, or take 'rest' out."
        return [warning(says, cure=cure)]
    ask = STANDINGS.get(channel_of(name))
    if ask is None:
        return [ok(f"{name}: its keys are right.")]
    if site.offline:
        return [ok(f"{name}: its keys are there; its provider was not asked.")]
    try:
        standing = await ask(block)
    except TokenRefused as error:
        cure = f"Copy the token from the provider's pages into '{name}' of credentials.yml again."
        return [problem(f"{name}: the provider refuses its token ({error}).", cure=cure)]
    except Unanswered as error:
        cure = "Try again later, or look whether this machine may connect to the provider."
        return [warning(f"{name}: its provider could not be asked ({error}).", cure=cure)]
    return [ok(f"{name}: the provider accepts its token."), *_callback(site, name, standing)]


def _callback(site: Site, name: str, standing: Standing) -> list[Finding]:
    ours = f"{site.settings.public_url}/webhooks/{channel_of(name)}/webhook"
    if standing.callback is None:
        return []
    found = []
    if standing.callback != ours:
        says = f"{name}: messages go to {standing.callback or 'nobody'}, and not to {ours}."
        cure = "Set the webhook's address with the provider (docs/howto/channels.md)."
        found.append(problem(says, cure=cure))
    else:
        found.append(ok(f"{name}: messages come to us."))
    if standing.trouble:
        says = f"{name}: the provider's last call of ours failed ({standing.trouble})."
        found.append(warning(says, cure="See the check of the public URL, and the server's log."))
    return found

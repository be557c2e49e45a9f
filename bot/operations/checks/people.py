"""Who can sign in: somebody who leads, and nobody whom the whole world knows."""

from __future__ import annotations

from bot.demo import SIGN_INS
from bot.errors import SetupError
from bot.operations.finding import Finding, ok, problem
from bot.operations.opened import absent, opened
from bot.operations.site import Site
from bot.records import User
from bot.store.schema import newest_revision, revision_of


async def look(site: Site) -> list[Finding]:
    try:
        if absent(site):
            return []  # told as the database's
        async with opened(site) as database:
            if await revision_of(database) != newest_revision():
                return []
            async with database.read() as uow:
                everybody = await uow.staff.everybody()
    except SetupError:
        return []
    return [*_leads(everybody), *_demo(everybody)]


def _leads(everybody: list[User]) -> list[Finding]:
    people = [user for user in everybody if user.role != "program" and user.password_hash]
    leads = [user for user in people if user.may("lead")]
    if not leads:
        cure = "`warmline user add EMAIL --name NAME --role admin`"
        return [problem("Nobody who leads can sign in.", cure=cure)]
    return [ok(f"{len(people)} people can sign in, {len(leads)} of them lead.")]


def _demo(everybody: list[User]) -> list[Finding]:
    known = {sign_in["email"] for sign_in in SIGN_INS}
    if any(user.email in known and user.password_hash for user in everybody):
        says = "The demo's people can sign in, with the password that everybody knows."
        cure = "`warmline serve` locks them at its start; or `warmline user revoke EMAIL` for each."
        return [problem(says, cure=cure)]
    return []

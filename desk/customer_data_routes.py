"""Admins' part of the API: everything that is held of a customer, given out or erased."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from pathlib import Path

from aiohttp import web
from aiohttp.helpers import content_disposition_header
from pydantic import BaseModel, Extra, Field

from bot.clock import iso, iso_or_none
from bot.erasure.disk import EXPORTS
from bot.erasure.eraser import Eraser
from bot.erasure.giving_out import FoundPerson, find_people, give_out
from bot.erasure.words import title_of
from bot.errors import Conflict, SetupError
from bot.jobs import Jobs
from bot.records import Erasure
from desk import customer_data_shapes as shapes
from desk import views
from desk.conversation_routes import Nothing
from desk.paging import Page, decode, encode
from desk.routes import Call, Route
from desk.views.names import People

BLOCK = 256 * 1024  # bytes
LONGEST_WHO = 500


class AskedFor(BaseModel):
    """`who`: a customer's id, the shop's reference, an e-mail address, or channel:address."""

    who: str = Field(max_length=LONGEST_WHO)

    class Config:
        extra = Extra.forbid


class ReceiptPage(Page):
    """`who`: only the receipts of who was known by that."""

    who: str | None = Field(default=None, max_length=LONGEST_WHO)


class CustomerDataRoutes:
    def __init__(self, eraser: Eraser, jobs: Jobs) -> None:
        self._eraser = eraser
        self._jobs = jobs

    def table(self) -> list[Route]:
        return [
            Route(
                "GET",
                "/customers",
                "admin",
                "Who is known by an id, a reference, an e-mail address or channel:address",
                customers,
                query=AskedFor,
                answer=shapes.FoundCustomers,
            ),
            Route(
                "POST",
                "/customers/{id}/export",
                "admin",
                "Everything that is held of a customer, as a zip",
                self.export,
                body=Nothing,
                is_file=True,
            ),
            Route(
                "DELETE",
                "/customers/{id}",
                "admin",
                "Erase everything that is held of a customer, for good",
                self.erase,
                answer=shapes.ErasureReceipt,
            ),
            Route(
                "GET",
                "/erasures",
                "admin",
                "Receipts of what was erased, newest first",
                self.erasures,
                query=ReceiptPage,
                answer=shapes.ErasureReceipts,
            ),
        ]

    async def export(self, call: Call) -> web.StreamResponse:
        """From a file of its own, which is gone when it was sent, or could not be."""
        customer_id = call.request.match_info["id"]
        folder = await asyncio.to_thread(_new_folder, self._eraser.data_dir / EXPORTS)
        path = folder / "customer.zip"
        try:
            await give_out(call.services.database, customer_id, path, by=call.staff.id)
            return await _sent(call.request, path, f"customer-{customer_id}.zip")
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def erase(self, call: Call) -> shapes.ErasureReceipt:
        """It goes on to its end also where nobody waits for the answer any more."""
        customer_id = call.request.match_info["id"]
        try:
            done = await self._jobs.do(self._eraser.erase(customer_id, by=call.staff.id))
        except SetupError as error:
            words = f"It is not done yet. {error.where}: {error.problem}. {error.cure}"
            raise Conflict(words, code="broken_project") from error
        async with call.services.database.read() as uow:
            return _receipt(done, await views.people(uow, ()))

    async def erasures(self, call: Call) -> shapes.ErasureReceipts:
        query: ReceiptPage = call.query
        before = decode(query.cursor, 1)
        who = self._eraser.key.who(query.who) if query.who else None
        async with call.services.database.read() as uow:
            rows = await uow.erasures.page(
                before=before[0] if before else None, limit=query.limit, who=who
            )
            names = await views.people(uow, ())
        return shapes.ErasureReceipts(
            items=[_receipt(row, names) for row in rows],
            next=encode(rows[-1].id) if len(rows) == query.limit else None,
        )


async def customers(call: Call) -> shapes.FoundCustomers:
    found = await find_people(call.services.database, call.query.who)
    return shapes.FoundCustomers(items=[_customer(one) for one in found])


async def _sent(request: web.Request, path: Path, name: str) -> web.StreamResponse:
    disposition = content_disposition_header("attachment", filename=name)
    headers = {
        "Content-Disposition": disposition,
        "Content-Type": "application/zip",
        "Cache-Control": "private, no-store",
    }
    response = web.StreamResponse(headers=headers)
    file = await asyncio.to_thread(path.open, "rb")
    with file:
        await response.prepare(request)
        while block := await asyncio.to_thread(file.read, BLOCK):
            await response.write(block)
    await response.write_eof()
    return response


def _new_folder(parent: Path) -> Path:
    parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(dir=parent))


def _customer(found: FoundPerson) -> shapes.FoundCustomer:
    main = found.main
    return shapes.FoundCustomer(
        id=main.id,
        ids=[one.id for one in found.customers],
        name=main.name,
        email=main.email,
        reference=main.reference,
        addresses=[
            shapes.CustomerAddress(channel=one.channel, address=one.address)
            for one in found.identities
        ],
        conversations=found.conversations,
        last_seen_at=iso_or_none(found.last_seen_at),
    )


def _receipt(row: Erasure, names: People) -> shapes.ErasureReceipt:
    return shapes.ErasureReceipt(
        id=row.id,
        state=row.state,
        by=names.agent(row.user_id),
        created_at=iso(row.created_at),
        finished_at=iso_or_none(row.finished_at),
        erased=[
            shapes.ErasedRows(what=name, title=title_of(name), count=count)
            for name, count in sorted(row.counts.items())
        ],
        models=row.models,
    )

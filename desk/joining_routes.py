"""One customer on several channels: going on elsewhere, proving who one is, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, Field, StrictStr

from bot.carry_over import make_code
from bot.clock import iso
from bot.jobs import Jobs
from bot.join_undo import undo
from bot.messages import Connector, ReachableConnector
from bot.privacy.consent import require_consent
from bot.proof import Place, confirm, count_request, send_code
from desk import shapes
from desk.routes import Call, Route
from desk.widget_thread import CHANNEL

SEPARATORS = str.maketrans("", "", " -.()/")


class AddressOnFile(BaseModel):
    channel: StrictStr = Field(max_length=40)
    address: StrictStr = Field(max_length=400)


class ProofShown(BaseModel):
    code: StrictStr = Field(max_length=40)


class JoiningRoutes:
    """`connectors` bring codes to customers' addresses, in `jobs` of their own."""

    def __init__(self, connectors: Mapping[str, Connector], jobs: Jobs) -> None:
        self._connectors = connectors
        self._jobs = jobs

    def table(self) -> list[Route]:
        """For the staff."""
        return [
            Route(
                "POST",
                "/joins/{id}/undo",
                "agent",
                "Take two customers apart again",
                self.undo,
            )
        ]

    def widget_table(self) -> list[Route]:
        """For the widget's visitors."""
        return [
            Route(
                "POST",
                "/widget/codes",
                "customer",
                "A code to go on with on another channel",
                self.make_code,
                answer=shapes.CarryOver,
                status=201,
            ),
            Route(
                "POST",
                "/widget/proofs",
                "customer",
                "Send a code to the address I also write from",
                self.prove,
                body=AddressOnFile,
                answer=shapes.Begun,
                status=202,
            ),
            Route(
                "POST",
                "/widget/proofs/confirm",
                "customer",
                "The code that was sent to me",
                self.confirm,
                body=ProofShown,
                answer=shapes.Confirmed,
            ),
        ]

    async def make_code(self, call: Call) -> shapes.CarryOver:
        await require_consent(call.services, CHANNEL, call.customer.address)
        code, ends = await make_code(call.services, CHANNEL, call.customer.address)
        return shapes.CarryOver(
            code=code,
            expires_at=iso(ends),
            channels=[
                _reachable(connector, code)
                for connector in self._connectors.values()
                if isinstance(connector, ReachableConnector)
            ],
        )

    async def prove(self, call: Call) -> shapes.Begun:
        wanted: AddressOnFile = call.body
        visitor = Place(CHANNEL, call.customer.address)
        await require_consent(call.services, *visitor)
        await count_request(call.services, visitor)
        place = Place(wanted.channel, _as_stored(wanted.address))
        self._jobs.start(send_code(call.services, self._connectors, visitor, place))
        return shapes.Begun()

    async def confirm(self, call: Call) -> shapes.Confirmed:
        visitor = Place(CHANNEL, call.customer.address)
        await require_consent(call.services, *visitor)
        shown: ProofShown = call.body
        code = "".join(shown.code.split())
        await confirm(call.services, visitor, call.customer.claim, code)
        return shapes.Confirmed(joined=True)

    async def undo(self, call: Call) -> None:
        await undo(call.services, call.request.match_info["id"], call.staff)


def _reachable(connector: ReachableConnector, code: str) -> shapes.ReachableChannel:
    reach = connector.reach(code)
    return shapes.ReachableChannel(
        channel=connector.name, name=reach.name, address=reach.address, url=reach.url
    )


def _as_stored(address: str) -> str:
    """A telephone number without what people write between its digits; anything else as it is."""
    number = address.translate(SEPARATORS)
    return number if number.removeprefix("+").isdecimal() else address.strip()

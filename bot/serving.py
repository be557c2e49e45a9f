"""`warmline serve` and `warmline demo`: from settings to a server that answers."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import signal
import socket

from aiohttp import web
from rich.console import Console

from actions.context.demo import demo_customers, seed
from bot import demo
from bot.accounts import anybody
from bot.app import SERVICES, running
from bot.assistant.model import newest_model
from bot.assistant.training import Project, check_files
from bot.demo_log import MESSAGES, log_messages
from bot.errors import SetupError
from bot.events import Event
from bot.jobs import end
from bot.passwords import hash_password
from bot.services import Services
from bot.settings import Settings

SHUTDOWN_SECONDS = 5.0
NOBODY_YET = """Nobody can sign in yet. Make the first admin, who adds the others on
/console/access:
  warmline user add you@shop.example --name "Your Name" --role admin"""


async def serve(settings: Settings) -> None:
    """Serve until told to stop. Raises SetupError for anything that is wrong at the start."""
    console = Console(highlight=False, soft_wrap=True)
    project = Project(settings.project, settings.models)
    check_files(project)
    with contextlib.closing(_listen(settings)) as listening:
        if settings.demo:
            await _prepare_demo(settings, project, console)
        console.print("Starting Warmline …")
        async with running(settings) as app:
            services = app[SERVICES]
            database = services.database
            if settings.demo:
                await demo.add_staff(database, await hash_password(demo.PASSWORD))
                await demo.add_canned_replies(database, settings.project / demo.CANNED_REPLIES)
            elif await demo.remove_staff(database):
                console.print("The demo's sign-ins were locked: this is not the demo.")
            if not settings.demo and not await anybody(database):
                console.print(NOBODY_YET)
            past = asyncio.create_task(_log_past(services, settings))
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
            await runner.setup()
            try:
                await web.SockSite(runner, listening).start()
                _welcome(settings, console)
                await told_to_stop()
                console.print("Stopping …")
            finally:
                await end(past)
                await runner.cleanup()


async def _log_past(services: Services, settings: Settings) -> None:
    """The demo's lead finds something to review, and its customers need not wait for that."""
    if settings.demo:
        agent, *_ = demo.SIGN_INS
        if await log_messages(services, settings.project / MESSAGES, agent["email"]):
            # It was written past those who follow what happens: they look at all there is.
            await services.bus.publish(Event("resync", conversation_id=""))


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=1024)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SetupError(
                f"port {settings.port} is taken by another program",
                where="WARMLINE_PORT (--port)",
                cure=f"Stop that program, or choose another port: --port {settings.port + 1}.",
            ) from error
        raise SetupError(
            f"cannot listen on {settings.host}:{settings.port} ({error.strerror})",
            where="WARMLINE_HOST (--host), WARMLINE_PORT (--port)",
            cure="Use an address of this machine, and a port above 1023.",
        ) from error


async def _prepare_demo(settings: Settings, project: Project, console: Console) -> None:
    if newest_model(settings.models) is None:
        from bot.training_bar import train_with_bar

        console.print("First start: there is no model yet, so one is trained (about 20 s).")
        train_with_bar(project)
    try:
        await seed(settings.shop_database_url, site=settings.public_url)
    except ValueError as error:
        raise SetupError(
            str(error), where="WARMLINE_DATA_DIR (--data-dir)", cure="Name another data folder."
        ) from error


def _welcome(settings: Settings, console: Console) -> None:
    url = settings.public_url
    console.print("\n[bold]Warmline is ready.[/bold]  Stop with Ctrl+C.\n")
    console.print(f"  Shop with chat  {url}/")
    console.print(f"  Agent desk      {url}/desk")
    console.print(f"  Lead console    {url}/console")
    console.print(f"  API             {url}/api/v1/openapi.json\n")
    if settings.demo:
        emails = ", ".join(one["email"] for one in demo.SIGN_INS)
        console.print(f"  Sign in         {emails}")
        console.print(f"                  password {demo.PASSWORD}\n")
        for customer in demo_customers():
            numbers = ", ".join(order.number for order in customer.orders)
            postcode = customer.address.postcode
            console.print(f"  {customer.name:<19} {customer.note}: {numbers}, postcode {postcode}")
        console.print()


async def told_to_stop() -> None:
    """Wait for SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await stop.wait()

"""The composition root: the only place where things are wired."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from weakref import WeakSet

from aiohttp import web

from actions import documents
from actions.context import close_shop, shop, shop_url
from actions.context.demo import demo_customers
from actions.context.demo_mailbox import DemoMailbox
from bot.assistant.model import load_assistant
from bot.assistant.nlu.embedding import meaning_of, meanings_of
from bot.composing import Composing
from bot.coordination import coordinated
from bot.credentials import load_credentials
from bot.delivery import Delivery
from bot.demo import SIGN_INS
from bot.erasure.eraser import Eraser
from bot.erasure.following import following_erasures
from bot.erasure.keys import ErasureKey
from bot.insight.follower import following
from bot.intake import receive
from bot.jobs import GRACE_SECONDS, Jobs, end
from bot.knowledge.search import search_of
from bot.knowledge.shelf import FOLDER, shelf_of
from bot.learning.conflict_search import ConflictSearch
from bot.learning.drift_watch import watching_drift
from bot.learning.registry import Registry, note
from bot.learning.trainer import Trainer
from bot.live_model import Assistant, LiveModel
from bot.messages import (
    CallbackConnector,
    ClosingConnector,
    Connector,
    InboundMessage,
    SessionConnector,
    WebhookConnector,
    WindowedConnector,
)
from bot.model_files import ModelFiles
from bot.notifier import notifying
from bot.notifying import Outside
from bot.operations.disk_space import watch_disk
from bot.operations.health import HEALTH, Health
from bot.operations.loop_lag import watching_loop
from bot.privacy.policy_file import PolicyFile
from bot.privacy.quiet_logs import quieten
from bot.redis_link import RedisLink
from bot.review_follower import following_turns
from bot.rules_file import check_channels, check_names, current_rules, load_rules
from bot.services import Services
from bot.settings import DEFAULT_CREDENTIALS, Settings
from bot.shop import settle_shop
from bot.store.database import Database
from bot.store.schema import upgrade
from bot.subscriptions import secret_of
from bot.suggesting.articles import Articles
from bot.suggesting.canned import CannedReplies
from bot.suggesting.open_places import vocabulary_of
from bot.suggesting.past_answers import PastAnswers
from bot.turn import LONGEST_TURN_SECONDS
from bot.webhooks import Webhooks
from bot.worker import Worker
from connectors import CONNECTORS, connected
from connectors.base import Block
from connectors.socketio import SocketIOConnector
from connectors.web import WebConnector
from desk import (
    access_routes,
    account_routes,
    agent_routes,
    audit_routes,
    block_routes,
    callback_routes,
    canned_routes,
    dataset_routes,
    dead_letter_routes,
    decision_routes,
    insight_routes,
    label_routes,
    mention_routes,
    must_pass_routes,
    offer_routes,
    openapi,
    review_routes,
    signal_routes,
    snooze_routes,
    survey_routes,
    tag_routes,
    take_over_routes,
    turn_routes,
    turn_view_routes,
    webhook_bodies,
)
from desk.action_routes import ActionRoutes
from desk.attachment_routes import AttachmentRoutes
from desk.client_address import TRUSTED_PROXIES
from desk.conflict_routes import ConflictRoutes
from desk.conversation_routes import ConversationRoutes
from desk.customer_data_routes import CustomerDataRoutes
from desk.customer_panel import CustomerPanel
from desk.discovery_routes import DiscoveryRoutes
from desk.document_routes import DocumentRoutes
from desk.drift_routes import DriftRoutes
from desk.edge.admission import Admission
from desk.edge.headers import protect
from desk.edge.measuring import check_may_measure
from desk.edge.origins import PUBLIC_URL
from desk.file_routes import FileLinks, FileRoutes
from desk.help_pages import HelpPages
from desk.joining_routes import JoiningRoutes
from desk.knowledge_routes import KnowledgeRoutes
from desk.live_socket import LiveSocket
from desk.mailbox import MailboxRoutes
from desk.model_routes import ModelRoutes
from desk.pages import Pages
from desk.people_routes import PeopleRoutes
from desk.prepared_routes import PreparedRoutes
from desk.presence import Presence
from desk.redis_presence import opened_presence
from desk.request_ids import identified, tell
from desk.routes import API, Gate, Route
from desk.session_cookie import COOKIE, COOKIE_NAME, SECURE_COOKIE
from desk.sockets import OPEN_SOCKETS, close_all
from desk.staff_routes import StaffRoutes
from desk.suggestion_routes import SuggestionRoutes
from desk.summary_routes import SummaryRoutes
from desk.team_routes import TeamRoutes
from desk.visitors import VisitorTokens, customer_token
from desk.web import errors, log_requests
from desk.webhook_routes import WebhookRoutes
from desk.widget_routes import WidgetRoutes
from desk.widget_socket import WidgetSocket
from simulator.demo import simulated

SERVICES = web.AppKey("services", Services)
ROUTES = web.AppKey("routes", list[Route])
# A commit's or a parse's thread that is done waits so long for whoever computes; Python's own 5 ms
# made every acknowledgement and a tenth of all turns slower.
THREAD_SWITCH_SECONDS = 0.0002
LONGEST_BODY = 1024 * 1024  # bytes; webhooks read more
CUSTOMER_TOKEN_LASTS = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class Opened:
    """What serving and working have in common, checked and open."""

    services: Services
    connectors: Mapping[str, Connector]
    redis: RedisLink | None
    jobs: Jobs
    files: ModelFiles
    registry: Registry


@asynccontextmanager
async def running(
    settings: Settings, *, assistant: Assistant | None = None
) -> AsyncIterator[web.Application]:
    """Everything checked, opened, wired and at work; closed in the reverse order.

    `assistant` is one already loaded; otherwise the newest model is. Raises SetupError.
    """
    async with (
        _opened(settings, assistant, serves=True) as opened,
        opened_presence(opened.redis) as presence,
    ):
        delivery = Delivery(opened.services, opened.connectors)
        trainer = Trainer(opened.services, opened.registry, settings.project)
        key = opened.services.erasure_key
        eraser = Eraser(opened.registry, key, settings.project, settings.data_dir)
        app = _application(settings, opened, delivery, presence, trainer, eraser)
        async with (
            contextlib.aclosing(trainer),
            notifying(opened.services, _outside(settings)),
            following_turns(opened.services),
            watching_drift(opened.services, opened.jobs),
            following_erasures(opened.services, eraser, trainer),
            _at_work(opened.services, delivery, grace=GRACE_SECONDS),
            following(opened.services),
        ):
            yield app


@asynccontextmanager
async def working(
    settings: Settings, *, assistant: Assistant | None = None
) -> AsyncIterator[tuple[Services, Health]]:
    """Turns taken and messages delivered, and nothing served. Raises SetupError.

    Customers whose channel needs a connection have it with a serving process, which sends to them.
    """
    async with _opened(settings, assistant, serves=False) as opened:
        everywhere = {
            name: connector
            for name, connector in opened.connectors.items()
            if not isinstance(connector, SessionConnector)
        }
        delivery = Delivery(opened.services, everywhere)
        async with (
            notifying(opened.services, _outside(settings)),
            following_erasures(opened.services),
            _at_work(opened.services, delivery, grace=LONGEST_TURN_SECONDS),
        ):
            yield (
                opened.services,
                Health(opened.services, _pushed(everywhere), _may_measure(settings)),
            )


@asynccontextmanager
async def _opened(
    settings: Settings, assistant: Assistant | None, *, serves: bool
) -> AsyncIterator[Opened]:
    sys.setswitchinterval(THREAD_SWITCH_SECONDS)
    quieten()
    connectors = connected(_blocks(settings))
    for name, connector in connectors.items():
        if isinstance(connector, CallbackConnector):
            connector.callback_url = f"{settings.public_url}/webhooks/{name}/webhook"
    jobs = Jobs()
    rules_file = settings.project / "handoff.yml"
    rules = load_rules(rules_file)
    check_channels(rules, rules_file, CONNECTORS)
    privacy = PolicyFile(settings.project / "privacy.yml", settings.public_url)
    privacy.check(CONNECTORS)
    shelf_of(settings.project / FOLDER).check()
    watch_disk(settings.data_dir)
    database = Database(settings.database_url)
    try:
        await settle_shop(settings)
        with database.served_alone():
            async with coordinated(settings.redis_url, stands_back=serves) as shared:
                await upgrade(database)
                erasure_key = ErasureKey(settings.secret_key)
                if serves:
                    async with database.write() as uow:
                        await uow.erasures.serve_under(erasure_key.itself())
                registry = Registry(database, shared.bus, settings.models)
                check = partial(_check, rules_file)
                files = ModelFiles(settings.models, partial(_load, settings, check), check)
                async with (
                    watching_loop(),
                    _live_model(files, registry, assistant, check) as live,
                ):
                    services = Services(
                        database=database,
                        bus=shared.bus,
                        queue=shared.queue,
                        live=live,
                        rules_file=rules_file,
                        limits=shared.limits,
                        composing=Composing(connectors, jobs),
                        privacy=privacy,
                        windows={
                            name: each.window
                            for name, each in connectors.items()
                            if isinstance(each, WindowedConnector)
                        },
                        erasure_key=erasure_key,
                    )
                    yield Opened(services, connectors, shared.redis, jobs, files, registry)
    finally:
        await jobs.finish()
        for connector in connectors.values():
            if isinstance(connector, ClosingConnector):
                await connector.aclose()
        await close_shop()
        await database.aclose()


def _blocks(settings: Settings) -> dict[str, Block]:
    """The channels that are on. The demo has those it lacks by simulated providers, unless it was
    given a file of its own: that says what is wanted."""
    blocks: dict[str, Block] = {**load_credentials(settings.credentials, CONNECTORS)}
    if settings.demo and settings.credentials == settings.project / DEFAULT_CREDENTIALS:
        return {**simulated(settings.secret_key, settings.port), **blocks}
    return blocks


@asynccontextmanager
async def _at_work(services: Services, delivery: Delivery, *, grace: float) -> AsyncIterator[None]:
    worker = Worker(services, grace=grace)
    delivery.start()
    worker.start()
    try:
        yield
    finally:
        await worker.stop()
        await delivery.stop()


@asynccontextmanager
async def _live_model(
    files: ModelFiles,
    registry: Registry,
    assistant: Assistant | None,
    check: Callable[[Assistant], None],
) -> AsyncIterator[LiveModel]:
    """The given model, or the newest file's for as long as there is no newer one."""
    if assistant is not None:
        check(assistant)
        live = LiveModel(assistant)
        live.tell()
        yield live
        return
    live = LiveModel(await files.first())
    live.tell()
    following = asyncio.create_task(files.follow(live, registry.bus, partial(note, registry)))
    try:
        yield live
    finally:
        await end(following)
        live.close()


def _load(settings: Settings, check: Callable[[Assistant], None], model: Path) -> Assistant:
    loaded: Assistant = load_assistant(model, settings.project / "endpoints.yml")
    check(loaded)
    return loaded


def _check(rules_file: Path, assistant: Assistant) -> None:
    rules = current_rules(rules_file)
    check_names(rules, rules_file, intents=assistant.intents, slots=assistant.domain_slots)


def _application(
    settings: Settings,
    opened: Opened,
    delivery: Delivery,
    presence: Presence,
    trainer: Trainer,
    eraser: Eraser,
) -> web.Application:
    services, connectors, jobs = opened.services, opened.connectors, opened.jobs
    admission = Admission(services.limits)
    app = web.Application(
        middlewares=[identified, log_requests, errors, admission.admit],
        client_max_size=LONGEST_BODY,
    )
    web_channel = connectors.get("web")
    sites = web_channel.sites if isinstance(web_channel, WebConnector) else ()
    public_key = web_channel.customer_public_key if isinstance(web_channel, WebConnector) else None
    customer_secret = _customer_secret(settings, web_channel)
    own_secret = _derived(settings.secret_key, "widget")
    visitors = VisitorTokens(own_secret, customer_secret, public_key)
    joining = JoiningRoutes(connectors, jobs)
    articles = settings.project / FOLDER
    conflicts = ConflictSearch(jobs, settings.data_dir)
    services.memories.append(conflicts.forget)
    files = FileRoutes(FileLinks(settings.public_url, _derived(settings.secret_key, "files")))
    routes = [
        *StaffRoutes(presence).table(),
        *account_routes.table(),
        *PeopleRoutes(settings.public_url).table(),
        *access_routes.table(),
        *ConversationRoutes(CustomerPanel(shop())).table(),
        *agent_routes.table(),
        *TeamRoutes(presence).table(),
        *offer_routes.table(),
        *callback_routes.table(),
        *take_over_routes.table(),
        *PreparedRoutes(shop()).table(),
        *ActionRoutes(shop()).table(),
        *canned_routes.table(),
        *snooze_routes.table(),
        *block_routes.table(),
        *mention_routes.table(),
        *tag_routes.table(),
        *turn_routes.table(),
        *turn_view_routes.table(),
        *dataset_routes.table(),
        *DiscoveryRoutes(jobs).table(),
        *label_routes.table(),
        *review_routes.table(),
        *ConflictRoutes(conflicts).table(),
        *CustomerDataRoutes(eraser, jobs).table(),
        *DriftRoutes(settings.models).table(),
        *signal_routes.table(),
        *dead_letter_routes.table(),
        *decision_routes.table(),
        *survey_routes.table(),
        *ModelRoutes(opened.registry, trainer, opened.files.make_ready).table(),
        *must_pass_routes.table(),
        *audit_routes.table(),
        *insight_routes.table(),
        *WebhookRoutes(_outside(settings)).table(),
        *SummaryRoutes(meanings_of).table(),
        *_suggestions(settings, services, jobs).table(),
        *AttachmentRoutes(connectors).table(),
        *files.table(),
        *KnowledgeRoutes(partial(search_of, articles), settings.public_url).table(),
        *joining.table(),
        *LiveSocket(presence).table(),
    ]
    if web_channel is not None:
        routes += [
            *WidgetRoutes(visitors).table(),
            *WidgetSocket(visitors).table(),
            *survey_routes.widget_table(),
            *joining.widget_table(),
        ]
    Gate(services, visitors).mount(app, routes)
    described = openapi.Described(routes, version=version("warmline"), url=settings.public_url)
    app.router.add_get(f"{API}/openapi.json", described.handle)
    webhooks = Webhooks(services, connectors, settings.public_url, jobs)
    app.router.add_route("*", "/webhooks/{channel}/webhook", webhooks.handle)
    DocumentRoutes(documents.fetch).mount(app)
    files.mount(app, services)
    HelpPages(shelf_of(articles)).mount(app)
    app[HEALTH] = Health(services, _pushed(connectors), _may_measure(settings))
    app[HEALTH].mount(app)
    customers = partial(_demo_customers, customer_secret if settings.demo else None)
    Pages(
        services,
        sign_ins=SIGN_INS if settings.demo else (),
        customers=customers,
        channels=_elsewhere(connectors),
    ).mount(app)
    if settings.demo:
        mails = DemoMailbox(shop_url())
        app.on_cleanup.append(lambda _app: mails.aclose())
        secret = _derived(settings.secret_key, "mailbox")
        MailboxRoutes(mails, visitors, secret, customers).mount(app)
    socketio_channel = connectors.get("socketio")
    if isinstance(socketio_channel, SocketIOConnector):

        async def take_in(message: InboundMessage) -> None:
            await jobs.do(_receive(services, message))

        async def wake(channel: str, address: str) -> None:
            await jobs.do(delivery.wake(channel, address))

        socketio_channel.attach(app, receive=take_in, wake=wake)
    is_secure = settings.public_url.startswith("https://")
    app[COOKIE_NAME] = SECURE_COOKIE if is_secure else COOKIE
    app[TRUSTED_PROXIES] = settings.trusted_proxies
    app[PUBLIC_URL] = settings.public_url
    app.on_response_prepare.append(protect(sites, https=is_secure))
    app.on_response_prepare.append(tell)
    app[OPEN_SOCKETS] = WeakSet()
    app.on_shutdown.append(close_all)
    app[SERVICES] = services
    app[ROUTES] = routes
    return app


def _may_measure(settings: Settings) -> Callable[[web.Request], None]:
    return partial(check_may_measure, token=settings.metrics_token)


def _outside(settings: Settings) -> Outside:
    key = _derived(settings.secret_key, "webhooks")
    return Outside(settings.webhook_reach, partial(secret_of, key), webhook_bodies.write)


def _suggestions(settings: Settings, services: Services, jobs: Jobs) -> SuggestionRoutes:
    folder = settings.project / FOLDER

    def vocabulary() -> frozenset[str]:
        answers = (settings.project / "domain.yml").read_text(encoding="utf-8")
        articles = shelf_of(folder).articles()
        return vocabulary_of([answers, *(article.body for article in articles)])

    answers = PastAnswers(services.database, jobs, embed=meaning_of, vocabulary=vocabulary)
    services.memories.append(answers.forget)
    articles = Articles(partial(search_of, folder), settings.public_url)
    canned = CannedReplies(services.database, embed=meanings_of)
    sources = (answers.candidates, articles.candidates, canned.candidates)
    return SuggestionRoutes(sources, meaning_of)


def _pushed(connectors: Mapping[str, Connector]) -> list[str]:
    return [name for name, connector in connectors.items() if connector.delivery == "push"]


def _elsewhere(connectors: Mapping[str, Connector]) -> tuple[str, ...]:
    """The channels where a visitor of the widget can be found again: a provider's, with an address
    to write to."""
    return tuple(
        name
        for name, connector in connectors.items()
        if connector.delivery == "push" and isinstance(connector, WebhookConnector)
    )


async def _receive(services: Services, message: InboundMessage) -> None:
    await receive(services, message, text_field="message")


def _customer_secret(settings: Settings, channel: Connector | None) -> str | None:
    if isinstance(channel, WebConnector) and channel.customer_secret:
        return channel.customer_secret
    return _derived(settings.secret_key, "demo-shop") if settings.demo else None


def _demo_customers(secret: str | None) -> list[dict[str, str]]:
    if secret is None:
        return []
    return [
        {
            "reference": customer.reference,
            "name": customer.name,
            "email": customer.email,
            "note": customer.note,
            "token": customer_token(
                secret,
                reference=customer.reference,
                name=customer.name,
                email=customer.email,
                lasts=CUSTOMER_TOKEN_LASTS,
            ),
        }
        for customer in demo_customers()
    ]


def _derived(secret: str, purpose: str) -> str:
    """A key of its own for each purpose, so that a token of one is nothing to another."""
    return sha256(f"{purpose}:{secret}".encode()).hexdigest()

"""The web application: every route and page, wired to what is open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from importlib.metadata import version
from weakref import WeakSet

from aiohttp import web

from actions import documents
from actions.context import shop, shop_url
from actions.context.demo import demo_customers
from actions.context.demo_mailbox import DemoMailbox
from bot.app.opening import Opened
from bot.app.parts import derived, may_measure, outside, pushed
from bot.assistant.nlu.embedding import meaning_of, meanings_of
from bot.delivery import Delivery
from bot.demo import SIGN_INS
from bot.erasure.eraser import Eraser
from bot.intake import receive
from bot.jobs import Jobs
from bot.knowledge.search import search_of
from bot.knowledge.shelf import FOLDER, shelf_of
from bot.learning.conflict_search import ConflictSearch
from bot.learning.trainer import Trainer
from bot.messages import (
    Connector,
    InboundMessage,
    WebhookConnector,
)
from bot.operations.health import HEALTH, Health
from bot.services import Services
from bot.settings import Settings
from bot.suggesting.articles import Articles
from bot.suggesting.canned import CannedReplies
from bot.suggesting.open_places import vocabulary_of
from bot.suggesting.past_answers import PastAnswers
from bot.webhooks import Webhooks
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
from desk.edge.origins import PUBLIC_URL
from desk.edge.rates import OWN_LIMITS
from desk.edge.socketio_door import SocketIODoor
from desk.edge.unproven import UnprovenBodies
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

SERVICES = web.AppKey("services", Services)
ROUTES = web.AppKey("routes", list[Route])
LONGEST_BODY = 1024 * 1024  # bytes; webhooks read more
CUSTOMER_TOKEN_LASTS = timedelta(hours=12)


def application(
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
    own_secret = derived(settings.secret_key, "widget")
    visitors = VisitorTokens(own_secret, customer_secret, public_key)
    joining = JoiningRoutes(connectors, jobs)
    articles = settings.project / FOLDER
    conflicts = ConflictSearch(jobs, settings.data_dir)
    services.memories.append(conflicts.forget)
    files = FileRoutes(FileLinks(settings.public_url, derived(settings.secret_key, "files")))
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
        *WebhookRoutes(outside(settings)).table(),
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
    webhooks = Webhooks(services, connectors, settings.public_url, jobs, UnprovenBodies().read)
    app.router.add_route("*", "/webhooks/{channel}/webhook", webhooks.handle)
    DocumentRoutes(documents.fetch).mount(app)
    files.mount(app, services)
    HelpPages(shelf_of(articles)).mount(app)
    app[HEALTH] = Health(services, pushed(connectors), may_measure(settings))
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
        secret = derived(settings.secret_key, "mailbox")
        MailboxRoutes(mails, visitors, secret, customers).mount(app)
    socketio_channel = connectors.get("socketio")
    if isinstance(socketio_channel, SocketIOConnector):

        async def take_in(message: InboundMessage) -> None:
            await jobs.do(_receive(services, message))

        async def wake(channel: str, address: str) -> None:
            await jobs.do(delivery.wake(channel, address))

        door = SocketIODoor(sites, shared=services.limits, own=admission.own)
        socketio_channel.attach(app, receive=take_in, wake=wake, door=door)
    is_secure = settings.public_url.startswith("https://")
    app[COOKIE_NAME] = SECURE_COOKIE if is_secure else COOKIE
    app[TRUSTED_PROXIES] = settings.trusted_proxies
    app[PUBLIC_URL] = settings.public_url
    app.on_response_prepare.append(protect(sites, https=is_secure))
    app.on_response_prepare.append(tell)
    app[OWN_LIMITS] = admission.own
    app[OPEN_SOCKETS] = WeakSet()
    app.on_shutdown.append(close_all)
    app[SERVICES] = services
    app[ROUTES] = routes
    return app


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
    return derived(settings.secret_key, "demo-shop") if settings.demo else None


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

"""The tables, as Alembic's migrations make them. Every row about a person names its customer, so
that export and erasure find it, and when it was written."""

from __future__ import annotations

from bot.store.tables.access import (
    api_tokens,
    password_links,
    sign_in_failures,
    sign_in_places,
)
from bot.store.tables.auditing import audit_log
from bot.store.tables.blocking import blocks
from bot.store.tables.columns import UtcDateTime, metadata
from bot.store.tables.delivering import early_receipts, notices, outbox, subscriptions
from bot.store.tables.erasing import erased_messages, erasures, serving_key
from bot.store.tables.handing_off import (
    handoffs,
    mentions,
    offers,
    past_answers,
    suggestions,
    surveys,
    tags,
    wrap_ups,
)
from bot.store.tables.insight import contact_days, contact_marks, contacts, gone_days, stale_days
from bot.store.tables.learning import (
    cluster_turns,
    clusters,
    discoveries,
    drift_days,
    labels,
    models,
    must_pass,
    new_intents,
)
from bot.store.tables.people import customers, identities, joins, one_time_codes, opt_outs
from bot.store.tables.reviewing import review_cursor, review_groups, reviews
from bot.store.tables.staff import agents, canned_replies, sessions, turn_views, users
from bot.store.tables.talk import conversations, effects, files, messages, signals, trackers, turns

__all__ = [
    "UtcDateTime",
    "agents",
    "api_tokens",
    "audit_log",
    "blocks",
    "canned_replies",
    "cluster_turns",
    "clusters",
    "contact_days",
    "contact_marks",
    "contacts",
    "conversations",
    "customers",
    "discoveries",
    "drift_days",
    "early_receipts",
    "effects",
    "erased_messages",
    "erasures",
    "files",
    "gone_days",
    "handoffs",
    "identities",
    "joins",
    "labels",
    "mentions",
    "messages",
    "metadata",
    "models",
    "must_pass",
    "new_intents",
    "notices",
    "offers",
    "one_time_codes",
    "opt_outs",
    "outbox",
    "password_links",
    "past_answers",
    "review_cursor",
    "review_groups",
    "reviews",
    "serving_key",
    "sessions",
    "sign_in_failures",
    "sign_in_places",
    "signals",
    "stale_days",
    "subscriptions",
    "suggestions",
    "surveys",
    "tags",
    "trackers",
    "turn_views",
    "turns",
    "users",
    "wrap_ups",
]

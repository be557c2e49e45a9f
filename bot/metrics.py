"""What `/metrics` counts. No label ever holds a text, an address or an id."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

turn_seconds = Histogram(
    "warmline_turn_seconds",
    "From reading a turn to its commit",
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
turns = Counter(
    "warmline_turns_total", "Turns that were committed, by what came of them", ["outcome"]
)
sends = Counter("warmline_sends_total", "What became of sends", ["channel", "outcome"])
provider_errors = Counter(
    "warmline_provider_errors_total",
    "Sends and looks that failed: refused, not_now, answer_lost, or error for a mistake of ours",
    ["channel", "kind"],
)
notices = Counter(
    "warmline_notices_total", "What became of tries to tell a subscriber", ["outcome"]
)
handoffs = Counter("warmline_handoffs_total", "Hand-offs the bot asked for", ["reason"])
first_replies = Counter(
    "warmline_first_replies_total",
    "First replies of agents to hand-offs with a service level, by whether it was kept",
    ["queue", "promise"],
)
retries = Counter("warmline_turn_retries_total", "Turns that failed and are to be tried again")
# Outcomes: signed_in, refused (a wrong address or password), limited (too many tries).
sign_ins = Counter("warmline_sign_ins_total", "Tries to sign in", ["outcome"])
loop_lag_seconds = Histogram(
    "warmline_loop_lag_seconds",
    "How much later than it wished a task of this process went on, looked at twice a second",
    buckets=(0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
database_wait_seconds = Histogram(
    "warmline_database_wait_seconds",
    "How long work waited for a connection to the database: to read, or for its turn to write",
    ["kind"],
    buckets=(0.0005, 0.002, 0.01, 0.05, 0.25, 1, 5, 30),
)
redis_away = Gauge(
    "warmline_redis_away", "1 while there is a Redis, and it did not answer when last asked"
)
disk_free_bytes = Gauge("warmline_disk_free_bytes", "What is free where the data folder is")
tasks = Gauge("warmline_tasks", "Tasks of this process that have not ended")
database_up = Gauge("warmline_database_up", "1 while the database can be read and written")
# Every serving process reads these from the same database: take the greatest, never the sum.
oldest_turn_seconds = Gauge(
    "warmline_oldest_turn_seconds", "How long the oldest pending turn has waited"
)
oldest_send_seconds = Gauge(
    "warmline_oldest_send_seconds",
    "How long the oldest message that can be sent has waited to be, held ones not counted",
    ["channel"],
)
dead_letters = Gauge(
    "warmline_dead_letters", "Turns and deliveries given up on that wait for a person", ["kind"]
)
unanswered_handoffs = Gauge(
    "warmline_unanswered_handoffs",
    "Hand-offs without a first reply: in_time, warned, or late by their service level",
    ["queue", "level"],
)
model_info = Gauge("warmline_model_info", "1 for the model that turns begin with", ["model"])
retention_run = Gauge(
    "warmline_retention_last_run_timestamp_seconds",
    "When this process last deleted what was kept long enough",
)
retention_deleted = Counter(
    "warmline_retention_deleted_total", "What was kept long enough and deleted", ["kind"]
)
drift = Gauge(
    "warmline_drift",
    "1 while customers write otherwise than in the weeks before: volume, confidence, refused, or "
    "the messages of some intents",
    ["measure"],
)

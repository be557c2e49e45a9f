"""The settings as options of the commands."""

from __future__ import annotations

OPTIONS = {
    "credentials": "channels and their keys (default credentials.yml)",
    "database-url": "sqlite:///PATH or postgresql://USER:PASSWORD@HOST/DATABASE"
    " (default a SQLite file in the data folder)",
    "redis-url": "lets several processes work together (default one process, without Redis)",
    "secret-key": "signs links and visitors; at least 32 characters. Other users of this machine"
    " can read options: better WARMLINE_SECRET_KEY_FILE, which names a file, as also with"
    " _DATABASE_URL_FILE, _REDIS_URL_FILE, _SHOP_TOKEN_FILE and _METRICS_TOKEN_FILE",
    "public-url": "what customers' browsers open",
    "host": "address to listen on (default 127.0.0.1)",
    "port": "port to listen on (default 8080)",
    "data-dir": "folder for everything Warmline writes (default var/)",
    "shop-url": "the shop's own API, in place of its database (docs/howto/your-shop-over-http.md)",
    "shop-token": "the bearer token for it",
    "shop-mapping": "how the shop's database is read, if its tables are not the demo shop's"
    " (docs/howto/your-shops-data.md)",
    "webhook-reach": "where webhooks may lead: public (default), loopback or private"
    " (docs/howto/webhooks.md)",
    "stop-grace": "seconds to serve on once told to stop, with /readyz at 503, so that a proxy"
    " notices (default 0)",
    "log-format": "text (default), or json for one object a line",
    "log-level": "debug, info, warning or error (default warning; a worker's info)",
    "trusted-proxies": "addresses or networks of your own proxies (default none): what they say of"
    " who connected is believed",
    "metrics-token": "the bearer token for /metrics (default: private addresses may read it)",
}
WORKER_OPTIONS = (
    "credentials",
    "database-url",
    "redis-url",
    "data-dir",
    "shop-url",
    "shop-token",
    "shop-mapping",
    "log-format",
    "log-level",
    "host",  # for its metrics' port
    "secret-key",  # with the public URL, for links to documents
    "public-url",
    "webhook-reach",
)
WORKER_PORT_OPTIONS = {
    "metrics-port": "port for /healthz, /readyz and /metrics of this worker (default none)",
}
SIMULATE_OPTIONS = ("credentials", "public-url", "host", "port", "secret-key", "data-dir")
MODEL_OPTIONS = ("database-url", "redis-url", "data-dir")

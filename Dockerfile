# Warmline in one image: `serve` (the default), `worker`, and every other command of `warmline`.
# compose.yaml runs it. No secret is in it: keys come in as files when it is started.
ARG PYTHON=3.10.19-slim-trixie
ARG UV=0.9.7

FROM ghcr.io/astral-sh/uv:${UV} AS uv

# --- what is installed, and a first model ------------------------------------------------------
FROM python:${PYTHON} AS build
COPY --from=uv /uv /usr/local/bin/uv
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
WORKDIR /app
# Packages first: they change less often than the code, and are 2 GB.
COPY pyproject.toml uv.lock .python-version README.md ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev --no-install-project
COPY actions ./actions
COPY bot ./bot
COPY connectors ./connectors
COPY desk ./desk
COPY simulator ./simulator
COPY data ./data
COPY config.yml domain.yml endpoints.yml handoff.yml privacy.yml ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev
# What is written while it runs goes into these, which are volumes; the rest may be read-only.
ENV PATH=/app/.venv/bin:$PATH XDG_CACHE_HOME=/app/var/cache RASA_CACHE_DIRECTORY=/app/var/rasa
RUN mkdir -p models var /state && chmod 750 var && warmline train && mv models var /state

# --- what runs ---------------------------------------------------------------------------------
FROM python:${PYTHON}
# pg_dump and pg_restore, for `warmline backup` and `restore`. Debian keeps a release's newest
# version alone, so that a pinned one could not be installed a month later.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --home-dir /app/var --shell /usr/sbin/nologin warmline
WORKDIR /app
COPY --from=build /app /app
COPY --from=build --chown=10001:10001 /state /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    XDG_CACHE_HOME=/app/var/cache RASA_CACHE_DIRECTORY=/app/var/rasa MPLCONFIGDIR=/app/var/cache \
    WARMLINE_HOST=0.0.0.0 WARMLINE_PORT=8080 WARMLINE_LOG_FORMAT=json \
    WARMLINE_CREDENTIALS=/run/secrets/credentials.yml
USER 10001:10001
VOLUME ["/app/models", "/app/var"]
EXPOSE 8080
STOPSIGNAL SIGTERM
# Whether it lives; whether it can work is /readyz, and no reason to restart it.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8080/healthz', timeout=4)"]
ENTRYPOINT ["warmline"]
CMD ["serve"]

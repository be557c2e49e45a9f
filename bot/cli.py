"""The `warmline` command."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.errors import SetupError, WarmlineError
from bot.operations.logs import configure
from bot.settings import load_settings

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
SCOPES = ("read", "write", "signals", "admin")
ROLES = ("agent", "lead", "admin", "program")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; problems that a person can mend are told without a stack trace."""
    wanted = _parser().parse_args(arguments)
    try:
        wanted.run(wanted)
    except SetupError as error:
        sys.exit(f"warmline: {error.where}: {error.problem}\n  {error.cure}")
    except WarmlineError as error:
        sys.exit(f"warmline: {error.message}")
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="warmline", description=__doc__)
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    demo = commands.add_parser("demo", help="train, seed the demo shop and serve everything here")
    demo.set_defaults(run=_serve, demo=True)
    serve = commands.add_parser("serve", help="serve the widget, the desk, the console and the API")
    serve.set_defaults(run=_serve, demo=False)
    for command in (demo, serve):
        _add_options(command, OPTIONS)

    work = commands.add_parser("worker", help="take turns and deliver, serving no customer")
    _add_options(work, WORKER_OPTIONS)
    _add_options(work, WORKER_PORT_OPTIONS)
    work.set_defaults(run=_work)

    doctor = commands.add_parser("doctor", help="tell what is wrong here, and how to mend it")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.add_argument("--offline", action="store_true", help="ask nothing of the internet")
    _add_options(doctor, OPTIONS)
    doctor.set_defaults(run=_doctor)

    backup = commands.add_parser("backup", help="write data, models and files into one archive")
    backup.add_argument("to", type=Path, metavar="TO", help="a file that is not there yet")
    _add_options(backup, ("database-url", "data-dir"))
    backup.set_defaults(run=_back_up)
    restore = commands.add_parser("restore", help="put back what `warmline backup` wrote")
    restore.add_argument("archive", type=Path, metavar="FROM")
    restore.add_argument("--replace", action="store_true", help="what is there now is lost")
    _add_options(restore, ("database-url", "data-dir"))
    restore.set_defaults(run=_restore)

    train = commands.add_parser("train", help="train a model from config.yml, domain.yml and data/")
    train.add_argument(
        "--labels",
        action="store_true",
        help="learn from leads' labels too, into a candidate; exit code 1 when the gate fails",
    )
    _add_options(train, MODEL_OPTIONS)
    train.set_defaults(run=_train)

    models = commands.add_parser("models", help="list the models that were trained or live")
    _add_options(models, MODEL_OPTIONS)
    models.set_defaults(run=_models)
    promote = commands.add_parser("promote", help="answer customers with this model")
    promote.add_argument("model", metavar="ID", help="as `warmline models` names it")
    rollback = commands.add_parser("rollback", help="answer with the model that was live before")
    for command, run in ((promote, _promote), (rollback, _rollback)):
        command.add_argument("--reason", help="kept in the audit log; needed against the gate")
        _add_options(command, MODEL_OPTIONS)
        command.set_defaults(run=run)

    evaluate = commands.add_parser("evaluate", help="measure how well config.yml's NLU understands")
    evaluate.add_argument("--train", type=Path, required=True, metavar="CSV", help="text,intent")
    asked = evaluate.add_mutually_exclusive_group(required=True)
    asked.add_argument(
        "--test", type=Path, metavar="CSV", help="what must be refused: out_of_scope"
    )
    asked.add_argument("--folds", type=int, metavar="N", help="cross-validate instead of --test")
    evaluate.add_argument("--json", type=Path, metavar="OUT", help="write the figures here")
    evaluate.add_argument("--plots", type=Path, metavar="DIR", help="write two SVG plots here")
    evaluate.set_defaults(run=_evaluate)

    replay = commands.add_parser(
        "replay", help="hold a candidate against the live model on the logged conversations"
    )
    replay.add_argument("model", nargs="?", help="its file or id (default: the newest candidate)")
    replay.add_argument("--against", metavar="MODEL", help="default: the newest in models/")
    replay.add_argument("--json", type=Path, metavar="OUT", help="write the report here")
    replay.add_argument(
        "--limit", type=int, default=20_000, metavar="N", help="logged turns at most"
    )
    _add_options(replay, ("database-url", "data-dir"))
    replay.set_defaults(run=_replay)

    simulate = commands.add_parser(
        "simulate", help="play a channel's provider against a running server, without an account"
    )
    simulate.add_argument("channel", help="as in credentials.yml; a demo has them all")
    simulate.add_argument("--address", help="who writes (default: somebody made up)")
    _add_options(simulate, SIMULATE_OPTIONS)
    simulate.set_defaults(run=_simulate)

    labels = commands.add_parser("labels", help="what leads labelled").add_subparsers(
        metavar="COMMAND", required=True
    )
    export = labels.add_parser("export", help="show what the labels change in the training data")
    written = export.add_mutually_exclusive_group()
    written.add_argument("--write", action="store_true", help="change the project's files")
    written.add_argument(
        "--output", type=Path, metavar="PATH", help="a .yml or .jsonl file, or a folder"
    )
    _add_options(export, ("database-url", "data-dir"))
    export.set_defaults(run=_export_labels)
    bring = labels.add_parser("import", help="label logged messages as a file says")
    bring.add_argument("file", type=Path, help="Rasa's NLU .yml, .csv (text,intent) or .jsonl")
    bring.add_argument("--as", dest="lead", metavar="EMAIL", help="whose labels they are")
    _add_options(bring, ("database-url", "data-dir"))
    bring.set_defaults(run=_import_labels)

    user = commands.add_parser("user", help="people and programs that sign in").add_subparsers(
        metavar="COMMAND", required=True
    )
    add = user.add_parser("add", help="add somebody who signs in; asks for the password")
    add.add_argument("email")
    add.add_argument("--name", required=True, help="what customers and colleagues read")
    add.add_argument("--role", choices=ROLES, default="agent")
    add.add_argument(
        "--queue", action="append", default=[], metavar="QUEUE", help="serves it (default: all)"
    )
    add.add_argument("--skill", action="append", default=[], metavar="WORD", help="has it")
    add.add_argument("--capacity", type=int, default=5, metavar="N", help="conversations at once")
    _add_options(add, ("database-url", "data-dir"))
    add.set_defaults(run=_add_user)

    revoke = user.add_parser("revoke", help="end an account; its conversations return to the queue")
    revoke.add_argument("email")
    _add_options(revoke, ("database-url", "data-dir"))
    revoke.set_defaults(run=_revoke_user)

    token = commands.add_parser("token", help="API tokens for programs").add_subparsers(
        metavar="COMMAND", required=True
    )
    made = token.add_parser("add", help="make one, and print it this once")
    made.add_argument("email", help="whose it is: it may what they may, and no more")
    made.add_argument("--name", required=True, help="what it is for")
    made.add_argument(
        "--scope", action="append", required=True, choices=SCOPES, help="what it is good for"
    )
    made.add_argument("--days", type=int, default=90, metavar="N", help="until it ends (90)")
    _add_options(made, ("database-url", "data-dir"))
    made.set_defaults(run=_add_token)
    customer = commands.add_parser("customer", help="a customer's data").add_subparsers(
        metavar="COMMAND", required=True
    )
    give_out = customer.add_parser("export", help="write everything that is held of one to a file")
    give_out.add_argument("--output", type=Path, metavar="ZIP", help="default customer-ID.zip")
    _add_options(give_out, ("database-url", "data-dir"))
    give_out.set_defaults(run=_export_customer)
    erase = customer.add_parser("erase", help="erase everything that is held of one, for good")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    _add_options(erase, (*MODEL_OPTIONS, "secret-key"))
    erase.set_defaults(run=_erase_customer)
    for command in (give_out, erase):
        command.add_argument(
            "who", help="customer id, the shop's reference, e-mail address, or channel:address"
        )
    retention = commands.add_parser(
        "retention", help="delete what was kept as long as privacy.yml says"
    )
    retention.add_argument("--dry-run", action="store_true", help="only say how much would go")
    _add_options(retention, ("database-url", "data-dir"))
    retention.set_defaults(run=_retain)

    database = commands.add_parser("db", help="the database").add_subparsers(
        metavar="COMMAND", required=True
    )
    upgrade = database.add_parser("upgrade", help="bring the database to this version's schema")
    _add_options(upgrade, ("database-url", "data-dir"))
    upgrade.set_defaults(run=_upgrade)
    return parser


def _add_options(parser: argparse.ArgumentParser, names: Sequence[str] | dict[str, str]) -> None:
    for name in names:
        variable = f"WARMLINE_{name.replace('-', '_').upper()}"
        help_text = OPTIONS.get(name) or WORKER_PORT_OPTIONS[name]
        parser.add_argument(f"--{name}", metavar="VALUE", help=f"{help_text} [{variable}]")


def _options(wanted: argparse.Namespace) -> dict[str, str | None]:
    return {
        name: value
        for name, value in vars(wanted).items()
        if name.replace("_", "-") in {*OPTIONS, *WORKER_PORT_OPTIONS}
    }


def _serve(wanted: argparse.Namespace) -> None:
    from bot.serving import serve

    settings = load_settings(_options(wanted), demo=wanted.demo, project=Path())
    configure(settings.log_format, settings.log_level or logging.WARNING)
    asyncio.run(serve(settings))


def _work(wanted: argparse.Namespace) -> None:
    from bot.working import work

    settings = load_settings(_options(wanted), demo=False, project=Path())
    configure(settings.log_format, settings.log_level or logging.INFO)
    asyncio.run(work(settings))


def _doctor(wanted: argparse.Namespace) -> None:
    from bot.operations.doctor import run

    sys.exit(run(_options(wanted), Path(), offline=wanted.offline, as_json=wanted.json))


def _back_up(wanted: argparse.Namespace) -> None:
    from bot.operations.backup.command import run_backup

    run_backup(load_settings(_options(wanted), demo=True, project=Path()), wanted.to)


def _restore(wanted: argparse.Namespace) -> None:
    from bot.operations.backup.command import run_restore

    settings = load_settings(_options(wanted), demo=True, project=Path())
    run_restore(settings, wanted.archive, replace=wanted.replace)


def _train(wanted: argparse.Namespace) -> None:
    if wanted.labels:
        from bot.learning.command import train_candidate

        settings = load_settings(_options(wanted), demo=True, project=Path())
        sys.exit(0 if asyncio.run(train_candidate(settings)) else 1)
    from bot.assistant.training import Project
    from bot.training_bar import train_with_bar

    train_with_bar(Project(Path(), Path("models")))


def _models(wanted: argparse.Namespace) -> None:
    from bot.learning.command import list_models

    asyncio.run(list_models(load_settings(_options(wanted), demo=True, project=Path())))


def _promote(wanted: argparse.Namespace) -> None:
    from bot.learning.command import promote_model

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(promote_model(settings, wanted.model, wanted.reason))


def _rollback(wanted: argparse.Namespace) -> None:
    from bot.learning.command import roll_back_model

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(roll_back_model(settings, wanted.reason))


def _evaluate(wanted: argparse.Namespace) -> None:
    from bot.learning.evaluation_report import evaluate

    evaluate(wanted.train, wanted.test, wanted.json, wanted.folds, wanted.plots)


def _replay(wanted: argparse.Namespace) -> None:
    from bot.learning.replay_command import replay

    if wanted.limit < 1:
        raise SetupError(f"{wanted.limit} turns", where="--limit", cure="Give 1 or more.")
    settings = load_settings(_options(wanted), demo=True, project=Path())
    if not replay(settings, wanted.model, wanted.against, wanted.json, wanted.limit):
        sys.exit(1)


def _simulate(wanted: argparse.Namespace) -> None:
    from bot.simulating import simulate

    # As the demo reads them: its own secret is what its simulated providers sign with.
    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(simulate(settings, wanted.channel, wanted.address))


def _export_labels(wanted: argparse.Namespace) -> None:
    from bot.learning.label_commands import export

    settings = load_settings(_options(wanted), demo=True, project=Path())
    export(settings.database_url, settings.project, write=wanted.write, output=wanted.output)


def _import_labels(wanted: argparse.Namespace) -> None:
    from bot.learning.label_commands import import_file

    settings = load_settings(_options(wanted), demo=True, project=Path())
    import_file(settings.database_url, settings.project, wanted.file, wanted.lead)


def _add_user(wanted: argparse.Namespace) -> None:
    from bot.accounts import add_user, open_database
    from bot.agents import check_serving
    from bot.records import Agent
    from bot.rules_file import load_rules

    settings = load_settings(_options(wanted), demo=True, project=Path())
    check_serving(load_rules(settings.project / "handoff.yml"), wanted.queue, wanted.capacity)
    serving = Agent("", tuple(wanted.queue), tuple(wanted.skill), wanted.capacity)
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline()

    async def add() -> None:
        async with open_database(settings.database_url) as database:
            await add_user(
                database,
                email=wanted.email,
                name=wanted.name,
                role=wanted.role,
                password=password.rstrip("\n"),
                serving=serving,
            )

    asyncio.run(add())
    print(f"{wanted.email} can sign in as {wanted.role}.")


def _revoke_user(wanted: argparse.Namespace) -> None:
    from bot.accounts import open_database, revoke_user

    settings = load_settings(_options(wanted), demo=True, project=Path())

    async def revoke() -> None:
        async with open_database(settings.database_url) as database:
            await revoke_user(database, wanted.email)

    asyncio.run(revoke())
    print(f"{wanted.email} can no longer sign in.")


def _add_token(wanted: argparse.Namespace) -> None:
    from bot.access.command import add_token

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(
        add_token(settings, wanted.email, wanted.name, scopes=wanted.scope, days=wanted.days)
    )


def _export_customer(wanted: argparse.Namespace) -> None:
    from bot.erasure.command import export

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(export(settings, wanted.who, wanted.output))


def _erase_customer(wanted: argparse.Namespace) -> None:
    from bot.erasure.command import erase, settings_of

    asyncio.run(erase(settings_of(_options(wanted)), wanted.who, sure=wanted.yes))


def _retain(wanted: argparse.Namespace) -> None:
    from bot.privacy.command import retain

    settings = load_settings(_options(wanted), demo=True, project=Path())
    asyncio.run(retain(settings, dry_run=wanted.dry_run))


def _upgrade(wanted: argparse.Namespace) -> None:
    from bot.accounts import open_database

    settings = load_settings(_options(wanted), demo=True, project=Path())

    async def upgrade() -> None:
        async with open_database(settings.database_url):
            pass

    asyncio.run(upgrade())
    print("The database is up to date.")

"""What the `warmline` command takes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot import commands
from bot.options import (
    MODEL_OPTIONS,
    OPTIONS,
    SIMULATE_OPTIONS,
    WORKER_OPTIONS,
    WORKER_PORT_OPTIONS,
)

SCOPES = ("read", "write", "signals", "admin")
ROLES = ("agent", "lead", "admin", "program")


def parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="warmline", description="The `warmline` command.")
    choices = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    demo = choices.add_parser("demo", help="train, seed the demo shop and serve everything here")
    demo.set_defaults(run=commands.serve, demo=True)
    serve = choices.add_parser("serve", help="serve the widget, the desk, the console and the API")
    serve.set_defaults(run=commands.serve, demo=False)
    for command in (demo, serve):
        _add_options(command, OPTIONS)

    work = choices.add_parser("worker", help="take turns and deliver, serving no customer")
    _add_options(work, WORKER_OPTIONS)
    _add_options(work, WORKER_PORT_OPTIONS)
    work.set_defaults(run=commands.work)

    doctor = choices.add_parser("doctor", help="tell what is wrong here, and how to mend it")
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.add_argument("--offline", action="store_true", help="ask nothing of the internet")
    _add_options(doctor, OPTIONS)
    doctor.set_defaults(run=commands.doctor)

    backup = choices.add_parser("backup", help="write data, models and files into one archive")
    backup.add_argument("to", type=Path, metavar="TO", help="a file that is not there yet")
    _add_options(backup, ("database-url", "data-dir"))
    backup.set_defaults(run=commands.back_up)
    restore = choices.add_parser("restore", help="put back what `warmline backup` wrote")
    restore.add_argument("archive", type=Path, metavar="FROM")
    restore.add_argument("--replace", action="store_true", help="what is there now is lost")
    _add_options(restore, ("database-url", "data-dir"))
    restore.set_defaults(run=commands.restore)

    train = choices.add_parser("train", help="train a model from config.yml, domain.yml and data/")
    train.add_argument(
        "--labels",
        action="store_true",
        help="learn from leads' labels too, into a candidate; exit code 1 when the gate fails",
    )
    _add_options(train, MODEL_OPTIONS)
    train.set_defaults(run=commands.train)

    models = choices.add_parser("models", help="list the models that were trained or live")
    _add_options(models, MODEL_OPTIONS)
    models.set_defaults(run=commands.models)
    promote = choices.add_parser("promote", help="answer customers with this model")
    promote.add_argument("model", metavar="ID", help="as `warmline models` names it")
    rollback = choices.add_parser("rollback", help="answer with the model that was live before")
    for command, run in ((promote, commands.promote), (rollback, commands.rollback)):
        command.add_argument("--reason", help="kept in the audit log; needed against the gate")
        _add_options(command, MODEL_OPTIONS)
        command.set_defaults(run=run)

    evaluate = choices.add_parser("evaluate", help="measure how well config.yml's NLU understands")
    evaluate.add_argument("--train", type=Path, required=True, metavar="CSV", help="text,intent")
    asked = evaluate.add_mutually_exclusive_group(required=True)
    asked.add_argument(
        "--test", type=Path, metavar="CSV", help="what must be refused: out_of_scope"
    )
    asked.add_argument("--folds", type=int, metavar="N", help="cross-validate instead of --test")
    evaluate.add_argument("--json", type=Path, metavar="OUT", help="write the figures here")
    evaluate.add_argument("--plots", type=Path, metavar="DIR", help="write two SVG plots here")
    evaluate.set_defaults(run=commands.evaluate)

    replay = choices.add_parser(
        "replay", help="hold a candidate against the live model on the logged conversations"
    )
    replay.add_argument("model", nargs="?", help="its file or id (default: the newest candidate)")
    replay.add_argument("--against", metavar="MODEL", help="default: the newest in models/")
    replay.add_argument("--json", type=Path, metavar="OUT", help="write the report here")
    replay.add_argument(
        "--limit", type=int, default=20_000, metavar="N", help="logged turns at most"
    )
    _add_options(replay, ("database-url", "data-dir"))
    replay.set_defaults(run=commands.replay)

    simulate = choices.add_parser(
        "simulate", help="play a channel's provider against a running server, without an account"
    )
    simulate.add_argument("channel", help="as in credentials.yml; a demo has them all")
    simulate.add_argument("--address", help="who writes (default: somebody made up)")
    _add_options(simulate, SIMULATE_OPTIONS)
    simulate.set_defaults(run=commands.simulate)

    labels = choices.add_parser("labels", help="what leads labelled").add_subparsers(
        metavar="COMMAND", required=True
    )
    export = labels.add_parser("export", help="show what the labels change in the training data")
    written = export.add_mutually_exclusive_group()
    written.add_argument("--write", action="store_true", help="change the project's files")
    written.add_argument(
        "--output", type=Path, metavar="PATH", help="a .yml or .jsonl file, or a folder"
    )
    _add_options(export, ("database-url", "data-dir"))
    export.set_defaults(run=commands.export_labels)
    bring = labels.add_parser("import", help="label logged messages as a file says")
    bring.add_argument("file", type=Path, help="Rasa's NLU .yml, .csv (text,intent) or .jsonl")
    bring.add_argument("--as", dest="lead", metavar="EMAIL", help="whose labels they are")
    _add_options(bring, ("database-url", "data-dir"))
    bring.set_defaults(run=commands.import_labels)

    user = choices.add_parser("user", help="people and programs that sign in").add_subparsers(
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
    add.set_defaults(run=commands.add_user)

    revoke = user.add_parser("revoke", help="end an account; its conversations return to the queue")
    revoke.add_argument("email")
    _add_options(revoke, ("database-url", "data-dir"))
    revoke.set_defaults(run=commands.revoke_user)

    token = choices.add_parser("token", help="API tokens for programs").add_subparsers(
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
    made.set_defaults(run=commands.add_token)
    customer = choices.add_parser("customer", help="a customer's data").add_subparsers(
        metavar="COMMAND", required=True
    )
    give_out = customer.add_parser("export", help="write everything that is held of one to a file")
    give_out.add_argument("--output", type=Path, metavar="ZIP", help="default customer-ID.zip")
    _add_options(give_out, ("database-url", "data-dir"))
    give_out.set_defaults(run=commands.export_customer)
    erase = customer.add_parser("erase", help="erase everything that is held of one, for good")
    erase.add_argument("--yes", action="store_true", help="do not ask")
    _add_options(erase, (*MODEL_OPTIONS, "secret-key"))
    erase.set_defaults(run=commands.erase_customer)
    for command in (give_out, erase):
        command.add_argument(
            "who", help="customer id, the shop's reference, e-mail address, or channel:address"
        )
    retention = choices.add_parser(
        "retention", help="delete what was kept as long as privacy.yml says"
    )
    retention.add_argument("--dry-run", action="store_true", help="only say how much would go")
    _add_options(retention, ("database-url", "data-dir"))
    retention.set_defaults(run=commands.retain)

    database = choices.add_parser("db", help="the database").add_subparsers(
        metavar="COMMAND", required=True
    )
    upgrade = database.add_parser("upgrade", help="bring the database to this version's schema")
    _add_options(upgrade, ("database-url", "data-dir"))
    upgrade.set_defaults(run=commands.upgrade)
    return parser


def _add_options(parser: argparse.ArgumentParser, names: Sequence[str] | dict[str, str]) -> None:
    for name in names:
        variable = f"WARMLINE_{name.replace('-', '_').upper()}"
        help_text = OPTIONS.get(name) or WORKER_PORT_OPTIONS[name]
        parser.add_argument(f"--{name}", metavar="VALUE", help=f"{help_text} [{variable}]")

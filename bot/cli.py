"""The `warmline` command."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from bot.command_line import parser
from bot.errors import SetupError, WarmlineError


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command; problems that a person can mend are told without a stack trace."""
    wanted = parser().parse_args(arguments)
    try:
        wanted.run(wanted)
    except SetupError as error:
        sys.exit(f"warmline: {error.where}: {error.problem}\n  {error.cure}")
    except WarmlineError as error:
        sys.exit(f"warmline: {error.message}")
    except KeyboardInterrupt:
        sys.exit(130)

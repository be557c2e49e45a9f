"""Custom actions inside this process: Rasa's own contract over rasa_sdk's executor, without HTTP.

An action that raises never leaves the customer without an answer: the failure is recorded for the
turn and set in the slot that the hand-off policy reads.
"""

from __future__ import annotations

import importlib
import json
import logging
from pathlib import Path
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.assistant.acting import acting
from bot.assistant.policy import FAILURE_SLOT
from bot.assistant.reply import ActionRun
from bot.errors import SetupError
from bot.slots import outside
from bot.yaml_file import read_mapping

log = logging.getLogger(__name__)


class InProcessEndpoint(EndpointConfig):  # type: ignore[misc]
    """An action endpoint that answers from this process."""

    def __init__(self, executor: ActionExecutor) -> None:
        # The selective domain keeps Rasa from sending the whole domain along with every call.
        super().__init__(url="in-process", enable_selective_domain=True)
        self._executor = executor

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Run the action; a rejection answers 400 as an action server would."""
        call = kwargs["json"]
        name = call["next_action"]
        try:
            async with outside():
                response = await self._executor.run(call)
        except ActionExecutionRejection as rejection:
            body = {"error": rejection.message, "action_name": rejection.action_name}
            raise ClientResponseError(400, "rejected", json.dumps(body)) from rejection
        except Exception as error:
            return record_failure(name, error)
        acting().ran.append(ActionRun(name))
        return dict(response or {"events": [], "responses": []})


class RecordedEndpoint(EndpointConfig):  # type: ignore[misc]
    """A remote action server, whose failures are recorded like those in this process."""

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        name = kwargs["json"]["next_action"]
        try:
            await acting().save_understanding()
            async with outside():
                response = await super().request(*args, **kwargs)
        except ClientResponseError as error:
            if error.status == 400:  # a rejection: the policies decide what follows
                raise
            return record_failure(name, error)
        except Exception as error:
            return record_failure(name, error)
        acting().ran.append(ActionRun(name))
        return response


def record_failure(action: str, error: Exception) -> dict[str, Any]:
    """Note the failure for the turn; the answer sets the slot that the hand-off policy reads."""
    # The exception's text may hold what the customer wrote: only its type is kept.
    kind = type(error).__name__
    log.error("action_failed action=%s error=%s", action, kind)
    acting().ran.append(ActionRun(action, kind))
    return {"events": [{"event": "slot", "name": FAILURE_SLOT, "value": action}], "responses": []}


def load_endpoint(endpoints: Path) -> EndpointConfig:
    """The action endpoint that `endpoints.yml` describes; `actions_module` wins over `url`."""
    content = read_mapping(
        endpoints, missing="Add it with `action_endpoint: {actions_module: actions}`."
    )
    settings = content.get("action_endpoint") or {}
    module = settings.get("actions_module")
    if module is None:
        if not settings.get("url"):
            raise SetupError(
                "neither `actions_module` nor `url` is set",
                where=f"{endpoints}, key 'action_endpoint'",
                cure="Set `actions_module: actions` to run the actions in this process.",
            )
        return RecordedEndpoint(**settings)
    try:
        importlib.import_module(module)
    except ImportError as error:
        raise SetupError(
            f"the module '{module}' cannot be imported: {error}",
            where=f"{endpoints}, key 'action_endpoint.actions_module'",
            cure="Correct the name, or the import that fails inside it.",
        ) from error
    executor = ActionExecutor()
    executor.register_package(module)
    return InProcessEndpoint(executor)

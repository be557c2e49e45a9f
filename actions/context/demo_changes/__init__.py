"""The changes of the demo shop, made by its own systems: once under a key, whole or not at all."""

from actions.context.demo_changes.transaction import CHANGES, apply_to_file, apply_to_server

__all__ = ["CHANGES", "apply_to_file", "apply_to_server"]

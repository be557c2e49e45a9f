"""Slack: what people write to the app, and what it answers."""

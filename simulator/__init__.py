"""Providers that run here: they send signed webhooks and take messages, as the real ones do."""

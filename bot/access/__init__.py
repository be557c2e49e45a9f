"""Who gets in: passwords, sessions, API tokens, the people, and secrets."""

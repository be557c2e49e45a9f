"""Who gets in: proving a password, sessions, API tokens, the people, and what keeps secrets secret."""

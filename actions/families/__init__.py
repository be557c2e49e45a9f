"""The requests themselves, one family a file: what each needs to know, and what comes of it."""

"""The shop's articles: what the bot quotes, agents search, and customers read under `/help`."""

"""The measurements the README quotes, each one command."""

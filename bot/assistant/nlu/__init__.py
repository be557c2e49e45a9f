"""Components of the understanding, for `config.yml`."""

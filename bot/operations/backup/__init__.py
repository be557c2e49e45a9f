"""`warmline backup` and `warmline restore`: everything but the secrets, as one file."""

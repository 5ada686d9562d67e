"""The made-up country of ``blackspot demo``."""

"""The project file, ``blackspot.toml``: typed models, every mistake with its line."""

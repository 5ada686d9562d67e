"""The use cases: the only place where data, coverage and maps meet."""

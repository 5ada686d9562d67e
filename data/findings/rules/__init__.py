"""One rule per code, by what the code is about."""

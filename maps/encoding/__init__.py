"""Shapes and tables as the bytes that a page decodes."""

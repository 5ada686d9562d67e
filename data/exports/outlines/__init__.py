"""Outlines with fewer vertices, and outlines of provinces made of those of communes."""

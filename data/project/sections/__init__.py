"""Sections of the project file that have a module of their own."""

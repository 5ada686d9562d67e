"""Sections of the project file that stand alone, and the values of all of them."""

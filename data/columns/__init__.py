"""The published columns: what each is called, holds and means, and what the files make of it."""

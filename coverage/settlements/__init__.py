"""Whether villages and facilities have a signal, and how that agrees with what was reported."""

"""Whether a delivery may be true: one set of rules for a run and for one file."""

"""A second process for trusted work of a run, so that two processors share it."""

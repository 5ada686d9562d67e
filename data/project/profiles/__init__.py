"""Gap profiles as files: those that ship, and those of a user, as what a project starts from."""

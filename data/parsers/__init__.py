"""What the child process does with a staged file. Imported by no other process."""

"""What single vector formats need beside their reader: checks before it opens a file, and counts to compare with."""

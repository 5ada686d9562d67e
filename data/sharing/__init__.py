"""Files that runs have alike, kept once on disk."""

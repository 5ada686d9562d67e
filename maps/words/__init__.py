"""Everything said in vi and en about a run."""

"""What changed between two runs: people gained and lost, and what became of black spots."""

"""What a worker does ahead of a run, while the run itself does something else."""

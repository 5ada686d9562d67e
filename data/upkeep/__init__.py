"""What keeps an output folder in order: proof of every file, retention, runs that wait for approval, gates."""

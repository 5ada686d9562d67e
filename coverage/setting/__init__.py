"""Rural, border, island."""

"""What earlier runs left of black spots: outlines by their cells, distances by their places."""

"""Clusters of failing cells: outline, place, distance to coverage."""

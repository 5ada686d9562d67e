"""Polygons become spans on one grid."""

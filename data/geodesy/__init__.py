"""Reference systems, datum shifts, true areas, distances and buffers."""

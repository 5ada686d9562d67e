"""What the program calls to read a vector, table, raster or signal file. Nothing here parses a stranger's bytes."""

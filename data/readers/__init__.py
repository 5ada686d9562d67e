"""What the program calls to read a vector, table, raster or signal file; untrusted bytes are parsed elsewhere."""

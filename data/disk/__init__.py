"""Files on disk: written whole or not at all, copied without following links, hashed, arrays kept with checksums."""

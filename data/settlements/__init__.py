"""Villages, reported villages and facilities: points and outlines that should be covered; and former names of communes."""

"""Facts about Viet Nam that decrees and registers state, each with its source and its day."""

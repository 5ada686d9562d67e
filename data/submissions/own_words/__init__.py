"""What a coverage file says of its own rows: which of them count, by the words in its columns."""

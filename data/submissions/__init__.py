"""What operators hand in: read, doubted, taken in, replaced by the last good version."""

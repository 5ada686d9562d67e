"""The end of a run, of a check, of a history: blocks of text, or one line of JSON."""

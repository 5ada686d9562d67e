"""Words and numbers: names, slugs, Vietnamese spelling, figures in vi and en, what may be printed."""

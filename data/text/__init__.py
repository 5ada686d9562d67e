"""Words and numbers: the catalogue of all sentences, figures in vi and en, names, slugs, what may be printed."""

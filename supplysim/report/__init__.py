"""A comparison as people read it: words, tables, figures, the page, files. Experiments do not know it."""

"""Pages about the model; `writers/` makes those that are generated."""

"""Writers of generated pages: run from the root of a source tree, not installed."""

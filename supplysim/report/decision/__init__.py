"""A decision as tables and sentences: on the screen, as a page, in the brief, and for notebooks. All say the same."""

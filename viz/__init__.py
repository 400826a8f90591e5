"""The Solara app."""

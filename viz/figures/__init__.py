"""Figures as plain data: what the browser draws, the same numbers as a table, where they come from. No Solara."""

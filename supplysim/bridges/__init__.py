"""Bridges to programs that others know: one small file each, nothing of theirs imported before it is asked for."""

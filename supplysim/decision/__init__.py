"""What a choice among policies is worth: how robust it is, what would flip it, and what to find out first."""

"""What each verb takes. What it does stands in a file of its own in `cli`, imported when asked."""

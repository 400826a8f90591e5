"""What is made of many runs: summaries, the emulator that answers at once."""

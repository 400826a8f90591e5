"""What is made of many runs: facts, limits and targets scored, calibration, and the emulator that answers at once."""

"""What is made of many runs: scores, calibration, sensitivity, and the emulator that answers at once."""

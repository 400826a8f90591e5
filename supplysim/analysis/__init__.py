"""What is made of many runs: facts, limits, targets and lessons scored, calibration, sensitivity, the emulator."""

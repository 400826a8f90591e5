"""How anything is noticed: one signal-detection test, and one small declaration a channel."""

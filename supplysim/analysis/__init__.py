"""What the model is worth: stylised facts, limit cases, conservation and targets, scored from runs."""

"""What the model is held against: limit cases, conservation, published targets and stylised facts, scored."""

"""From a scenario and a seed to a world: the file and its schema, published inputs, the population of firms."""

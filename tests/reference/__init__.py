"""A second model: the world of `minimal` firm by firm in plain Python, slow, written without the engine's rules.

It shares with the engine the evidence tables, the parameters and the names of the random streams; draws, set-up
and all behaviour are written again. It has what `minimal` needs and no more: no policies, fronts or features.
"""

"""How fast the model is, how much memory it takes, and how much common random numbers save: `make bench`.

One file a benchmark. Each has `measure`, which returns figures and prints nothing; `__main__` shows them and
writes `out/bench.json`. Nothing here passes or fails: speed depends on the machine, so it is reported and
never tested.
"""

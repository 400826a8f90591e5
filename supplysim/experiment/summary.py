"""What a store says about every policy in it, straight from its files: paired effects without loading a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supplysim.experiment.run_table import ACCOUNT
from supplysim.experiment.store import Store

if TYPE_CHECKING:
    import pyarrow as pa

SAME_WORLD = "(rules, scenario, parameters, seed, first_week)"


def summary(store: Store) -> pa.Table:
    """Return one row a scenario, policy and entry of the account; an effect is policy minus baseline of a pair.

    Columns: scenario, policy, entry, pairs, baseline_median, policy_median, effect_median, effect_p05, effect_p95,
    effect_mean, effect_se, relative_effect, share_down.
    """
    columns = store.query("SELECT * FROM runs LIMIT 0").column_names
    entries = [name for name in columns if name.startswith(ACCOUNT)]
    each = ", ".join(
        f"{{'entry': '{name.removeprefix(ACCOUNT)}', 'a': b.\"{name}\"::DOUBLE, 'b': p.\"{name}\"::DOUBLE}}"
        for name in entries
    )
    return store.query(
        f"""
        WITH pairs AS (
            SELECT scenario, p.policy AS policy, unnest([{each}], recursive := true)
            FROM runs AS p JOIN runs AS b USING {SAME_WORLD} WHERE b.policy = 'baseline' AND p.policy <> 'baseline'
        )
        SELECT scenario, policy, entry, count(*) AS pairs, median(a) AS baseline_median, median(b) AS policy_median,
            median(b - a) AS effect_median, quantile_cont(b - a, 0.05) AS effect_p05,
            quantile_cont(b - a, 0.95) AS effect_p95, avg(b - a) AS effect_mean,
            stddev_samp(b - a) / sqrt(count(*)) AS effect_se, avg(b - a) / nullif(avg(a), 0) AS relative_effect,
            avg((b < a)::INTEGER) AS share_down
        FROM pairs GROUP BY ALL ORDER BY ALL
        """
    )

"""What a type checker sees of the public names: their types, and a mistake that it can point at."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPT = """
import supplysim as ss

effects = ss.compare("baseline-2024", [ss.policies.Whistleblower(award_share=0.3), "border=0.5"], pairs=4)
reveal_type(effects)
reveal_type(effects.effect("border=0.5"))
reveal_type(effects.save("out"))
reveal_type(ss.attribute("minimal", "border+cooperation"))
reveal_type(ss.SupplyChain("minimal", rng=7))
reveal_type(ss.Scenario.load("minimal"))
ss.compare("baseline-2024", pears=4)
"""
SEEN = (
    '"supplysim.api.Study"',
    '"supplysim.experiment.statistics.PairedEffect"',
    "list[pathlib",
    'Attribution"',
    '"supplysim.model.SupplyChain"',
    '"supplysim.setup.scenario.Scenario"',
)


@pytest.mark.slow
def test_a_users_script_is_checked(tmp_path):
    pytest.importorskip("mypy")
    (tmp_path / "script.py").write_text(SCRIPT)
    config = tmp_path / "mypy.ini"
    config.write_text(
        "[mypy]\nfollow_imports = silent\nignore_missing_imports = True\n[mypy-numba.*]\nfollow_imports = skip\n"
    )
    command = [sys.executable, "-m", "mypy", "--config-file", config, "--cache-dir", ROOT / ".mypy_cache", "script.py"]
    where = {"cwd": tmp_path, "env": os.environ | {"MYPYPATH": str(ROOT)}}  # an editable install hides from mypy
    said = subprocess.run(command, capture_output=True, text=True, **where, timeout=1200).stdout.splitlines()
    notes = [line for line in said if "Revealed type" in line]
    assert len(notes) == len(SEEN), said
    for note, seen in zip(notes, SEEN, strict=True):
        assert seen in note
    errors = [line for line in said if "error:" in line]
    assert len(errors) == 1, said
    assert "pears" in errors[0]

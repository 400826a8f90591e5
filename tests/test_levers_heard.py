"""Announced rules are heard: traders fear what leads and cases together bring (MODEL 16.4)."""

from supplysim.model import SupplyChain


def heard(*policies, **parameters):
    model = SupplyChain("baseline-2024", [f"{policy}@2024-06" for policy in policies], rng=3, parameters=parameters)
    model.run(130)
    return float(model.world.market["heard"][0, 0])


def test_more_staff_and_more_tips_are_heard_and_reinforce_each_other():
    nothing, staff, tips = heard(), heard("enforcement_budget"), heard("whistleblower")
    both = heard("enforcement_budget", "whistleblower")
    assert nothing == 1.0
    assert staff > 1.05
    assert tips > 1.05
    assert both > max(staff, tips)
    assert both - 1.0 > (staff - 1.0) + (tips - 1.0)  # leads and cases are needed together


def test_what_is_heard_grows_with_strength_and_belief():
    assert 1.0 < heard("enforcement_budget=0.3") < heard("enforcement_budget=1")
    assert 1.0 < heard("whistleblower", announcement=0.3) < heard("whistleblower", announcement=1.0)


def test_without_announcement_nothing_is_heard():
    assert heard("enforcement_budget", "whistleblower", announcement=0.0) == 1.0


def test_place_checks_are_not_counted_among_what_ends_in_a_case():
    assert heard("location_verification") == 1.0

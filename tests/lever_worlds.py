"""What the tests of levers share: one baseline, what each lever may move, and how far it moves it."""

from supplysim.detection import channels
from supplysim.policies.registry import levers
from supplysim.setup.population import build
from supplysim.setup.scenario import Scenario
from supplysim.world.columns import GENERATIONS
from supplysim.world.conditions import shifted

_, BASE = build(Scenario.load("baseline-2024"), (), 3)
START = BASE.policy_start
LAST = BASE.weeks - 1
SG, MY = BASE.countries.index("SG"), BASE.countries.index("MY")
US, CN = BASE.countries.index("US"), BASE.countries.index("CN")
ABROAD = [row for row in range(len(BASE.countries)) if row not in (US, CN)]
TRADING = [US, *ABROAD]
VENDORS = list(range(len(BASE.vendors)))
H_CLASS = 1
FOR_CHINA = GENERATIONS  # chips made for China, the last that licences cover
ALL = slice(None)  # one number for the whole world

# Lever -> the only effective parameters it may move, and where along their second axis.
MOVES = {
    "due_diligence": dict.fromkeys(
        ("screening_exposure", "screening_sensitivity", "screening_threshold", "screening_report"), VENDORS
    ),
    "notification": {"notification_exposure": VENDORS, "screening_sensitivity": VENDORS},
    "location_verification": {"reporting_share": VENDORS, "place_checks": ALL},
    "intelligence": {"exposure": [channels.INTELLIGENCE], "sensitivity": [channels.INTELLIGENCE]},
    "whistleblower": {"exposure": [channels.TIP], "threshold": [channels.TIP]},
    "enforcement_budget": {"investigators": [0]},
    "border": {"border_exposure": TRADING},
    "close_country": dict.fromkeys(("closed", "border_exposure", "inspection_max", "customs_delay", "hop_alarm"), [SG]),
    "cooperation": {"cooperation": ABROAD, "willingness": ABROAD, "border_exposure": ABROAD},
    "end_use_checks": {"exposure": [channels.END_USE]},
    "kill_switch": {"switch_share": VENDORS, "disable_hazard": VENDORS, "false_disable": ALL, "honest_scale": ALL},
    "legal_supply": {"licensed_quota": [H_CLASS]},
    "marketplace": {"exposure": [channels.MARKETPLACE]},
    "penalties": {"fine_ratio": ALL},
    "remote_kyc": {"rentable_share": TRADING},
    "tighter_controls": {"licensed_quota": [FOR_CHINA]},
    "buyer_list": {"access": TRADING},
    "domestic_inputs": {"domestic_capacity": ALL},
    "graded_duty": {"graded_exposure": ALL, "graded_sensitivity": ALL},
    "parent_headquarters": {"offshore_share": ALL},
    "targeting": {"targeting": TRADING},
    "tip_priority": {"tip_first": [0]},
}


def make(lever, **values):
    """Return a lever; one that needs a country acts in Singapore unless another is named."""
    kind = levers()[lever]
    return kind(**({"countries": ["SG"]} if kind.needs_scope else {}) | values).drawn(BASE.values)


def conditions(*policies):
    return shifted(BASE.conditions, [shift for policy in policies for shift in policy.shifts(BASE)])


def moved(policy):
    """Return how far a policy moves each effective parameter, shape (weeks, ...), where it moves it."""
    after = conditions(policy)
    change = {name: after[name] - BASE.conditions[name] for name in after.dtype.names if name != "announcing"}
    return {name: amount for name, amount in change.items() if amount.any()}


def bits(table):
    """Return the bytes of every effective parameter, without the gaps between columns."""
    return {name: table[name].tobytes() for name in table.dtype.names}

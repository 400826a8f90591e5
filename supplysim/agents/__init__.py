"""Who acts: one file a kind, with its columns and its scalar decision rules; `views` holds the Mesa agents."""

from typing import Any

VIEWS = ("Vendor", "Distributor", "EndUser", "Intermediary", "Buyer", "Enforcer")


def __getattr__(name: str) -> Any:
    """Offer the Mesa agents by name; they load Mesa, which rules and phases do without."""
    if name not in VIEWS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from supplysim.agents import views

    return getattr(views, name)

"""Who acts: one file a kind, with its columns, its scalar decision rules and its Mesa agent."""

from supplysim.agents.buyer import Buyer
from supplysim.agents.distributor import Distributor
from supplysim.agents.end_user import EndUser
from supplysim.agents.enforcer import Enforcer
from supplysim.agents.intermediary import Intermediary
from supplysim.agents.vendor import Vendor

KINDS = (Vendor, Distributor, EndUser, Intermediary, Buyer, Enforcer)

__all__ = ["KINDS", "Buyer", "Distributor", "EndUser", "Enforcer", "Intermediary", "Vendor"]

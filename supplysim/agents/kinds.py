"""Every kind of firm and agency, those that sell before those that buy from them."""

from __future__ import annotations

from supplysim.agents import buyer, distributor, end_user, enforcer, intermediary, vendor
from supplysim.world.kind import Kind

KINDS: tuple[Kind, ...] = (vendor.KIND, distributor.KIND, end_user.KIND, intermediary.KIND, buyer.KIND, enforcer.KIND)
BY_NAME = {kind.name: kind for kind in KINDS}

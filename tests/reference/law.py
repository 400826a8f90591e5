"""Agencies: leads, search, dossiers, looks, cases, what is seized while they last, and what becomes of them."""

import math
from types import SimpleNamespace

from supplysim.evidence import table

from .draws import CHANNEL, logistic, lognormal, normal, phi
from .inputs import AGENCIES, COUNTRIES
from .market import alive

CHANNELS = [row["code"] for row in table("channels")]
WATCHING = ("end_use", "tip", "marketplace", "intelligence")
US = 0
FORGOTTEN = 0.05
SAFE_WEEKS = 2
FINE_SCOPE = 2.0


class Agencies:
    """All agencies, their desks (one a target), and their open cases in the order of opening."""

    def __init__(self, w):
        self.w, self.p = w, w.p
        self.traits = {row["code"]: row for row in table("channels")}
        self.full_staff = [w.p["investigators"] * float(row["staff_share"]) for row in AGENCIES]
        self.staff = self.full_staff
        names = [row["code"] for row in AGENCIES]
        self.home = [
            names.index(row["agency"]) if row["agency"] in names else len(names) - 1 for row in table("countries")
        ]
        self.desks = {}  # (agency, identity of target) -> dossier, in the order of opening
        self.cases = []
        p = w.p
        self.screening_weight = self.weight("screening", p["screening_sensitivity"], p["screening_threshold"], 1.0)
        self.border_weight = self.weight("border", p["stopped_sensitivity"], p["stopped_threshold"], 1.0, 0.0)

    def concealable(self, channel):
        value = float(self.traits[channel]["concealable"])
        return self.p["concealment"] if value == 1.0 else value

    def weight(self, channel, sensitivity, threshold, size, skill=None):
        """Return the log-likelihood ratio of a flag."""
        skill = self.p["sophistication"] if skill is None else skill
        hits = phi(sensitivity * (1.0 - self.concealable(channel) * skill) - threshold)
        return math.log(size * hits / (float(self.traits[channel]["honest_factor"]) * phi(-threshold)))

    def identity(self, target):
        return target.key if hasattr(target, "shell") else len(self.w.slots) + target.key

    def lead(self, channel, target, true, weight, today):
        """Send a lead to the US bureau or the host, perhaps to both."""
        w, host = self.w, self.home[target.country]
        slot = self.identity(target) * len(CHANNELS) + CHANNELS.index(channel)
        to_us = host != US and w.draw("referral", w.week, slot, 0) < float(self.traits[channel]["to_us"])
        agency = US if to_us else host
        self.file(agency, target, weight)
        if host != US and w.draw("referral", w.week, slot, 1) < self.p["referral"]:
            self.file(host if agency == US else US, target, weight)
        today.leads[CHANNELS.index(channel)][int(true)] += 1

    def file(self, agency, target, weight):
        desk = self.desks.setdefault(
            (agency, self.identity(target)),
            SimpleNamespace(agency=agency, target=target, evidence=0.0, looked=False, ready=False, on_case=False),
        )
        desk.evidence = min(self.p["evidence_cap"], desk.evidence + weight * (1.0 if desk.evidence <= 1.0 else 0.5))

    def watch(self, today):
        """Let the channels that watch firms flag some; honest users too."""
        w, p = self.w, self.p
        for trader in w.active():
            trader.recent_volume *= p["recent_memory"]
            trader.recent_value *= p["recent_memory"]
            trader.recent_shipments *= p["recent_memory"]
        for channel in WATCHING:
            exposure, sensitivity, threshold = (p[f"{channel}_{x}"] for x in ("exposure", "sensitivity", "threshold"))
            stream = CHANNEL + CHANNELS.index(channel)
            for trader in w.active():
                if trader.recent_shipments <= 0.0:
                    continue
                factor = self.size(channel, trader.recent_volume, trader.recent_shipments)
                rate = phi(sensitivity * (1.0 - self.concealable(channel) * trader.skill) - threshold)
                if w.draw(stream, w.week, trader.key, 0) < min(1.0, exposure * factor * rate / 52.0):
                    seen = max(1.0, factor) if channel == "end_use" else factor
                    self.lead(channel, trader, True, self.weight(channel, sensitivity, threshold, seen), today)
            honest = float(self.traits[channel]["honest_factor"])
            chance = min(1.0, exposure * honest * phi(-threshold) / 52.0)
            for user in w.users:
                if w.draw(stream, w.week, user.key, 1) < chance:
                    seen = max(1.0, self.size(channel, 3.0 * user.median, 1.0))
                    self.lead(channel, user, False, self.weight(channel, sensitivity, threshold, seen), today)

    def size(self, channel, volume, shipments):
        """Return how much more a channel sees of a target of some size than of a firm."""
        trait = {name: float(self.traits[channel][name]) for name in ("size_exponent", "size_scale", "size_cap")}
        factor = 1.0
        if trait["size_exponent"] and not trait["size_scale"]:
            factor = min(max(shipments, 0.0), trait["size_cap"])
        elif trait["size_exponent"]:
            factor = min((1.0 + volume / trait["size_scale"]) ** trait["size_exponent"], trait["size_cap"])
        return float(self.traits[channel]["active_factor"]) * factor

    def busy(self, agency):
        """Return how many investigator-weeks the agency's cases take this week: those with work left."""
        p, staff = self.p, self.staff[agency]
        unfinished = sum(case.agency == agency and case.effort > 0.0 for case in self.cases)
        return min(p["work_rate_max"] * unfinished, p["work_rate"] * staff)

    def search(self, today):
        """Let investigators whom no case needs look for hidden traders; honest users are found too."""
        w, p = self.w, self.p
        power = [
            max(0.0, (p["search_share"] + p["work_rate"]) * staff - self.busy(agency)) ** p["search_exponent"]
            for agency, staff in enumerate(self.staff)
        ]
        exposure = []
        for country in range(len(COUNTRIES)):
            host = self.home[country]
            looks = power[host] * w.willingness[country]
            if host != US:
                looks += power[US] * p["search_abroad"]
            exposure.append(p["search_exposure"] * looks)
        sensitivity, threshold = p["search_sensitivity"], p["search_threshold"]
        stream = CHANNEL + CHANNELS.index("search")
        for trader in w.active():
            if trader.recent_shipments <= 0.0:
                continue
            factor = self.size("search", trader.recent_volume, trader.recent_shipments)
            rate = phi(sensitivity * (1.0 - self.concealable("search") * trader.skill) - threshold)
            if w.draw(stream, w.week, trader.key, 0) < min(1.0, exposure[trader.country] * factor * rate / 52.0):
                self.lead("search", trader, True, self.weight("search", sensitivity, threshold, factor), today)
        honest = float(self.traits["search"]["honest_factor"]) * phi(-threshold)
        for user in w.users:
            if w.draw(stream, w.week, user.key, 1) < min(1.0, exposure[user.country] * honest / 52.0):
                seen = max(1.0, self.size("search", 3.0 * user.median, 1.0))
                self.lead("search", user, False, self.weight("search", sensitivity, threshold, seen), today)

    def act(self, now, today):
        """Do the week's work of all agencies."""
        w, p = self.w, self.p
        self.staff = [staff * now.attention for staff in self.full_staff]
        for d in w.distributors:
            d.alert *= p["alert_memory"]
        for place, desk in list(self.desks.items()):
            desk.evidence *= p["evidence_memory"]
            if abs(desk.evidence) < FORGOTTEN and not desk.on_case:
                del self.desks[place]
        self.search(today)
        for agency, staff in enumerate(self.staff):
            looks = int(
                p["triage_share"] * staff / p["triage_effort"] + w.draw("triage", w.week, agency, 2 + 3 * agency)
            )
            for desk in self.pressing(agency, looks, lambda desk: not desk.looked):
                desk.looked = True
                z = normal(w.draw("triage", w.week, self.identity(desk.target), 1 + 3 * agency))
                d = p["triage_sensitivity"]
                score = (d if self.diverts(desk.target) else 0.0) + z
                desk.evidence = min(p["evidence_cap"], desk.evidence + d * score - 0.5 * d * d)
                today.looks += 1
        for desk in self.desks.values():
            odds = p["prior_log_odds"] + desk.evidence
            if odds < p["dossier_lapse"]:
                desk.ready = False
            elif odds > 0.0 and desk.looked:
                desk.ready = True
        for agency, staff in enumerate(self.staff):
            held = sum(case.agency == agency for case in self.cases)
            for desk in self.pressing(agency, max(1, int(p["wip"] * staff)) - held, lambda desk: desk.ready):
                self.open(desk, today)
        self.work(today)

    def diverts(self, target):
        return hasattr(target, "shell") and target.active

    def pressing(self, agency, most, wanted):
        """Return an agency's most pressing dossiers: odds times harm, seen with noise."""
        w, p = self.w, self.p

        def rank(desk):
            target = desk.target
            volume = target.recent_volume if hasattr(target, "shell") else 3.0 * target.median
            z = normal(w.draw("triage", w.week, self.identity(target), 3 * agency))
            harm = 0.5 * math.log(1.0 + volume / p["triage_volume"])
            return p["prior_log_odds"] + desk.evidence + harm + p["triage_noise"] * z

        mine = [d for d in self.desks.values() if d.agency == agency and not d.on_case and wanted(d)]
        return sorted(mine, key=rank, reverse=True)[: max(most, 0)]

    def case_key(self, target, week):
        turn = target.shell if hasattr(target, "shell") else week // 26
        return self.identity(target) + (len(self.w.slots) + len(self.w.users)) * turn

    def open(self, desk, today):
        w, p, target = self.w, self.p, desk.target
        shell = target.shell if hasattr(target, "shell") else 0
        willing = w.draw("willing", 0, self.identity(target), desk.agency + len(AGENCIES) * shell)
        if desk.agency != US and willing >= w.willingness[target.country]:
            return
        odds = p["prior_log_odds"] + desk.evidence
        u = w.draw("case", 0, self.case_key(target, w.week), 0)
        effort = lognormal(u, p["effort"], p["effort_sigma"])
        effort *= math.exp(-p["effort_slope"] * (min(max(odds, -1.0), 4.0) - 1.0))
        self.cases.append(
            SimpleNamespace(
                agency=desk.agency, desk=desk, target=target, shell=shell, true=self.diverts(target), effort=effort,
                worked=0.0, opened=w.week, gone=0,
            )
        )  # fmt: skip
        desk.on_case = True
        today.cases_opened += 1

    def work(self, today):
        p, week = self.p, self.w.week
        unfinished = [case for case in self.cases if case.effort > 0.0]
        rates = [
            self.busy(agency) / max(1, sum(case.agency == agency for case in unfinished))
            for agency in range(len(AGENCIES))
        ]
        for case in unfinished:
            case.effort -= rates[case.agency]
            case.worked += rates[case.agency]
        self.interdict(today)
        for case in list(self.cases):
            trader = hasattr(case.target, "shell")
            if trader and (not case.target.active or case.target.shell != case.shell):
                case.gone += 1
                if case.gone >= p["lapse_weeks"]:
                    today.lapsed_cases += 1
                    self.cases.remove(case)
            elif case.effort <= 0.0 and week - case.opened >= p["case_weeks"]:
                self.cases.remove(case)
                self.conclude(case, today)

    def interdict(self, today):
        """Seize what the targets of open cases send, the sooner the more work was done, where a country is willing."""
        w, p = self.w, self.p
        for lot in list(w.moving):
            watched = [
                1.0 - math.exp(-case.worked / p["watch_work"])
                for case in self.cases
                if case.target is lot.seller and case.shell == lot.shell and lot.seller.active
            ]
            willing = max(w.willingness[country] for country, _ in lot.route.hops)
            u = w.draw("interdict", lot.bought - lot.order.week, lot.order.identity, 0)
            if watched and u < max(watched) * willing:
                w.moving.remove(lot)
                lot.seller.events += p["caught_own"]
                today.seized_cases += lot.quantity
                today.interdicted += lot.quantity

    def conclude(self, case, today):
        w, p, target, desk = self.w, self.p, case.target, self.live_desk(case)
        desk.on_case = desk.looked = desk.ready = False
        if not case.true:
            desk.evidence = p["cleared_evidence"]
            today.false_cases += 1
            return
        who = self.case_key(target, case.opened)
        odds = p["prior_log_odds"] + desk.evidence
        chance = logistic(p["conviction_base"] + p["conviction_slope"] * (min(max(odds, -2.0), 5.0) - 1.0))
        if w.draw("case", 0, who, 1) >= chance:
            desk.evidence *= 0.5
            today.failed_cases += 1
            return
        reach = p["host_success"]
        if case.agency == US:
            reach = 1.0 if self.home[target.country] == US else p["us_abroad"] * w.willingness[target.country]
        prosecuted = w.draw("case", 0, who, 2) < reach
        self.spread_word(target, prosecuted, today)
        if prosecuted:
            today.prosecutions += 1
            for lot in [x for x in w.moving if x.seller is target and x.shell == target.shell]:
                if lot.arrives - w.week >= SAFE_WEEKS:
                    w.moving.remove(lot)
                    today.seized_cases += lot.quantity
            for d in target.suppliers:
                sold = any(e is d and n > 0 for e, n in zip(target.suppliers, target.bought, strict=True))
                if sold and d.complicit and w.draw("liable", w.week, d.key, target.key) < p["supplier_found"]:
                    d.complicit = False
                    today.liable += 1
        else:
            today.listings += 1
        again, first, last = (p["reenter"], 8, 14) if prosecuted else (p["reenter_listed"], 6, 12)
        if w.draw("reshell", 0, who, 2) < again:
            week = w.week + first + int(w.draw("reshell", 0, who, 3) * (last - first + 1))
            held = {
                agency: p["principal_memory"] * max(0.0, desk.evidence)
                for (agency, identity), desk in self.desks.items()
                if identity == target.key
            }
            standing = max(p["newcomer_start"], p["return_standing"] * target.capacity / target.full)
            w.returns.append(SimpleNamespace(week=week, principal=target.principal, standing=standing, evidence=held))
        today.exits += 1
        w.close(target)

    def live_desk(self, case):
        """Return the dossier that a case rests on, as it stands now."""
        return self.desks.get((case.agency, self.identity(case.target)), case.desk)

    def spread_word(self, target, prosecuted, today):
        """Make suppliers alert and peers afraid; the papers may name peers by whom they share."""
        w, p = self.w, self.p
        strength = 1.0 if prosecuted else p["listing_public"]
        if prosecuted:
            for d in target.suppliers:
                d.alert = min(d.alert + p["alert_rise"], p["alert_max"])
        for other in w.active():
            if other is target:
                continue
            other.events += strength * p["caught_public"]
            shared = sum(d.key in sources(target) for d, n in zip(other.suppliers, other.bought, strict=True) if n > 0)
            if shared:
                other.events += strength * p["caught_neighbour"]
            both = shared + self.customers_shared(target, other)
            if w.draw("spill_over", w.week, other.key, target.key) < 1.0 - (1.0 - p["named"]) ** both:
                today.named += 1
                self.lead("named", other, True, p["named_weight"], today)

    def customers_shared(self, target, other):
        """Return how many ties of buyers whom the target served lead to another firm that served them too."""

        def served(buyer, trader):
            return [tie for tie in buyer.ties if tie.seller is trader and alive(tie) and tie.received > 0]

        return sum(len(served(buyer, other)) for buyer in self.w.buyers if served(buyer, target))

    def forget(self, trader):
        """Close the dossiers of a firm that is gone."""
        for (_, identity), desk in self.desks.items():
            if identity == trader.key:
                desk.evidence, desk.looked, desk.ready, desk.on_case = 0.0, False, False, False

    def remember(self, trader, evidence):
        """List a returned principal's shell with what agencies still hold against it, not yet read."""
        for agency, weight in evidence.items():
            if weight > FORGOTTEN:
                self.file(agency, trader, 0.0)
                self.desks[agency, trader.key].evidence = weight


def sources(trader):
    """Return the distributors from which this shell bought."""
    return {d.key for d, chips in zip(trader.suppliers, trader.bought, strict=True) if chips > 0}

"""Phase 9: agencies read dossiers, open cases, work on them for months, and act (MODEL 7.9, EQUATIONS a, c)."""

from supplysim._compiled import kernel
from supplysim.agents.enforcer import case_effort, case_slots, look_evidence, priority
from supplysim.detection.leads import US
from supplysim.phases.cases import work_cases
from supplysim.phases.targets import case_key, country_of, identity_of, is_diverter, shell_of, visible_volume
from supplysim.world.columns import AGENCIES
from supplysim.world.records import CASE_OPEN, MOST_CASES
from supplysim.world.streams import CASE, TRIAGE, WILLING, draw, lognormal, normal, numbers, stream_key, uniform

_RANK, _LOOK, _LOOKS = numbers(0, 3)
_DRAWS = 3  # an agency: two that look at one target see it each with their own eyes
(_EFFORT,) = numbers(0, 1)  # of a case; its other draws stand in `cases`
FORGOTTEN = 0.05  # evidence below which a dossier is closed


@kernel
def age_dossiers(office, memory, counts):
    """Let evidence age; forget dossiers with nothing left in them."""
    kept = 0
    for i in range(counts.dossiers):
        agency, target = office.dossiers[i].agency, office.dossiers[i].target
        office.desks[agency, target].evidence *= memory
        if abs(office.desks[agency, target].evidence) < FORGOTTEN and not office.desks[agency, target].on_case:
            office.desks[agency, target].evidence = 0.0
            office.desks[agency, target].listed = False
            office.desks[agency, target].looked = False
            office.desks[agency, target].ready = False
            continue
        office.dossiers[kept].agency = agency
        office.dossiers[kept].target = target
        kept += 1
    counts.dossiers = kept


@kernel
def most_pressing(agency, ready, most, week, seed, office, firms, end_users, settings, scratch, counts, p):
    """Note down an agency's most pressing dossiers, those ready for a case or those unread; return how many.

    At most `most` targets stand in `scratch.target` then, until the next call.
    """
    key = stream_key(seed, TRIAGE, week, _RANK + _DRAWS * agency)
    found, rank = scratch.target, scratch.rank
    count = 0
    base = 0.0 if settings.naive_triage else p.prior_log_odds
    for i in range(counts.dossiers):
        target = office.dossiers[i].target
        if office.dossiers[i].agency != agency or office.desks[agency, target].on_case:
            continue
        wanted = office.desks[agency, target].ready if ready else not office.desks[agency, target].looked
        if not wanted:
            continue
        z = normal(uniform(key, identity_of(target, firms, end_users)))
        mine = priority(
            base + office.desks[agency, target].evidence,
            visible_volume(target, firms, end_users),
            p.triage_volume,
            p.triage_noise,
            z,
        )
        if count == most and mine <= rank[count - 1]:
            continue
        at = count if count < most else most - 1
        while at > 0 and rank[at - 1] < mine:
            rank[at] = rank[at - 1]
            found[at] = found[at - 1]
            at -= 1
        rank[at] = mine
        found[at] = target
        if count < most:
            count += 1
    return count


@kernel
def triage(week, seed, staff, agency, office, firms, end_users, today, settings, scratch, counts, p):
    """Read the most pressing unread dossiers, as many as staff time allows."""
    looks = int(p.triage_share * staff / p.triage_effort + draw(seed, TRIAGE, week, agency, _LOOKS + _DRAWS * agency))
    if looks <= 0:
        return
    key = stream_key(seed, TRIAGE, week, _LOOK + _DRAWS * agency)
    count = most_pressing(agency, False, looks, week, seed, office, firms, end_users, settings, scratch, counts, p)
    for i in range(count):
        target = scratch.target[i]
        today.looks += 1
        office.desks[agency, target].looked = True
        z = normal(uniform(key, identity_of(target, firms, end_users)))
        true = is_diverter(target, firms)
        evidence = office.desks[agency, target].evidence
        if settings.naive_triage:
            score = (p.triage_sensitivity if true else 0.0) + p.naive_evidence * evidence + z
            office.desks[agency, target].ready = score > p.naive_pass
            if not office.desks[agency, target].ready:
                office.desks[agency, target].evidence = 0.5 * evidence
        else:
            office.desks[agency, target].evidence = min(
                p.evidence_cap, evidence + look_evidence(p.triage_sensitivity, true, z)
            )


@kernel
def mark_ready(office, counts, p):
    """Mark read dossiers whose odds are above even as ready; let those lapse that fell well below (EQUATIONS a)."""
    for i in range(counts.dossiers):
        agency, target = office.dossiers[i].agency, office.dossiers[i].target
        odds = p.prior_log_odds + office.desks[agency, target].evidence
        if odds < p.dossier_lapse:
            office.desks[agency, target].ready = False
        elif odds > 0.0 and office.desks[agency, target].looked:
            office.desks[agency, target].ready = True


@kernel
def open_cases(week, seed, staff, agency, office, firms, end_users, now, today, settings, scratch, counts, p):
    """Open cases on ready dossiers while there are slots; a host acts only where it is willing."""
    slots = firms.size
    free = min(case_slots(staff, p.wip) - office.agencies[agency].open_cases, MOST_CASES // AGENCIES)
    if free <= 0:
        return
    count = most_pressing(agency, True, free, week, seed, office, firms, end_users, settings, scratch, counts, p)
    for i in range(count):
        target = scratch.target[i]
        sub = agency + AGENCIES * shell_of(target, firms)
        willing = draw(seed, WILLING, 0, identity_of(target, firms, end_users), sub)
        if agency != US and willing >= now.willingness[country_of(target, firms, end_users)]:
            continue
        log_odds = p.prior_log_odds + office.desks[agency, target].evidence
        u = draw(seed, CASE, 0, case_key(target, week, firms, end_users), _EFFORT)
        slope = 0.0 if settings.naive_triage else p.effort_slope
        row = counts.cases
        office.cases[row].agency = agency
        office.cases[row].target = target
        office.cases[row].shell = firms[target].shell if target < slots else -1
        office.cases[row].true = is_diverter(target, firms)
        office.cases[row].effort = case_effort(lognormal(u, p.effort, p.effort_sigma), log_odds, slope)
        office.cases[row].opened = week
        office.cases[row].gone = 0
        office.cases[row].closed = -1
        office.cases[row].outcome = CASE_OPEN
        office.cases[row].volume = 0
        office.cases[row].started = firms[target].born if target < slots else -1
        office.open_cases[counts.open_cases] = row
        counts.cases = row + 1
        counts.open_cases += 1
        office.desks[agency, target].on_case = True
        office.agencies[agency].open_cases += 1
        today.cases_opened += 1


@kernel
def enforcement(
    week,
    seed,
    office,
    firms,
    end_users,
    distributors,
    shipments,
    moving,
    chips,
    accounts,
    returns,
    channels,
    now,
    today,
    settings,
    scratch,
    counts,
    p,
):
    """Age evidence, triage, open cases, work on them; agencies act one after the other."""
    for row in range(distributors.size):
        distributors[row].alert *= p.alert_memory
    age_dossiers(office, p.evidence_memory, counts)
    for agency in range(office.agencies.size):
        staff = now.investigators[agency]
        if staff <= 0.0:
            continue
        triage(week, seed, staff, agency, office, firms, end_users, today, settings, scratch, counts, p)
    if not settings.naive_triage:
        mark_ready(office, counts, p)
    for agency in range(office.agencies.size):
        open_cases(
            week,
            seed,
            now.investigators[agency],
            agency,
            office,
            firms,
            end_users,
            now,
            today,
            settings,
            scratch,
            counts,
            p,
        )
    work_cases(
        week,
        seed,
        office,
        firms,
        end_users,
        distributors,
        shipments,
        moving,
        chips,
        accounts,
        returns,
        channels,
        now,
        today,
        settings,
        scratch.rate,
        counts,
        p,
    )
    today.open_cases = counts.open_cases
    waiting = 0
    for i in range(counts.dossiers):
        agency, target = office.dossiers[i].agency, office.dossiers[i].target
        if not office.desks[agency, target].looked and not office.desks[agency, target].on_case:
            waiting += 1
    today.queue = waiting

"""Phase 9: agencies search, read dossiers, open cases, work on them for months, and act (MODEL 7.9, EQUATIONS a, c)."""

from supplysim._compiled import kernel
from supplysim.agents.enforcer import case_effort, case_slots, look_evidence, priority
from supplysim.detection.leads import US
from supplysim.detection.targets import case_key, country_of, identity_of, is_diverter, shell_of, visible_volume
from supplysim.phases.cases import work_cases
from supplysim.phases.fund import pay_awards
from supplysim.phases.search import search_freely
from supplysim.world.columns import AGENCIES
from supplysim.world.records import CASE_OPEN, MOST_CASES
from supplysim.world.streams import CASE, TRIAGE, WILLING, draw, lognormal, normal, numbers, stream_key, uniform

_RANK, _LOOK, _LOOKS = numbers(0, 3)
_DRAWS = 3  # an agency: two that look at one target see it each with their own eyes
_FIRST_LOOKS, _FIRST_CASES = numbers(_DRAWS * AGENCIES, _DRAWS * AGENCIES + 2)  # what a queue order sets aside
(_EFFORT,) = numbers(0, 1)  # of a case; its other draws stand in `cases`
FORGOTTEN = 0.05  # evidence below which a dossier is closed


@kernel
def age_dossiers(w):
    """Let evidence age; forget dossiers with nothing left in them."""
    dossiers, counts, p = w.office.dossiers, w.counts[0], w.parameters[0]
    kept = 0
    for i in range(counts.dossiers):
        agency, target = dossiers[i].agency, dossiers[i].target
        desk = w.office.desks[agency, target]
        desk.evidence *= p.evidence_memory
        if abs(desk.evidence) < FORGOTTEN and not desk.on_case:
            desk.evidence = 0.0
            desk.listed = False
            desk.looked = False
            desk.ready = False
            desk.tip = False
            continue
        dossiers[kept].agency = agency
        dossiers[kept].target = target
        kept += 1
    counts.dossiers = kept


@kernel
def most_pressing(w, week, agency, ready, tips, most):
    """Note down an agency's most pressing dossiers, those ready for a case or those unread; return how many.

    With `tips`, only dossiers that an insider's tip began. At most `most` targets stand in `scratch.target` then,
    until the next call.
    """
    dossiers, found, rank, p = w.office.dossiers, w.scratch.target, w.scratch.rank, w.parameters[0]
    key = stream_key(w.seed, TRIAGE, week, _RANK + _DRAWS * agency)
    count = 0
    base = 0.0 if w.settings.naive_triage else p.prior_log_odds
    for i in range(w.counts[0].dossiers):
        target = dossiers[i].target
        desk = w.office.desks[agency, target]
        if dossiers[i].agency != agency or desk.on_case:
            continue
        wanted = desk.ready if ready else not desk.looked
        if not wanted or (tips and not desk.tip):
            continue
        z = normal(uniform(key, identity_of(w, target)))
        mine = priority(base + desk.evidence, visible_volume(w, target), p.triage_volume, p.triage_noise, z)
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
def triage(w, week, agency):
    """Read the most pressing unread dossiers, as many as staff time allows, tips first where a statute says so."""
    staff, p = w.conditions[week].investigators[agency], w.parameters[0]
    u = draw(w.seed, TRIAGE, week, agency, _LOOKS + _DRAWS * agency)
    looks = int(p.triage_share * staff / p.triage_effort + u)
    if looks <= 0:
        return
    first = set_aside(w, week, agency, looks, _FIRST_LOOKS)
    if first > 0:
        count = most_pressing(w, week, agency, False, True, first)
        read(w, week, agency, count)
        looks -= count
    if looks > 0:
        read(w, week, agency, most_pressing(w, week, agency, False, False, looks))


@kernel
def set_aside(w, week, agency, room, sub):
    """Return how much of a desk's room is kept for dossiers that a tip began: a queue order by statute."""
    share = w.conditions[week].tip_first[agency]
    return int(share * room + draw(w.seed, TRIAGE, week, agency, sub)) if share > 0.0 else 0


@kernel
def read(w, week, agency, count):
    """Read the dossiers that were noted down: what one look tells is added to the evidence."""
    today, p = w.tally[week], w.parameters[0]
    key = stream_key(w.seed, TRIAGE, week, _LOOK + _DRAWS * agency)
    for i in range(count):
        target = w.scratch.target[i]
        desk = w.office.desks[agency, target]
        today.looks += 1
        desk.looked = True
        z = normal(uniform(key, identity_of(w, target)))
        true = is_diverter(w, target)
        if w.settings.naive_triage:
            score = (p.triage_sensitivity if true else 0.0) + p.naive_evidence * desk.evidence + z
            desk.ready = score > p.naive_pass
            if not desk.ready:
                desk.evidence *= 0.5
        else:
            desk.evidence = min(p.evidence_cap, desk.evidence + look_evidence(p.triage_sensitivity, true, z))


@kernel
def mark_ready(w):
    """Mark read dossiers whose odds are above even as ready; let those lapse that fell well below (EQUATIONS a)."""
    dossiers, p = w.office.dossiers, w.parameters[0]
    for i in range(w.counts[0].dossiers):
        desk = w.office.desks[dossiers[i].agency, dossiers[i].target]
        odds = p.prior_log_odds + desk.evidence
        if odds < p.dossier_lapse:
            desk.ready = False
        elif odds > 0.0 and desk.looked:
            desk.ready = True


@kernel
def open_cases(w, week, agency):
    """Open cases on ready dossiers while there are slots, those that a tip began first where a statute says so."""
    now, p = w.conditions[week], w.parameters[0]
    most = case_slots(now.investigators[agency], p.wip)
    free = min(most - w.office.agencies[agency].open_cases, MOST_CASES // AGENCIES)
    if free <= 0:
        return
    first = set_aside(w, week, agency, free, _FIRST_CASES)
    if first > 0:
        count = most_pressing(w, week, agency, True, True, first)
        free -= begin(w, week, agency, count)
    if free > 0:
        begin(w, week, agency, most_pressing(w, week, agency, True, False, free))


@kernel
def begin(w, week, agency, count):
    """Open cases on the dossiers that were noted down, where the host is willing; return how many."""
    now, opened = w.conditions[week], 0
    for i in range(count):
        target = w.scratch.target[i]
        sub = agency + AGENCIES * shell_of(w, target)
        willing = draw(w.seed, WILLING, 0, identity_of(w, target), sub)
        if agency == US or willing < now.willingness[country_of(w, target)]:
            new_case(w, week, agency, target)
            opened += 1
    return opened


@kernel
def new_case(w, week, agency, target):
    """Open a case of an agency on a target; the better the evidence, the less work it takes."""
    desk, office, counts, today, p = (
        w.office.desks[agency, target],
        w.office,
        w.counts[0],
        w.tally[week],
        w.parameters[0],
    )
    traders, row = w.intermediaries, counts.cases
    log_odds = p.prior_log_odds + desk.evidence
    u = draw(w.seed, CASE, 0, case_key(w, target, week), _EFFORT)
    slope = 0.0 if w.settings.naive_triage else p.effort_slope
    case = office.cases[row]
    case.agency = agency
    case.target = target
    case.shell = traders[target].shell if target < traders.size else -1
    case.true = is_diverter(w, target)
    case.effort = case_effort(lognormal(u, p.effort, p.effort_sigma), log_odds, slope)
    case.worked = 0.0
    case.opened = week
    case.gone = 0
    case.closed = -1
    case.outcome = CASE_OPEN
    case.volume = 0
    case.started = traders[target].born if target < traders.size else -1
    case.tip = desk.tip
    office.open_cases[counts.open_cases] = row
    counts.cases += 1
    counts.open_cases += 1
    desk.on_case = True
    office.agencies[agency].open_cases += 1
    today.cases_opened += 1


@kernel
def unread(w):
    """Return how many dossiers nobody has read."""
    waiting = 0
    for i in range(w.counts[0].dossiers):
        desk = w.office.desks[w.office.dossiers[i].agency, w.office.dossiers[i].target]
        if not desk.looked and not desk.on_case:
            waiting += 1
    return waiting


@kernel
def enforcement(w, week):
    """Age evidence, search, triage, open cases, work on them; agencies act one after the other."""
    distributors, now, today, p = w.distributors, w.conditions[week], w.tally[week], w.parameters[0]
    for row in range(distributors.size):
        distributors[row].alert *= p.alert_memory
    age_dossiers(w)
    search_freely(w, week)
    for agency in range(w.office.agencies.size):
        if now.investigators[agency] > 0.0:
            triage(w, week, agency)
    if not w.settings.naive_triage:
        mark_ready(w)
    for agency in range(w.office.agencies.size):
        open_cases(w, week, agency)
    work_cases(w, week)
    pay_awards(w, week)
    today.open_cases = w.counts[0].open_cases
    today.queue = unread(w)

"""From a flag to a dossier: which agency hears of it, and how much it weighs there (EQUATIONS a, c)."""

from __future__ import annotations

from supplysim._compiled import kernel
from supplysim.detection.signal import added_evidence, false_alarm_rate, hit_rate, log_likelihood_ratio
from supplysim.world.streams import REFERRAL, draw

US = 0  # the US bureau is the first agency


@kernel
def flag_weight(channel, sensitivity, threshold, diverter_factor, channels, mean_sophistication, naive):
    """Return the log-odds that a flag adds to a dossier (fixed points under naive triage)."""
    if naive:
        return channels[channel].naive_evidence
    hit = hit_rate(sensitivity, threshold, channels[channel].concealable, mean_sophistication)
    return log_likelihood_ratio(hit, false_alarm_rate(threshold), diverter_factor, channels[channel].honest_factor)


@kernel
def add_to_dossier(office, agency, target, weight, cap, naive, counts):
    """Add evidence on a target to an agency's dossier, opening one if there is none."""
    evidence = office.desks[agency, target].evidence
    if naive:
        office.desks[agency, target].evidence = evidence + weight
        office.desks[agency, target].looked = False  # a new flag calls for a new look
    else:
        office.desks[agency, target].evidence = added_evidence(evidence, weight, cap)
    if not office.desks[agency, target].listed:
        office.desks[agency, target].listed = True
        last = counts.dossiers
        office.dossiers[last].agency = agency
        office.dossiers[last].target = target
        counts.dossiers = last + 1


@kernel
def post_lead(
    seed, week, channel, target, identity, country, is_true, weight, channels, office, now, today, settings, counts, p
):
    """Record a lead on a target and send it to the US bureau or the host agency, perhaps to both."""
    cap, naive = p.evidence_cap, settings.naive_triage
    home = office.agency_of[country]
    agency = home
    slot = identity * channels.size + channel
    if home != US and draw(seed, REFERRAL, week, slot, 0) < channels[channel].to_us:
        agency = US
    add_to_dossier(office, agency, target, weight, cap, naive, counts)
    if home != US and draw(seed, REFERRAL, week, slot, 1) < copy_chance(p.referral, now.cooperation[country]):
        add_to_dossier(office, home if agency == US else US, target, weight, cap, naive, counts)
    row = counts.leads
    office.leads[row].week = week
    office.leads[row].channel = channel
    office.leads[row].agency = agency
    office.leads[row].target = target
    office.leads[row].true = is_true
    office.leads[row].weight = weight
    counts.leads = row + 1
    today.leads[channel, 1 if is_true else 0] += 1


@kernel
def copy_chance(referral, cooperation):
    """Return the chance that a lead reaches the other agency too."""
    return referral + (1.0 - referral) * cooperation

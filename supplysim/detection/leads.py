"""From a flag to a dossier: which agency hears of it, and how much it weighs there (EQUATIONS a, c)."""

from __future__ import annotations

from supplysim._compiled import kernel
from supplysim.detection.channels import TIP
from supplysim.detection.signal import added_evidence, false_alarm_rate, hit_rate, log_likelihood_ratio
from supplysim.detection.targets import country_of, identity_of
from supplysim.world.streams import REFERRAL, draw

US = 0  # the US bureau is the first agency


@kernel
def flag_weight(w, channel, sensitivity, threshold, size, skill):
    """Return the log-odds that a flag adds to a dossier (fixed points under naive triage)."""
    if w.settings.naive_triage:
        return w.channels[channel].naive_evidence
    return flag_evidence(w.channels[channel], sensitivity, threshold, size, skill)


@kernel
def flag_evidence(traits, sensitivity, threshold, size, skill):
    """Return the log-odds that a flag is worth: on a diverter seen `size` times a firm-year, who hides with skill."""
    hit = hit_rate(sensitivity, threshold, traits.concealable, skill)
    return log_likelihood_ratio(hit, false_alarm_rate(threshold), size, traits.honest_factor)


@kernel
def add_to_dossier(w, channel, agency, target, weight):
    """Add evidence on a target to an agency's dossier, opening one if there is none."""
    desk, counts = w.office.desks[agency, target], w.counts[0]
    if not desk.listed or desk.evidence == 0.0:  # nothing was known before
        desk.tip = channel == TIP
    if w.settings.naive_triage:
        desk.evidence += weight
        desk.looked = False  # a new flag calls for a new look
    else:
        desk.evidence = added_evidence(desk.evidence, weight, w.parameters[0].evidence_cap)
    if not desk.listed:
        desk.listed = True
        dossier = w.office.dossiers[counts.dossiers]
        dossier.agency = agency
        dossier.target = target
        counts.dossiers += 1


@kernel
def post_lead(w, week, channel, target, weight):
    """Record a lead on a target and send it to the US bureau or the host agency, perhaps to both."""
    seed, traits, now, today, p = w.seed, w.channels[channel], w.conditions[week], w.tally[week], w.parameters[0]
    country, is_true = country_of(w, target), target < w.intermediaries.size
    home = w.office.agency_of[country]
    agency = home
    slot = identity_of(w, target) * w.channels.size + channel
    if home != US and draw(seed, REFERRAL, week, slot, 0) < traits.to_us:
        agency = US
    add_to_dossier(w, channel, agency, target, weight)
    if home != US and draw(seed, REFERRAL, week, slot, 1) < copy_chance(p.referral, now.cooperation[country]):
        add_to_dossier(w, channel, home if agency == US else US, target, weight)
    new_lead(w, week, channel, agency, target, is_true, weight)
    today.leads[channel, 1 if is_true else 0] += 1


@kernel
def new_lead(w, week, channel, agency, target, is_true, weight):
    """Add a row to the log of leads."""
    lead, counts = w.office.leads[w.counts[0].leads], w.counts[0]
    lead.week = week
    lead.channel = channel
    lead.agency = agency
    lead.target = target
    lead.true = is_true
    lead.weight = weight
    counts.leads += 1


@kernel
def copy_chance(referral, cooperation):
    """Return the chance that a lead reaches the other agency too."""
    return referral + (1.0 - referral) * cooperation

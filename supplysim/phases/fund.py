"""The fund of a whistleblower programme: start money and fines of tipped cases in, screening staff and awards out.

What it holds is part of the government's account; the US bureau's row says how much. Conserved in whole dollars:
held = start money + fines - awards - staff (`world/conservation.py`).
"""

from supplysim._compiled import kernel
from supplysim.detection.leads import US


@kernel
def pay_staff(w, week):
    """Take in start money and pay the week's screening staff; return the share of the programme that is staffed.

    The share is 1 where nothing is due from the fund: a programme that is paid otherwise, or none.
    """
    bureau, now, today = w.office.agencies[US], w.conditions[week], w.tally[week]
    start, due = int(now.fund_start), int(now.fund_staff)
    bureau.fund += start
    today.fund_start += start
    if due == 0:
        return 1.0
    paid = min(due, bureau.fund)
    spend(w, paid)
    w.accounts[0].overhead += paid
    today.fund_staff += paid
    return paid / due


@kernel
def put_in(w, week, fines):
    """Put the fines of a case that a tip began into the fund, and note what the insider is owed of them."""
    bureau, now, today = w.office.agencies[US], w.conditions[week], w.tally[week]
    share = int(now.fund_share * fines)
    bureau.fund += share
    today.fund_fines += share
    bureau.owed += int(now.fund_award * fines)


@kernel
def pay_awards(w, week):
    """Pay awards that are owed with what the fund holds; the rest waits. Note down what is left."""
    bureau, today = w.office.agencies[US], w.tally[week]
    paid = min(bureau.owed, bureau.fund)
    bureau.owed -= paid
    spend(w, paid)
    w.accounts[0].outside += paid
    today.fund_awards += paid
    today.fund_held = bureau.fund


@kernel
def spend(w, amount):
    """Take money out of the fund, and so out of the government's account, US$."""
    w.office.agencies[US].fund -= amount
    w.accounts[0].government -= amount

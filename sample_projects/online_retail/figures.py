#!/usr/bin/env python3
"""Count the Online Retail facts and walk the second-purchase map, slowly.

    python3 figures.py online_retail.csv > figures.json    the original
    python3 figures.py invoices.csv                        the cut
    python3 figures.py invoices.csv --against figures.json compare

This is the independent witness for the engine: it shares no code with it, nor
with cut.py, and is written to be obvious, not fast or general. `figures.json`
is its output on the original. On the cut the block "original" is null, since
the cut does not hold what it counts; everything else must come out the same.

The exit status is 1 if a published fact is not met, if the walk contradicts
itself, or if --against finds a difference; 2 if the file cannot be read.


Conventions: the data
---------------------
D1  All times are UTC. The source has whole minutes, and so has the walk.
D2  An invoice is at the earliest time of its lines.
D3  Only invoices with a customer are events. A leading C in the invoice number
    makes it a refund, anything else an order. Orders with a total of zero
    count. Refunds do nothing on this map.
D4  Two invoices of one customer in the same minute are two events.
D5  "Within N days" is exact elapsed time, second order minus first order, and
    inclusive: N x 24 h sharp is within.
D6  Amounts are exact, counted in thousandths of a pound.

Conventions: the map
--------------------
    trigger   purchases any product; any contact in account; once per contact;
              already on the map: ignore
    wait7     some time passes: 7 days
    mail1
    wait23    23 days, so mail2 comes 30 days after entry
    mail2
    wait30a   30 days
    mail3
    wait30b   30 days
    mail4
    goalwait  the wait of the goal: 30 days, then the path of least action
      left:   winback (a mail), end1
      goal:   purchases any product; any contact on this map; move here;
              not once per contact; then thanks (a mail), end2

M1  Only orders are purchases. An order is one event, whatever it holds.
M2  The first order of a contact makes it enter. That same event does not
    achieve the goal, though the contact is on the map by then.
M3  Every later order achieves the goal: the contact is on the map for good,
    as an end keeps it there. From end1 and from end2 it is pulled up again.
M4  The trigger ignores every order but the first: it is once per contact, and
    the contact is on the map.
M5  Actions take no time. A contact rests only at waits and ends.
M6  A day is 24 hours: the zone is UTC. A wait is stamped on arrival.
M7  An order at the very instant a timer is due is handled before the timer. So
    the order finds the contact still at the wait, and the timer is void.
M8  An order in the minute of entry (D4) therefore finds the contact at wait7
    and moves it to the goal, zero minutes after entry.
M9  A picture at instant T holds the events at or before T, then the timers due
    at or before T.
M10 The map is published at or before the first event.

What is printed for the map, per instant
----------------------------------------
entered   visits: how often contacts arrived at the element
visited   distinct contacts that arrived there
resting   positions that are there at the instant
here_now  distinct contacts that are there (the same: a contact holds one position)
were_here visited - here_now
left      visits that ended by going on along a line
taken     visits that ended because the goal moved the contact away
          entered = resting + left + taken, for every element
lines     times a line was taken, and by how many distinct contacts
jumps     the same for moves to the goal from anywhere but its own wait. From
          goalwait the contact goes to the goal by their line: that is no jump
goal      achievements: all, distinct contacts, and by the place where the
          contact stood (jumps and the line from goalwait together); the same
          for each contact's first achievement alone
"""

import argparse
import csv
import json
import sys
from collections import Counter, defaultdict
from datetime import datetime, timedelta

DAY = timedelta(days=1)
SECOND_PICTURE = datetime(2011, 6, 1, 0, 0)

ELEMENTS = [
    "trigger", "wait7", "mail1", "wait23", "mail2", "wait30a", "mail3", "wait30b", "mail4",
    "goalwait", "winback", "end1", "goal", "thanks", "end2",
]
# What lies below an element when nothing is achieved. An end has nothing below.
BELOW = {
    "trigger": "wait7", "wait7": "mail1", "mail1": "wait23", "wait23": "mail2",
    "mail2": "wait30a", "wait30a": "mail3", "mail3": "wait30b", "wait30b": "mail4",
    "mail4": "goalwait", "goalwait": "winback", "winback": "end1",
    "goal": "thanks", "thanks": "end2",
}
WAIT = {
    "wait7": 7 * DAY, "wait23": 23 * DAY, "wait30a": 30 * DAY, "wait30b": 30 * DAY,
    "goalwait": 30 * DAY,
}
ENDS = ["end1", "end2"]

# The facts the data set is known by. "original" needs the original file.
PUBLISHED = {
    "original": {
        "rows": 541_909, "invoices": 25_900, "rows_without_customer": 135_080,
        "countries": 38, "revenue": "9747747.93", "invoices_with_two_times": 43,
        "invoices_starting_with_a": 3,
    },
    "customers": {"all": 4_372, "with_an_order": 4_339, "with_a_second_order": 2_845},
    "invoices": {"all": 22_190, "refunds": 3_654, "orders": 18_536, "zero_total": 4},
    "second_order_within_days": {"7": 390, "30": 958, "60": 1_571, "90": 1_928},
}


# ---------------------------------------------------------------- reading

def thousandths(text):
    """Read an exact decimal number with up to three decimals."""
    sign = -1 if text.startswith("-") else 1
    pounds, _, rest = text.lstrip("-").partition(".")
    if len(rest) > 3:
        raise ValueError(f"{text!r} has more than three decimals")
    return sign * (int(pounds) * 1000 + int(rest.ljust(3, "0")))


def pounds(thousandth):
    """Write thousandths as an exact decimal number with three decimals."""
    sign = "-" if thousandth < 0 else ""
    return f"{sign}{abs(thousandth) // 1000}.{abs(thousandth) % 1000:03}"


def pence(thousandth):
    """Write a positive number of thousandths rounded to whole pence."""
    return f"{(thousandth + 5) // 10 // 100}.{(thousandth + 5) // 10 % 100:02}"


def read(path):
    """Return (invoices, original): invoices as (customer, number, time, amount,
    country), and the counts only the original can give, or None for the cut."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    if rows and "InvoiceNo" in rows[0]:
        return read_original(rows)
    if rows and "invoice" in rows[0]:
        return read_cut(rows), None
    raise ValueError("neither the original nor the cut: no column InvoiceNo or invoice")


def read_cut(rows):
    invoices = []
    for row in rows:
        number = row["invoice"]
        if (row["kind"] == "refund") != (number[0] == "C"):
            raise ValueError(f"invoice {number} is of the wrong kind")
        at = datetime.strptime(row["at"], "%Y-%m-%d %H:%M")
        invoices.append((row["customer"], number, at, thousandths(row["amount"]), row["country"]))
    return invoices


def read_original(rows):
    lines = defaultdict(list)
    for row in rows:
        lines[row["InvoiceNo"]].append(row)
    invoices, revenue, two_times = [], 0, 0
    for number, its in lines.items():
        times = {datetime.strptime(row["InvoiceDate"], "%Y-%m-%d %H:%M:%S") for row in its}
        two_times += len(times) > 1
        # Quantities are whole (6.0), so thousandths x quantity stays in thousandths.
        amount = sum(
            thousandths(row["Quantity"]) * thousandths(row["UnitPrice"]) for row in its
        )
        if amount % 1000:
            raise ValueError(f"invoice {number} has a broken quantity")
        amount //= 1000
        revenue += amount
        customers = {row["CustomerID"] for row in its}
        if len(customers) != 1:
            raise ValueError(f"invoice {number} has several customers")
        customer = customers.pop()
        if customer:
            customer = str(thousandths(customer) // 1000)
            invoices.append((customer, number, min(times), amount, its[0]["Country"]))
    original = {
        "rows": len(rows),
        "invoices": len(lines),
        "rows_without_customer": sum(not row["CustomerID"] for row in rows),
        "countries": len({row["Country"] for row in rows}),
        "revenue": pence(revenue),
        "revenue_exact": pounds(revenue),
        "invoices_with_two_times": two_times,
        "invoices_starting_with_a": sum(number[0] == "A" for number in lines),
    }
    return invoices, original


# ---------------------------------------------------------------- the facts

def orders_of(invoices):
    """Each customer's order times, sorted. Equal times stay as many as they are (D4)."""
    orders = defaultdict(list)
    for customer, number, at, _, _ in invoices:
        if number[0] != "C":
            orders[customer].append(at)
    return {customer: sorted(times) for customer, times in orders.items()}


def facts(invoices, orders):
    amounts = {"order": 0, "refund": 0}
    countries = defaultdict(set)
    for customer, number, _, amount, country in invoices:
        amounts["refund" if number[0] == "C" else "order"] += amount
        countries[customer].add(country)
    gaps = [times[1] - times[0] for times in orders.values() if len(times) > 1]
    refunds = sum(number[0] == "C" for _, number, _, _, _ in invoices)
    return {
        "customers": {
            "all": len(countries),
            "with_an_order": len(orders),
            "with_a_second_order": len(gaps),
            "with_two_countries": sum(len(names) > 1 for names in countries.values()),
        },
        "invoices": {
            "all": len(invoices),
            "orders": len(invoices) - refunds,
            "refunds": refunds,
            "zero_total": sum(amount == 0 for _, _, _, amount, _ in invoices),
            "countries": len(set().union(*countries.values())),
            "amount_of_orders": pounds(amounts["order"]),
            "amount_of_refunds": pounds(amounts["refund"]),
            "amount": pounds(amounts["order"] + amounts["refund"]),
            "first_at": instant(min(at for _, _, at, _, _ in invoices)),
            "last_at": instant(max(at for _, _, at, _, _ in invoices)),
        },
        "second_order_within_days": {
            str(days): sum(gap <= days * DAY for gap in gaps) for days in (7, 30, 60, 90, 120)
        },
        "second_order_in_the_minute_of_the_first": sum(gap == 0 * DAY for gap in gaps),
    }


# ---------------------------------------------------------------- the map

class Walk:
    """One contact's way through the map up to an instant."""

    def __init__(self, times, until):
        self.visits = []        # elements arrived at, in order
        self.lines = []         # (from, to)
        self.jumps = []         # elements the goal moved the contact away from
        self.achieved_at = []   # elements it stood at when it achieved the goal
        self.place = None
        self.due = None
        times = [at for at in times if at <= until]
        if not times:
            return
        self.arrive("trigger", times[0])
        for at in times[1:]:
            # Timers due before the order. One due at the same instant loses (M7).
            while self.due is not None and self.due < at:
                self.timer()
            self.achieve(at)
        while self.due is not None and self.due <= until:
            self.timer()

    def arrive(self, element, at):
        """Arrive at an element and run down to the next wait or end."""
        self.visits.append(element)
        while element not in WAIT and element not in ENDS:
            self.lines.append((element, BELOW[element]))
            element = BELOW[element]
            self.visits.append(element)
        self.place = element
        self.due = at + WAIT[element] if element in WAIT else None

    def timer(self):
        """The wait is over: go on below it."""
        self.lines.append((self.place, BELOW[self.place]))
        self.arrive(BELOW[self.place], self.due)

    def achieve(self, at):
        """An order while on the map: move to the goal, from wherever."""
        self.achieved_at.append(self.place)
        if self.place == "goalwait":
            self.lines.append(("goalwait", "goal"))
        else:
            self.jumps.append(self.place)
        self.arrive("goal", at)


def picture(orders, until):
    walks = [Walk(times, until) for times in orders.values()]
    walks = [walk for walk in walks if walk.visits]
    entered = Counter(element for walk in walks for element in walk.visits)
    visited = Counter(element for walk in walks for element in set(walk.visits))
    resting = Counter(walk.place for walk in walks)
    line_times = Counter(line for walk in walks for line in walk.lines)
    line_contacts = Counter(line for walk in walks for line in set(walk.lines))
    jump_times = Counter(place for walk in walks for place in walk.jumps)
    jump_contacts = Counter(place for walk in walks for place in set(walk.jumps))
    achieved = Counter(place for walk in walks for place in walk.achieved_at)
    first = Counter(walk.achieved_at[0] for walk in walks if walk.achieved_at)
    left = Counter()
    for (source, _), times in line_times.items():
        left[source] += times

    def in_order(counter):
        return {element: counter[element] for element in ELEMENTS if counter[element]}

    return {
        "at": instant(until),
        "population": len(walks),
        "elements": [
            {
                "element": element,
                "entered": entered[element],
                "visited": visited[element],
                "resting": resting[element],
                "here_now": resting[element],
                "were_here": visited[element] - resting[element],
                "left": left[element],
                "taken": jump_times[element],
            }
            for element in ELEMENTS
        ],
        "lines": [
            {"from": a, "to": b, "times": line_times[a, b], "contacts": line_contacts[a, b]}
            for a, b in sorted(line_times, key=lambda ab: [ELEMENTS.index(x) for x in ab])
        ],
        "jumps": [
            {"from": a, "to": "goal", "times": jump_times[a], "contacts": jump_contacts[a]}
            for a in ELEMENTS if jump_times[a]
        ],
        "goal": {
            "achievements": sum(achieved.values()),
            "contacts": sum(first.values()),
            "achieved_at": in_order(achieved),
            "first_achieved_at": in_order(first),
        },
    }


# ---------------------------------------------------------------- checks and output

def instant(at):
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def differences(wanted, found, where=""):
    """Every place where `found` lacks or contradicts what `wanted` says."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [
            line for key in wanted
            for line in differences(wanted[key], found.get(key), f"{where}/{key}")
        ]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        return [
            line for number, (one, other) in enumerate(zip(wanted, found))
            for line in differences(one, other, f"{where}/{number}")
        ]
    if wanted != found:
        return [f"{where}: expected {wanted}, found {found}"]
    return []


def contradictions(figures):
    """What the pictures must satisfy by what the facts say alone."""
    out = []

    def must(holds, text):
        if not holds:
            out.append(text)

    for view in figures["map"]:
        for row in view["elements"]:
            must(row["entered"] == row["resting"] + row["left"] + row["taken"],
                 f"{view['at']} {row['element']}: the visits do not add up")
        must(sum(row["resting"] for row in view["elements"]) == view["population"],
             f"{view['at']}: not one position for each contact")
    last = figures["map"][0]
    customers, within = figures["customers"], figures["second_order_within_days"]
    must(last["population"] == customers["with_an_order"], "population")
    must(last["goal"]["contacts"] == customers["with_a_second_order"], "contacts at the goal")
    must(last["goal"]["achievements"] ==
         figures["invoices"]["orders"] - customers["with_an_order"],
         "every order after the first achieves the goal")
    # The place of the first achievement follows from the gap between two orders,
    # as "within" is inclusive and an event wins over a timer.
    steps = [("wait7", "7", None), ("wait23", "30", "7"), ("wait30a", "60", "30"),
             ("wait30b", "90", "60"), ("goalwait", "120", "90")]
    for place, upto, after in steps:
        must(last["goal"]["first_achieved_at"].get(place, 0) ==
             within[upto] - (within[after] if after else 0),
             f"first achievements at {place}")
    return out


def main():
    parser = argparse.ArgumentParser(
        description="Count the Online Retail facts and walk the second-purchase map."
    )
    parser.add_argument("file", help="the original online_retail.csv, or the cut invoices.csv")
    parser.add_argument("--against", metavar="JSON",
                        help="print differences to these figures instead of the figures")
    options = parser.parse_args()
    try:
        invoices, original = read(options.file)
        wanted = None
        if options.against:
            with open(options.against, encoding="utf-8") as file:
                wanted = json.load(file)
    except (OSError, ValueError, KeyError) as error:
        print(f"figures.py: {error}", file=sys.stderr)
        sys.exit(2)

    orders = orders_of(invoices)
    figures = {"original": original, **facts(invoices, orders)}
    last = max(at for _, _, at, _, _ in invoices)
    figures["map"] = [picture(orders, last), picture(orders, SECOND_PICTURE)]

    published = dict(PUBLISHED)
    if original is None:
        del published["original"]
    problems = differences(published, figures) + contradictions(figures)
    if wanted is None:
        print(json.dumps(figures, indent=1))
    else:
        if original is None or wanted.get("original") is None:
            wanted["original"] = figures["original"] = None
        problems += differences(wanted, figures)
        print("no differences" if not problems else f"{len(problems)} problems")
    for problem in problems:
        print(problem, file=sys.stderr)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()

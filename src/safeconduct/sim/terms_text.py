"""The terms of the example: the agreement of 2 June 2025 as publicly reported, and how its day is judged.

The first clauses follow the statements of the two delegations; where they read a term differently, both readings stand
beside the wording of the example, which is ours. The clauses on the day are invented: none such were published.
"""

from safeconduct.sim.geography import FACILITIES

OBSERVED_UNTIL = "2025-07-04T21:00:00Z"
"""When observation of the example's day ends: after every deadline of its terms."""

_TEXT = """\
# Terms of a synthetic example. What the delegations said is public (the sources are named); persons are invented,
# and so are the clauses on how the day is carried out.

[agreement]
id = "istanbul-2025-06-02"
title = "Istanbul agreements of 2 June 2025, exchange of prisoners"
concluded = 2025-06-02
parties = ["RU", "UA"]
intermediaries = ["NI"]

# Who is exchanged

[[clause]]
id = "wounded"
kind = "release-all"
of = {{ category = "seriously-wounded-or-sick" }}
text = "All seriously wounded and seriously sick, all for all."
source = "Istanbul, 2 June 2025; statements of both delegations"
severity = "critical"
readings = {{ RU = "All for all; a standing medical commission adds names without political decisions.", \
UA = "Severely wounded and seriously ill, all for all." }}

[[clause]]
id = "young"
kind = "release-all"
of = {{ age = "18..25" }}
text = "All aged 18 to 25, all for all."
source = "Istanbul, 2 June 2025; statements of both delegations"
severity = "critical"
readings = {{ RU = "Young soldiers up to 25; one report says under 30.", UA = "Soldiers aged 18 to 25, all for all." }}

[[clause]]
id = "parity"
kind = "balance"
of = {{ age = "26..120", not = {{ category = "seriously-wounded-or-sick" }} }}
text = "Beyond these categories, head for head."
source = "Istanbul, 2 June 2025; TASS and Interfax-Ukraine, 2-7 June 2025"
severity = "critical"
readings = {{ RU = "Parity; primarily the two categories.", UA = "Categories, not numbers." }}

[[clause]]
id = "at-least"
kind = "count"
per = "party"
min = {minimum}
text = "At least {minimum} persons from each side."
source = "Istanbul, 2 June 2025; head of the Russian delegation"
severity = "critical"
readings = {{ RU = "A ceiling of at least 1,000 from each side, possibly more.", \
UA = "Not a number but categories; about 1,000, perhaps 200 more." }}

[[clause]]
id = "at-most"
kind = "count"
per = "party"
max = {maximum}
text = "This round takes up to {maximum} persons from each side."
source = "Statements of June 2025 that name 1,200"
readings = {{ RU = "1,200, as agreed.", UA = "1,000, perhaps 200 more." }}

[[clause]]
id = "longest-held"
kind = "prefer"
longest_captivity = true
text = "Who has been held longest goes first."
source = "GC III, art. 109, second paragraph"

# The day

[[clause]]
id = "private-interview"
kind = "precedence"
before = {{ type = "boarded" }}
expect = {{ type = "consented", by = "NI", result = "willing" }}
within = "7d"
voided_by = {{ type = "consented", by = "NI", result = "unwilling" }}
text = "Nobody boards who has not told the intermediary in private that he or she wishes to return."
source = "GC III, art. 109; practice of the ICRC"
severity = "critical"
on_breach = ["pause"]

[[clause]]
id = "fit-to-travel"
kind = "precedence"
before = {{ type = "boarded" }}
expect = {{ type = "examined", what = "fit-to-travel", result = "fit" }}
within = "3d"
text = "Nobody boards who was not found fit to travel in the three days before."
source = "GC III, arts. 46 and 109"

[[clause]]
id = "identified"
kind = "precedence"
before = {{ type = "accepted", handover = true }}
expect = {{ type = "identified", by = "NI", result = "confirmed" }}
within = "6h"
voided_by = {{ type = "identified", result = "rejected" }}
text = "The intermediary confirms everyone's identity at the exchange point before the home side accepts."
severity = "critical"
on_breach = ["notify-parties"]

[[clause]]
id = "manifest"
kind = "manifest"
text = "Every vehicle carries exactly the persons of its manifest."
severity = "critical"
on_breach = ["notify-parties"]

[[clause]]
id = "counted"
kind = "precedence"
before = {{ type = "departed" }}
expect = {{ type = "counted", what = "prisoners" }}
within = "20m"
same = ["vehicle", "place"]
text = "Those aboard are counted in the twenty minutes before a vehicle leaves."

[[clause]]
id = "custody"
kind = "custody"
within = "30m"
text = "Somebody answers for everyone at every moment: what is offered is answered within thirty minutes."
severity = "critical"
on_breach = ["notify-parties"]

[[clause]]
id = "punctual"
kind = "arrival"
early = "45m"
late = "45m"
text = "Vehicles arrive at most 45 minutes before or after their time."

[[clause]]
id = "in-step"
kind = "simultaneity"
within = "45m"
text = "Both sides of a batch begin to be handed over within 45 minutes of each other."
severity = "critical"
on_breach = ["pause", "notify-parties"]

[[clause]]
id = "tracked"
kind = "reporting"
every = "20m"
text = "A vehicle on the road reports at least every twenty minutes."

[[clause]]
id = "examined"
kind = "response"
after = {{ type = "accepted", to = [{facilities}] }}
expect = {{ type = "examined", what = "medical" }}
within = "3h"
discharged_by = {{ type = "died" }}
text = "Everyone taken in at the reception is examined by a doctor within three hours."
source = "GC III, art. 30"

[[clause]]
id = "families-first"
kind = "embargo"
hold = {{ type = "published" }}
until_all = [{{ type = "notified", who = "family" }}]
text = "Nothing is published before every family has been told."
severity = "critical"

[[clause]]
id = "all-home"
kind = "complete"
by = "{complete_by}"
text = "Everyone of the round is handed over by the evening of 4 July 2025."
severity = "critical"
on_breach = ["notify-parties"]
"""


def terms_text(persons_a_side: int) -> bytes:
    """The terms file for lists of about that many persons: 1,000 to 1,200 of 1,300, else in proportion."""
    facilities = ", ".join(f'"{facility}"' for _, facility in sorted(FACILITIES.items()))
    return _TEXT.format(
        minimum=max(1, persons_a_side * 1000 // 1300),
        maximum=max(1, persons_a_side * 1200 // 1300),
        facilities=facilities,
        complete_by="2025-07-04T19:00:00Z",
    ).encode()

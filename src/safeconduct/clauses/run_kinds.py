"""The kinds that judge the day."""

from safeconduct.clauses.absence import ABSENCE_PAGE, read_absence
from safeconduct.clauses.arrival import ARRIVAL_PAGE, read_arrival
from safeconduct.clauses.claim import CLAIM_PAGE, read_claim
from safeconduct.clauses.clause import RunClause
from safeconduct.clauses.complete import COMPLETE_PAGE, read_complete
from safeconduct.clauses.concordance import CONCORDANCE_PAGE, read_concordance
from safeconduct.clauses.convoy import CONVOY_PAGE, read_convoy
from safeconduct.clauses.corridor import CORRIDOR_PAGE, read_corridor
from safeconduct.clauses.custody import CUSTODY_PAGE, read_custody
from safeconduct.clauses.deadline import DEADLINE_PAGE, read_deadline
from safeconduct.clauses.departure import DEPARTURE_PAGE, read_departure
from safeconduct.clauses.embargo import EMBARGO_PAGE, read_embargo
from safeconduct.clauses.freeze import FREEZE_PAGE, read_freeze
from safeconduct.clauses.headcount import HEADCOUNT_PAGE, read_headcount
from safeconduct.clauses.kind import Kind
from safeconduct.clauses.listed import LISTED_PAGE, read_listed
from safeconduct.clauses.manifest import MANIFEST_PAGE, read_manifest
from safeconduct.clauses.parity import PARITY_PAGE, read_parity
from safeconduct.clauses.precedence import PRECEDENCE_PAGE, read_precedence
from safeconduct.clauses.reciprocity import RECIPROCITY_PAGE, read_reciprocity
from safeconduct.clauses.reporting import REPORTING_PAGE, read_reporting
from safeconduct.clauses.response import RESPONSE_PAGE, read_response
from safeconduct.clauses.simultaneity import SIMULTANEITY_PAGE, read_simultaneity
from safeconduct.clauses.speed import SPEED_PAGE, read_speed
from safeconduct.clauses.stop import STOP_PAGE, read_stop

RUN_KINDS: dict[str, Kind[RunClause]] = {
    "response": Kind(read_response, RESPONSE_PAGE),
    "precedence": Kind(read_precedence, PRECEDENCE_PAGE),
    "absence": Kind(read_absence, ABSENCE_PAGE),
    "claim": Kind(read_claim, CLAIM_PAGE),
    "embargo": Kind(read_embargo, EMBARGO_PAGE),
    "custody": Kind(read_custody, CUSTODY_PAGE),
    "manifest": Kind(read_manifest, MANIFEST_PAGE),
    "headcount": Kind(read_headcount, HEADCOUNT_PAGE),
    "listed": Kind(read_listed, LISTED_PAGE),
    "departure": Kind(read_departure, DEPARTURE_PAGE),
    "arrival": Kind(read_arrival, ARRIVAL_PAGE),
    "simultaneity": Kind(read_simultaneity, SIMULTANEITY_PAGE),
    "parity": Kind(read_parity, PARITY_PAGE),
    "corridor": Kind(read_corridor, CORRIDOR_PAGE),
    "reporting": Kind(read_reporting, REPORTING_PAGE),
    "stop": Kind(read_stop, STOP_PAGE),
    "speed": Kind(read_speed, SPEED_PAGE),
    "convoy": Kind(read_convoy, CONVOY_PAGE),
    "complete": Kind(read_complete, COMPLETE_PAGE),
    "freeze": Kind(read_freeze, FREEZE_PAGE),
    "deadline": Kind(read_deadline, DEADLINE_PAGE),
    "reciprocity": Kind(read_reciprocity, RECIPROCITY_PAGE),
    "concordance": Kind(read_concordance, CONCORDANCE_PAGE),
}

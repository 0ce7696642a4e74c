"""What goes into each case's pack, told from the facts: contacts, enquiries, events, orders, documents."""

import numpy as np
import pyarrow as pa

from qa_service.synth import facts as f
from qa_service.synth.calibration import PackRates
from qa_service.synth.caseload import Caseload
from qa_service.synth.cases import COMMUNITY, HIGH
from qa_service.synth.draws import Ints, happens
from qa_service.synth.narratives import LEVEL_WORDS, People
from qa_service.synth.packs import Entry, Pack
from qa_service.synth.recipe import Recipe
from qa_service.synth.scores import Scores
from qa_service.synth.timeline import Timeline
from qa_service.synth.words import coded


def draw_case_packs(
    caseload: Caseload, timeline: Timeline, people: People, scores: Scores, recipe: Recipe
) -> tuple[Ints, Ints, pa.Table]:
    """Draw all items of a region: the case of each, its day, and its columns."""
    slots = {
        "name": people.names,
        "victim": people.victims,
        "child": people.children,
        "place": people.places,
        "n": pa.array(scores.n_sanctions).cast(pa.string()),
        "level": coded(LEVEL_WORDS, caseload.cases.recorded),
    }
    pack = Pack(recipe.stream(caseload.plan.code, "case-packs"), recipe.calendar, slots)
    rates, is_brief = recipe.figures.packs, recipe.preset.is_brief
    _add_enquiries(pack, caseload, timeline)
    _add_history(pack, caseload, timeline, rates)
    _add_supervision(pack, caseload, timeline, rates, is_brief=is_brief)
    _add_contacts(pack, caseload, rates.n_contacts[is_brief], is_brief=is_brief)
    return pack.gather()


def _before(pack: Pack, timeline: Timeline, nearest: int, farthest: int) -> Ints:
    """Place items before the latest assessment, so that its author could have known them."""
    days: Ints = timeline.before_days - pack.rng.integers(nearest, farthest, len(timeline.before_days))
    return days


def _add_enquiries(pack: Pack, caseload: Caseload, timeline: Timeline) -> None:
    facts = caseload.facts
    agencies = (
        (
            "ENQUIRY_POLICE",
            "police",
            "Police domestic abuse enquiry",
            facts.police,
            "callouts",
            f.POLICE_CALLOUTS,
        ),
        (
            "ENQUIRY_CHILDREN",
            "children",
            "Children's services enquiry",
            facts.children,
            "concern",
            f.CHILD_CONCERN,
        ),
    )
    for kind, bank, title, state, serious, fact in agencies:
        telling = facts.holds[:, fact]
        asked = _before(pack, timeline, 25, 70)
        replied = asked + pack.rng.integers(3, 14, len(asked))
        analysed = replied + pack.rng.integers(1, 8, len(asked))
        has_reply = state >= f.REPLIED
        pack.add(Entry(kind, f"{title}: sent", f"{bank}_requested", "REQUESTED"), state >= f.NO_REPLY, asked)
        reply = f"{title}: reply"
        pack.add(Entry(kind, reply, f"{bank}_{serious}", "REPLIED"), has_reply & telling, replied)
        pack.add(Entry(kind, reply, f"{bank}_clear", "REPLIED"), has_reply & ~telling, replied)
        read = f"{title}: reply analysed"
        pack.add(Entry(kind, read, f"{bank}_analysed", "ANALYSED"), state == f.ANALYSED, analysed)


def _add_history(pack: Pack, caseload: Caseload, timeline: Timeline, rates: PackRates) -> None:
    cases, facts = caseload.cases, caseload.facts
    n = len(cases)
    everyone = np.ones(n, dtype=bool)
    violent, breached = facts.holds[:, f.VIOLENT_HISTORY], facts.holds[:, f.ORDER_BREACHED]
    inside, custody = cases.types != COMMUNITY, facts.holds[:, f.CUSTODY_VIOLENCE]
    has_order = breached | (cases.has_domestic_abuse & happens(pack.rng, rates.order_rate, n))
    print_of = "Previous convictions"
    start = np.minimum(cases.started_days, timeline.before_days - 3)
    pack.add(Entry("CONVICTION", print_of, "conviction_violent"), everyone & violent, start)
    pack.add(Entry("CONVICTION", print_of, "conviction_other"), everyone & ~violent, start)
    report = "Report from custody"
    pack.add(Entry("CUSTODY_REPORT", report, "custody_violence"), custody, _before(pack, timeline, 5, 120))
    pack.add(
        Entry("CUSTODY_REPORT", report, "custody_clear"), inside & ~custody, _before(pack, timeline, 5, 120)
    )
    ordered = _before(pack, timeline, 90, 500)
    pack.add(Entry("ORDER", "Protective order", "order"), has_order, ordered)
    breach = Entry("EVENT", "Order breached", "order_breached")
    pack.add(breach, breached, ordered + pack.rng.integers(10, 80, n))
    intelligence = Entry("POLICE_INTELLIGENCE", "Intelligence received", "intelligence")
    pack.add(intelligence, facts.holds[:, f.INTELLIGENCE], _before(pack, timeline, 5, 200))
    changed = Entry("EVENT", "Change of circumstances", "changed")
    pack.add(changed, facts.holds[:, f.CIRCUMSTANCES_CHANGED], _before(pack, timeline, 5, 60))
    earlier = Entry("DOCUMENT", "Earlier assessment", "earlier_level")
    pack.add(
        earlier, facts.holds[:, f.EARLIER_HIGH] & (cases.recorded < HIGH), _before(pack, timeline, 100, 400)
    )
    trigger = Entry("EVENT", "Event that calls for a review", "trigger_event", calls_for_review=True)
    pack.add(trigger, timeline.event_days > -10_000, timeline.event_days)


def _add_supervision(
    pack: Pack, caseload: Caseload, timeline: Timeline, rates: PackRates, *, is_brief: bool
) -> None:
    cases, facts = caseload.cases, caseload.facts
    n = len(cases)
    check = ("ADDRESS_CHECK", "Residence or curfew address")
    missing = facts.has_residence_requirement & ~facts.has_address_check
    pack.add(Entry(*check, "address_done", "ANALYSED"), facts.has_address_check, cases.started_days - 2)
    pack.add(Entry(*check, "address_pending", "REQUESTED"), missing, cases.started_days)
    sara = Entry("SPECIALIST_ASSESSMENT", "SARA", "sara")
    pack.add(sara, facts.has_sara, _before(pack, timeline, 1, 60))
    visited = facts.has_home_visit & happens(pack.rng, rates.home_visit_rates[is_brief], n)
    pack.add(Entry("HOME_VISIT", "Home visit", "home_visit"), visited, _before(pack, timeline, 5, 90))
    says_level = happens(pack.rng, rates.level_words_rate, n)
    held = facts.has_supervision & happens(pack.rng, rates.supervision_rates[is_brief], n)
    lately = -pack.rng.integers(2, 110, n)
    oversight = ("SUPERVISION", "Management oversight")
    pack.add(Entry(*oversight, "supervision"), held & ~says_level, lately)
    pack.add(Entry(*oversight, "supervision_level"), held & says_level, lately)
    late = facts.is_enforcement_late
    pack.add(Entry("ENFORCEMENT", "Enforcement", "enforcement_late"), late, -pack.rng.integers(1, 40, n))
    on_time = facts.has_absences & ~late
    pack.add(Entry("ENFORCEMENT", "Enforcement", "enforcement_done"), on_time, -pack.rng.integers(1, 40, n))
    met = (cases.mappa_categories > 0) & happens(pack.rng, rates.meeting_rate, n)
    pack.add(Entry("MEETING", "Meeting", "meeting"), met, -pack.rng.integers(5, 200, n))
    told = cases.has_domestic_abuse & happens(pack.rng, rates.victim_contact_rate, n)
    pack.add(Entry("VICTIM_CONTACT", "Victim contact", "victim_contact"), told, -pack.rng.integers(5, 200, n))
    filed = happens(pack.rng, rates.document_rates[is_brief], n)
    pack.add(Entry("DOCUMENT", "Document on file", "document"), filed, cases.started_days - 5)


def _add_contacts(pack: Pack, caseload: Caseload, n_contacts: int, *, is_brief: bool) -> None:
    n = len(caseload.cases)
    absences = caseload.facts.has_absences
    everyone = np.ones(n, dtype=bool)
    for turn in range(n_contacts):
        kept = Entry("CONTACT", "Appointment kept", "contact_attended", "ATTENDED")
        pack.add(kept, everyone, -pack.rng.integers(1 + 20 * turn, 21 + 20 * turn, n))
    for state in ("ABSENT_UNACCEPTABLE",) if is_brief else ("ABSENT_UNACCEPTABLE", "ABSENT_ACCEPTABLE"):
        missed = Entry("CONTACT", "Appointment missed", "contact_absent", state)
        pack.add(missed, absences, -pack.rng.integers(41, 90, n))

"""The share missed after serious further offences, counted by hand."""

from datetime import date

from factories.rates import AT, WALES, add_read, make_final_check
from sqlmodel import select

from qa_service.cases.tables import Level
from qa_service.estate.tables import Post
from qa_service.obligations.tables import LevelCorrection, Obligation, ObligationKind
from qa_service.policy.numbers import load_policy
from qa_service.reporting.areas import area_tree
from qa_service.reporting.further_offences import offences_in
from qa_service.reporting.rate_rows import list_rate_rows
from qa_service.reporting.rates import AreaLevel, window_start
from qa_service.reviews.statuses import ReadKind
from qa_service.reviews.tables import SeriousFurtherOffence

POLICY = load_policy().rates
SINCE = window_start(AreaLevel.PDU, AT, POLICY)


def _offence(session, case_id, check=None, *, on=date(2026, 10, 20), pdu="LDNTST", region="N07", **withdrawn):
    session.add(
        SeriousFurtherOffence(
            case_id=case_id,
            occurred_on=on,
            notified_on=on,
            pdu_code=pdu,
            region_code=region,
            check_id=check.id if check else None,
            entered_by="user:1",
            entered_at=AT,
            **withdrawn,
        )
    )
    session.flush()


def _reread(session, check, level, **options):
    _offence(session, check.case_id, check)
    return add_read(session, check, ReadKind.SFO, level=level, **options)


def _open_correction(session, check, review):
    post = session.exec(select(Post.id)).first()
    shared = {"opened_at": check.drawn_at, "check_id": check.id, "case_id": check.case_id}
    duty = Obligation(
        kind=ObligationKind.LEVEL_CORRECTION, owner_post_id=post, what="Correct it.", due_at=AT, **shared
    )
    session.add(duty)
    session.flush()
    levels = {"assessed_overall": Level.MEDIUM, "reviewed_overall": Level.MEDIUM, "groups": "children"}
    session.add(
        LevelCorrection(
            obligation_id=duty.id, review_id=review.id, is_somebody_exposed=False, **levels, **shared
        )
    )
    session.flush()


def _count(session, *codes):
    tree = area_tree(session)
    places = list_rate_rows(session, tree, since=SINCE, at=AT, policy=POLICY).offences
    return [offences_in(area, places) for area in ([tree.pdus[code] for code in codes] or [tree.nation])]


def test_missed_is_a_level_that_the_check_let_stand_and_the_blind_reread_finds_too_low(session, round_):
    let_stand = make_final_check(session, 1, round_)
    group_only = make_final_check(session, 2, round_)
    agreed = make_final_check(session, 3, round_)
    had_found_it = make_final_check(session, 4, round_, verdict="fail", reviewed="HIGH")
    _reread(session, let_stand, "HIGH")
    _reread(session, group_only, "MEDIUM", gaps={"children": 1, "public": -1})
    _reread(session, agreed, "MEDIUM", gaps={"children": 0})
    _reread(session, had_found_it, "HIGH")

    [found] = _count(session)

    assert (found.n_offences, found.n_checked, found.missed.k, found.missed.n) == (4, 4, 2, 4)


def test_a_check_that_found_a_group_too_low_has_not_missed_it(session, round_):
    across_the_high_line = make_final_check(session, 1, round_, verdict="fail", reviewed="MEDIUM")
    below_it = make_final_check(session, 2, round_, verdict="recheck")
    first = add_read(session, below_it, ReadKind.FIRST, level="MEDIUM", gaps={"children": 1})
    _open_correction(session, below_it, first)
    for check in (across_the_high_line, below_it):
        _reread(session, check, "MEDIUM", gaps={"children": 1})

    [found] = _count(session)

    assert (found.missed.k, found.missed.n) == (0, 2)


def test_what_is_not_read_again_yet_or_read_with_the_level_seen_is_no_part_of_the_share(session, round_):
    waiting, seen, unscored = (
        make_final_check(session, 1, round_),
        make_final_check(session, 2, round_),
        make_final_check(session, 3, round_, verdict="not_scorable", reviewed=None),
    )
    _offence(session, waiting.case_id, waiting)
    _reread(session, seen, "HIGH").contaminated_at = AT
    _reread(session, unscored, "HIGH")
    never_checked = make_final_check(session, 4, round_)
    _offence(session, never_checked.case_id)
    session.flush()

    [found] = _count(session)

    assert (found.n_offences, found.n_checked, found.missed.n) == (4, 3, 0)


def test_an_offence_counts_where_the_case_was_checked_and_only_in_its_months(session, round_):
    wales = make_final_check(session, 1, round_, place=WALES)
    _reread(session, wales, "HIGH")
    old = make_final_check(session, 2, round_)
    _offence(session, old.case_id, old, on=date(2024, 10, 1))

    london, welsh = _count(session, "LDNTST", "WALTST")

    assert (london.n_offences, welsh.n_offences, welsh.missed.k) == (0, 1, 1)


def test_an_offence_withdrawn_counts_nowhere(session, round_):
    check = make_final_check(session, 1, round_)
    _offence(session, check.case_id, check, withdrawn_at=AT, withdrawn_reason="Another person's.")
    add_read(session, check, ReadKind.SFO, level="HIGH")

    [found] = _count(session)

    assert (found.n_offences, found.n_checked, found.missed.n) == (0, 0, 0)

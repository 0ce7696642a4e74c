"""Every route says who may use it, and every role gets exactly what it says: its own area, nothing of another."""

import pytest
from factories.accounts import SETTINGS, client_of, make_account
from factories.databases import own_database
from factories.fails import FINAL
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient
from starlette.routing import Mount

from qa_service.app import make_app
from qa_service.auth.dependencies import _open_to_all, _RoleCheck
from qa_service.auth.roles import Role
from qa_service.core.clock import FixedClock
from qa_service.core.db import SYSTEM, make_engine, transaction
from qa_service.core.ids import ReferenceSource, seeded_bytes
from qa_service.feedback import service as feedback

# Neither needs a role: the description of the interface, and the files every page needs.
PUBLIC = {"/openapi.json", "/static"}
# Where each role holds its area: (its own, another's) as options of an account.
AREAS = {
    Role.OFFICER: ({"team": "N07T01"}, {"team": "W01T01"}),
    Role.REVIEWER: ({"region": "N07"}, {"region": "W01"}),
    Role.MODERATOR: ({"region": "N07"}, {"region": "W01"}),
    Role.QUALITY_LEAD: ({"region": "N07"}, {"region": "W01"}),
    Role.SPO: ({"team": "N07T01"}, {"team": "W01T01"}),
    Role.HEAD_OF_PDU: ({"pdu": "LDNTST"}, {"pdu": "WALTST"}),
    Role.REGIONAL_DIRECTOR: ({"region": "N07"}, {"region": "W01"}),
    Role.NATIONAL_LEAD: ({}, None),
    Role.ANALYST: ({"region": "N07"}, {"region": "W01"}),
    Role.ADMINISTRATOR: ({}, None),
}
LONDON_ONLY = ("N07A001", "N07A002", "Team N07T01", "PDU LDNTST", "X000001", "Person Number 1")
# The story has no file that was loaded; and this address names one in its query.
UNKNOWN_KEY = 999_999
NAMED_IN_QUERY = {"/upload/imports"}
MANAGERS = {Role.SPO, Role.HEAD_OF_PDU, Role.REGIONAL_DIRECTOR, Role.NATIONAL_LEAD}


def _all_routes(routes):
    for route in routes:
        included = getattr(route, "original_router", None)
        yield from _all_routes(included.routes) if included else [route]


def _calls(dependant):
    for one in dependant.dependencies:
        yield one.call
        yield from _calls(one)


def _roles(route):
    """Return the roles a route declares; None when it is open to all."""
    calls = list(_calls(route.dependant))
    checks = [call for call in calls if isinstance(call, _RoleCheck)]
    assert len(checks) + (_open_to_all in calls) == 1, f"{route.path} declares roles once, or open_to_all"
    return checks[0].roles if checks else None


@pytest.fixture(scope="module")
def story(server_url, told_story):
    """A copy of the story with the feedback shown to its officer."""
    name, told = told_story
    with own_database(server_url, template=name) as (_, url):
        engine = make_engine(url)
        with transaction(engine, SYSTEM) as session:
            feedback.record_conversation(session, told.feedback, at=FINAL, by="user:1")
        yield engine, told
        engine.dispose()


@pytest.fixture(scope="module")
def app(story):
    references = ReferenceSource(seeded_bytes("doors"))
    return make_app(story[0], clock=FixedClock(FINAL), references=references, settings=SETTINGS)


@pytest.fixture(scope="module")
def routes(app):
    return [route for route in _all_routes(app.routes) if isinstance(route, APIRoute)]


@pytest.fixture(scope="module")
def address(story):
    """Return a function: a route's address with the story's own keys; what it does not know is NOTHING."""
    told = story[1]
    keys = {
        "correction_id": told.correction_id,
        "duty_id": told.duties["support"],
        "request_id": told.request_id,
        "cut_id": told.cut_id,
        "move_id": told.move_id,
        "escalation_id": told.escalation_id,
        "row_id": 1,
        "run_id": UNKNOWN_KEY,
        "hold_id": UNKNOWN_KEY,
        "offence_id": UNKNOWN_KEY,
        "user_id": 1,
    }
    references = {"/failing-checks/": told.check, "/my-feedback/": told.feedback, "/my-facts/": told.check}

    def fill(route):
        values = {name: keys.get(name, "NOTHING") for name in route.param_convertors}
        for start, reference in references.items():
            if route.path.startswith(start):
                values["reference"] = reference
        if route.path.startswith("/caseload-reviews/"):
            values["duty_id"] = told.duties["caseload_review"]
        return route.path.format(**values)

    return fill


@pytest.fixture(scope="module")
def sign_in(app, story):
    engine, told = story
    people = {Role.OFFICER: told.officer_id, Role.SPO: told.spo_id, Role.HEAD_OF_PDU: told.head_id}

    def client(role, area, *, is_own=True):
        with transaction(engine, SYSTEM) as session:
            person = people.get(role) if is_own else None
            name = f"{role.value}-{'own' if is_own else 'other'}"
            user_id = make_account(session, role, username=name, person_id=person, **area)
        return client_of(app, engine, user_id, at=FINAL)

    return client


def _names_a_thing(route):
    return "{" in route.path or route.path in NAMED_IN_QUERY


def _gets(routes):
    return [route for route in routes if "GET" in route.methods]


def test_every_route_declares_its_roles_or_is_open_to_all(app, routes):
    others = [
        route
        for route in _all_routes(app.routes)
        if not isinstance(route, APIRoute) and route.path not in PUBLIC
    ]

    assert others == []
    assert [_roles(route) for route in routes]
    assert {type(route) for route in _all_routes(app.routes) if route.path == "/static"} == {Mount}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_a_route_declares_in_its_own_area(routes, address, sign_in, role):
    client = sign_in(role, AREAS[role][0])
    wrong = []
    for route in _gets(routes):
        roles, answer = _roles(route), client.get(address(route))
        allowed = {200, 303} if "NOTHING" not in address(route) else {200, 303, 404}
        if role in {Role.OFFICER, Role.QUALITY_LEAD} and _names_a_thing(route):
            allowed = {200, 303, 404}  # duties of the managers' posts are not theirs
        expected = {200, 303} if roles is None and "{" not in route.path else {200, 303, 404}
        if roles is not None:
            expected = allowed if role in roles else {403}
        if answer.status_code not in expected:
            wrong.append((route.path, answer.status_code, sorted(expected)))

    assert wrong == []


@pytest.mark.parametrize("role", [role for role in Role if AREAS[role][1] is not None])
def test_a_role_of_another_area_finds_no_thing_and_no_name_of_this_one(routes, address, sign_in, role):
    client = sign_in(role, AREAS[role][1], is_own=False)
    wrong = []
    for route in _gets(routes):
        roles, answer = _roles(route), client.get(address(route))
        if roles is None:
            continue
        if role not in roles:
            expected = {403}
        elif role is Role.OFFICER:
            expected = {303, 404}  # this account belongs to no practitioner
        elif _names_a_thing(route):
            expected = {404}
        else:
            expected = {200, 303}
        leaks = [name for name in LONDON_ONLY if name in answer.text]
        if answer.status_code not in expected or leaks:
            wrong.append((route.path, answer.status_code, leaks))

    assert wrong == []


def test_nobody_signed_in_is_sent_to_the_sign_in_and_under_api_is_told_so(app, routes, address):
    client = TestClient(app, follow_redirects=False)
    wrong = []
    for route in _gets(routes):
        roles, answer = _roles(route), client.get(address(route))
        if roles is None:
            expected = {200, 303, 404}
        elif route.path.startswith("/api/"):
            expected = {401}
        else:
            expected = {303}
            assert answer.headers["location"].startswith("/sign-in?next=")
        if answer.status_code not in expected:
            wrong.append((route.path, answer.status_code))

    assert wrong == []


def test_a_session_that_was_ended_opens_nothing_any_more(routes, address, sign_in):
    client = sign_in(Role.NATIONAL_LEAD, {})
    kept = dict(client.cookies)
    client.post("/sign-out")
    client.cookies.update(kept)

    answers = {
        route.path: client.get(address(route)).status_code
        for route in _gets(routes)
        if _roles(route) is not None
    }

    assert set(answers.values()) <= {303, 401}


@pytest.mark.parametrize("role", [Role.ANALYST, Role.ADMINISTRATOR, Role.REVIEWER])
def test_what_changes_something_is_refused_to_roles_it_does_not_name(routes, address, sign_in, role):
    client = sign_in(role, AREAS[role][0])

    answers = {
        route.path: client.post(address(route)).status_code
        for route in routes
        if "POST" in route.methods and _roles(route) is not None and role not in _roles(route)
    }

    assert set(answers.values()) == {403}


@pytest.mark.parametrize("role", sorted(MANAGERS - {Role.NATIONAL_LEAD}))
def test_a_manager_changes_nothing_in_another_area(routes, address, sign_in, role):
    client = sign_in(role, AREAS[role][1], is_own=False)

    answers = {
        route.path: client.post(address(route)).status_code
        for route in routes
        if "POST" in route.methods
        and "{" in route.path
        and _roles(route) is not None
        and role in _roles(route)
    }

    assert set(answers.values()) == {404}

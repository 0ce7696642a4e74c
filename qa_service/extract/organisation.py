"""Tables of the organisation: regions, PDUs, teams, and the posts that own obligations."""

from qa_service.extract.columns import Table, code, date, text

REGION_CODE = r"[A-Z]\d{2}"
PDU_CODE = r"[A-Z0-9]{6,7}"
TEAM_CODE = r"[A-Z0-9]{6}"

POST_KINDS = ("SPO", "HEAD_OF_PDU", "REGIONAL_DIRECTOR", "NATIONAL")

REGIONS = Table(
    "regions",
    "one probation region",
    ("region_code",),
    (
        text("region_code", "provider code, such as N07", pattern=REGION_CODE),
        text("name", "name of the region"),
    ),
)

PDUS = Table(
    "pdus",
    "one probation delivery unit",
    ("pdu_code",),
    (
        text("pdu_code", "PDU code; the region cannot be read from its prefix", pattern=PDU_CODE),
        text("name", "name of the PDU"),
        text("region_code", "region of the PDU", references="regions.region_code"),
    ),
)

TEAMS = Table(
    "teams",
    "one team of practitioners",
    ("team_code",),
    (
        text("team_code", "team code, such as N07AAT", pattern=TEAM_CODE),
        text("name", "name of the team"),
        text("pdu_code", "PDU of the team", references="pdus.pdu_code"),
    ),
)

POSTS = Table(
    "posts",
    "one holder of one post over a span of dates",
    ("post_code", "from_on"),
    (
        text("post_code", "key of the post, the same whoever holds it"),
        text("title", "title as shown, such as SPO, Lewisham team 2"),
        code("kind", "which step of the ladder the post is", POST_KINDS),
        text("team_code", "team of an SPO's post", "not an SPO's post", references="teams.team_code"),
        text(
            "pdu_code", "PDU of a head of PDU's post", "not a head of PDU's post", references="pdus.pdu_code"
        ),
        text(
            "region_code", "region of a director's post", "not a director's", references="regions.region_code"
        ),
        text(
            "holder_person_key", "who holds the post", "vacant on these dates", references="people.person_key"
        ),
        date("from_on", "first day of this holder"),
        date("to_on", "last day of this holder", "still holds it"),
    ),
)

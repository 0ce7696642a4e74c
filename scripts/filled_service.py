"""Two years of checks of a made-up nation, put straight into the tables: to look at and for `make bench`.

Nothing here is drawn, read or decided by the service, and nobody is real. What varies comes from a hash of
the row's number, so that every run gives the same rows. PDUs differ a little, two of them a lot.
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from qa_service.synth.estate import load_pdus, load_regions

SCRIPT = Path(__file__).with_suffix(".sql")
N_TEAMS_A_PDU = 5
COUNTED = ("check_record", "verdict", "review", "review_kind", "round_unit")


def fill(connection: Connection, *, at: datetime, n_officers: int = 10_700) -> None:
    """Fill an empty, migrated database as its owner, over a connection that sees everything."""
    regions = [{"code": code, "name": name} for code, name in load_regions()]
    connection.execute(text("INSERT INTO region (code, name) VALUES (:code, :name)"), regions)
    pdus = [{"code": pdu.code, "name": pdu.name, "region": pdu.region_code} for pdu in load_pdus()]
    connection.execute(text("INSERT INTO pdu (code, name, region_code) VALUES (:code, :name, :region)"), pdus)
    values = {
        "teams": N_TEAMS_A_PDU,
        "officers": n_officers,
        "at": at,
        "worst": pdus[20]["code"],
        "second_worst": pdus[70]["code"],
    }
    for statement in SCRIPT.read_text("utf-8").split(";\n"):
        if statement.strip():
            connection.execute(text(statement), values)
    for table in COUNTED:
        connection.execute(text(f"ANALYZE {table}"))

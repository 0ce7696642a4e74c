"""The job queue's connection to the database, as the non-owner role."""

from procrastinate import PsycopgConnector
from sqlalchemy.engine import make_url


def worker_connector(url: str) -> PsycopgConnector:
    """Return the connector that a worker runs on."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return PsycopgConnector(conninfo=address, kwargs={"options": "-c role=qa_app -c timezone=UTC"})

"""The job queue's connection to the database, as the non-owner role."""

from procrastinate import PsycopgConnector, SyncPsycopgConnector
from sqlalchemy.engine import make_url

_OPTIONS = "-c role=qa_app -c timezone=UTC"


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def worker_connector(url: str) -> PsycopgConnector:
    """Return the asynchronous connector that a worker runs on."""
    return PsycopgConnector(conninfo=_conninfo(url), kwargs={"options": _OPTIONS})


def deferring_connector(url: str) -> SyncPsycopgConnector:
    """Return the connector of a process that only hands over jobs."""
    return SyncPsycopgConnector(conninfo=_conninfo(url), kwargs={"options": _OPTIONS})

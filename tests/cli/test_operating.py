"""Loading, accounts, the gate, due lists, rates and the log from the command line."""

import csv
import json
from datetime import timedelta

import pytest
from factories.cases import make_case
from factories.estate import make_area, make_national_post, make_officer
from factories.rounds import make_drawable_area

from qa_service.auth import service as auth
from qa_service.auth.roles import Role
from qa_service.cases import service as cases
from qa_service.core.db import SYSTEM, transaction
from qa_service.estate import service as estate
from qa_service.obligations import service as obligations
from qa_service.obligations.tables import ItemKind, ObligationKind
from qa_service.policy.numbers import load_policy


@pytest.fixture
def area(fresh_engine):
    with transaction(fresh_engine, SYSTEM) as session:
        return make_drawable_area(session)


def test_the_database_is_brought_to_the_present_schema_as_often_as_one_likes(run_json):
    assert run_json("db", "upgrade") == (0, {"upgraded": True})
    assert run_json("db", "upgrade") == (0, {"upgraded": True})


def test_a_good_extract_loads_and_the_same_again_changes_nothing(run_json, tmp_path):
    (tmp_path / "regions.csv").write_text("region_code,name\nN07,London\n")

    code, [first] = run_json("import", tmp_path / "regions.csv")
    again, [second] = run_json("import", tmp_path / "regions.csv")

    assert (code, first["n_changed"], first["n_refused"]) == (0, 1, 0)
    assert (again, second["n_changed"]) == (0, 0)


def test_refused_rows_are_listed_with_what_to_do_and_end_with_one_while_good_rows_load(run, tmp_path):
    (tmp_path / "regions.csv").write_text("region_code,name\nN07,London\n,Nowhere\n")

    code, out, _ = run("import", tmp_path / "regions.csv")

    assert code == 1
    assert "What is wrong" in out
    assert "region_code" in out
    assert run("import", tmp_path / "regions.csv", "--dry-run")[0] == 1


def test_a_dry_run_says_what_would_happen_and_writes_nothing(run_json, fresh_engine, tmp_path):
    (tmp_path / "regions.csv").write_text("region_code,name\nN07,London\n")

    code, [report] = run_json("import", tmp_path / "regions.csv", "--dry-run")

    assert (code, report["n_accepted"]) == (0, 1)
    with transaction(fresh_engine, SYSTEM) as session:
        assert estate.regions(session) == []


def test_a_path_that_is_not_there_is_a_wrong_word(run, tmp_path):
    assert run("import", tmp_path / "nothing.csv")[0] == 2


def test_a_synthetic_area_is_not_written_over_other_files(run, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    code, _, err = run("synth", "--preset", "pdu", "--out", tmp_path)

    assert code == 2
    assert "is not empty" in err
    assert run("synth", "--preset", "galaxy", "--out", tmp_path / "new")[0] == 2


def test_an_account_is_made_with_a_password_from_standard_input(run, area, fresh_engine, monkeypatch, clock):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    code, _, _ = run(
        "user", "add", "maya", "--role", "quality_lead", "--name", "Maya", "--area", "region:N07"
    )

    assert code == 0
    with transaction(fresh_engine, SYSTEM) as session:
        user = auth.find_user(session, "maya")
        signed_in = auth.sign_in(
            session, "maya", "a long enough password", at=clock.now(), settings=_settings()
        )
        current = auth.user_of_token(session, signed_in.token, at=clock.now(), settings=_settings())
    assert user.display_name == "Maya"
    assert [(grant.role, grant.region_code) for grant in current.grants] == [(Role.QUALITY_LEAD, "N07")]


def _settings():
    from factories.accounts import SETTINGS

    return SETTINGS


@pytest.mark.parametrize("area_given", ["region:X99", "planet:N07", "pdu:NONE"])
def test_an_account_in_an_area_that_is_not_loaded_is_refused_whole(
    run, area, fresh_engine, monkeypatch, area_given
):
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough password\n"))
    code, _, err = run("user", "add", "maya", "--role", "reviewer", "--name", "Maya", "--area", area_given)

    assert code in {1, 2}
    assert err.startswith("Error: ")
    with transaction(fresh_engine, SYSTEM) as session:
        assert auth.find_user(session, "maya") is None


def test_the_gate_answers_with_reasons_and_unknown_officers_are_one_line(run, run_json, area):
    code, answer = run_json("gate", "N07A001", "X000005")
    unknown = run("gate", "N99Z999", "X000005")

    assert (code, answer["answer"]) == (0, "allowed")
    assert answer["points_after"] > answer["points_before"]
    assert (unknown[0], unknown[2]) == (1, "Error: Nobody works under N99Z999. Check the staff code.\n")


def test_escalations_are_due_when_their_time_is_over(run_json, fresh_engine, clock):
    with transaction(fresh_engine, SYSTEM) as session:
        make_national_post(session)
        make_area(session)
        item = obligations.Item(ItemKind.OVERRIDE, "A refusal was gone over")
        obligations.add_standing_item(session, "LDNTST", item, at=clock.now(), by="cli", policy=load_policy())

    today = run_json("escalations", "due")
    later = run_json("escalations", "due", "--within", "30")
    clock.at += timedelta(days=30)
    overdue = run_json("escalations", "due")

    assert today == (0, [])
    assert [row["n_open"] for row in later[1]] == [1]
    assert [row["owner"] for row in overdue[1]] == ["head_of_pdu LDNTST"]


def test_a_duty_that_nobody_may_know_of_is_told_to_whoever_runs_the_service(run_json, fresh_engine, clock):
    with transaction(fresh_engine, SYSTEM) as session:
        make_national_post(session)
        make_area(session)
        make_officer(session, "N07A001")
        case_id = make_case(session, 1).id
        spo = estate.spo_post(session, "N07T01")
        duty = obligations.Duty(ObligationKind.CONVERSATION, spo.id, "Talk", clock.now(), case_id=case_id)
        obligations.open_obligation(session, duty, at=clock.now(), by="cli")
        title = spo.title
    before = run_json("escalations", "hidden")

    with transaction(fresh_engine, SYSTEM) as session:
        cases.find_case(session, case_id).is_limited_access = True
    code, [row] = run_json("escalations", "hidden")

    assert before == (0, [])
    assert (code, row["kind"], row["owner"], row["crn"]) == (0, "conversation", title, "X000001")


def test_nothing_due_is_an_empty_list_and_not_an_error(run_json, area):
    assert run_json("cuts", "list") == (0, [])
    assert run_json("cuts", "due") == (0, [])


def test_rates_always_come_with_their_n(run_json, area):
    code, lines = run_json("rates", "--by", "region")

    assert code == 0
    assert {line["rate"] for line in lines} >= {"medium_should_be_high_rate", "underclassified_rate"}
    assert all(line["n"] == 0 and line["value"] is None for line in lines)


def test_an_export_is_a_file_whose_names_no_spreadsheet_runs_as_a_formula(run_json, fresh_engine, tmp_path):
    with transaction(fresh_engine, SYSTEM) as session:
        make_area(session)
        estate.find_pdu(session, "LDNTST").name = "=HYPERLINK(1)"

    code, said = run_json("export", "--by", "pdu", "--out", tmp_path / "rates.csv")

    with (tmp_path / "rates.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (code, said["n_rows"]) == (0, len(rows))
    assert {row["area_name"] for row in rows} == {"'=HYPERLINK(1)"}
    with (tmp_path / "rates_dictionary.csv").open(encoding="utf-8", newline="") as file:
        assert [entry["column"] for entry in csv.DictReader(file)] == list(rows[0])


def test_an_export_of_another_kind_takes_its_areas_its_last_day_and_the_columns_left_out(
    run, run_json, fresh_engine, tmp_path
):
    with transaction(fresh_engine, SYSTEM) as session:
        make_area(session)
    out = tmp_path / "equality.json"

    chosen = ("--what", "equality", "--until", "2026-09-30", "--leave-out", "k", "--out", out)
    code, said = run_json("export", *chosen)
    refused = run("export", "--what", "equality", "--by", "pdu", "--out", out)
    kept = run("export", "--leave-out", "n", "--out", out)

    assert (code, said["counted"]) == (0, "2025-01-01 to 2025-12-31, as verdicts stood then")
    columns = [entry["column"] for entry in json.loads(out.read_text())["data_dictionary"]]
    assert "k" not in columns
    assert {"of_whom", "characteristic", "group", "n"} <= set(columns)
    assert "no equality export by pdu" in refused[2]
    assert "cannot be left out" in kept[2]


def test_the_log_is_verified_and_an_anchor_it_does_not_hold_is_found(run, run_json, area):
    run("round", "plan", "N07", "--dice")

    code, report = run_json("audit", "verify")
    kept = run("audit", "verify", "--anchor", report["anchor"])
    forged = run("audit", "verify", "--anchor", f"{report['n_events']}:{'0' * 64}")

    assert (code, report["audit_ok"], report["faults"]) == (0, True, [])
    assert (kept[0], forged[0]) == (0, 1)
    assert "does not hold the anchored link" in forged[1]

from qa_service.core.errors import Invalid
from qa_service.pages.forms import Form, form_of


def test_a_refused_form_shows_what_was_typed_what_is_wrong_and_a_link_to_the_field(client):
    answer = client.post("/reply", data={"reason": "Too <short>"})

    assert answer.status_code == 422
    assert "<title>Error: Reply - Risk assessment quality assurance</title>" in answer.text
    assert '<a href="#reason">Give a reason of at least 20 characters</a>' in answer.text
    assert ">Too &lt;short&gt;</textarea>" in answer.text


def test_the_faults_a_use_case_found_are_put_beside_their_fields():
    form = form_of({"window": "annual", "area": "London"})

    refused = form.refused(
        Invalid(
            "Two faults.",
            next_step="Put them right.",
            faults=(("area", "Choose an area"), ("window", "Too late")),
        )
    )

    assert refused.summary() == [
        {"text": "Choose an area", "href": "#area"},
        {"text": "Too late", "href": "#window"},
    ]
    assert refused.error("area") == {"text": "Choose an area"}
    assert refused.value("area") == "London"


def test_a_refusal_without_named_faults_says_what_to_do_at_the_first_field():
    refused = form_of({"area": "London"}).refused(
        Invalid("The round is closed.", next_step="Plan a new one.")
    )

    assert refused.summary() == [{"text": "The round is closed. Plan a new one.", "href": "#area"}]


def test_every_choice_ticked_is_kept_and_what_is_not_known_is_left_empty():
    form = form_of({"needs": ["housing", "drugs"], "note": None})

    assert form.chosen("needs") == ("housing", "drugs")
    assert form.value("note") == ""
    assert form.error("note") is None
    assert Form().summary() == []

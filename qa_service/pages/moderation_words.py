"""What finalising a moderation will do, in sentences, from the policy in force."""

from qa_service.policy.numbers import load_policy
from qa_service.reviews.moderation_view import ModerationPreview
from qa_service.reviews.statuses import Attribution, VerdictValue

_HOLD_ENDS = "A hold on new cases, if there is one, ends."
_OTHER_VERDICTS = {
    VerdictValue.PASS: ["The check passes.", _HOLD_ENDS],
    VerdictValue.PASS_WITH_ACTIONS: ["The check passes; the officer gets feedback on actions.", _HOLD_ENDS],
    VerdictValue.RECHECK: ["In the random arm two more of the officer's cases are drawn.", _HOLD_ENDS],
    VerdictValue.NOT_SCORABLE: [
        "The record is looked for; if it is not found, another case of the officer is checked instead.",
        _HOLD_ENDS,
    ],
}


def what_will_happen(preview: ModerationPreview) -> list[str]:
    """Return one sentence for each thing that finalising does."""
    verdict = VerdictValue(preview.verdict)
    if verdict is not VerdictValue.FAIL:
        return _OTHER_VERDICTS[verdict]
    return ["The check fails.", *_cut_sentences(preview), "The case's level correction goes on as it is."]


def _cut_sentences(preview: ModerationPreview) -> list[str]:
    cut = load_policy().cut
    if not preview.does_arm_cut:
        return ["It was not drawn in an arm that cuts: nobody's caseload changes; the PDU is informed."]
    if preview.attribution is Attribution.NONE:
        return ["It is attributed to nobody: the officer's caseload does not change."]
    start = "at once" if preview.is_urgent else "on the next working day"
    share = f"{cut.cap_pct:.0f}% of their own available points"
    return [
        f"The officer's caseload cap goes to {share} {start}, for {cut.length_weeks} weeks.",
        "That does not happen if they left or are on long leave; a cut that runs already is prolonged.",
        "Cases that do not fit are offered to colleagues below 100%.",
        "What nobody can take stays with the officer, covered, on the escalation of their SPO's post.",
        "Feedback, support, a review of the officer's other cases and findings for those above are opened.",
    ]

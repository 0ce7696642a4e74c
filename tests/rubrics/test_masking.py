"""A reader cannot tell the officer's level from the text before lock 2, and can still read the text."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rubrics import TOKEN, mask_levels

WORDS = ("low", "medium", "high", "very high")
SPELLINGS = {
    "words": WORDS,
    "capitals": ("LOW", "MEDIUM", "HIGH", "VERY HIGH"),
    "codes of a system": ("LOW", "MEDIUM", "HIGH", "VERY_HIGH"),
    "with a hyphen": ("low", "medium", "high", "very-high"),
    "over two lines": ("low", "medi-\num", "high", "very\nhigh"),
    "short": ("low", "med", "high", "v high"),
    "short with a stop": ("Low", "Med", "High", "V. High"),
    "other words": ("low", "moderate", "elevated", "very high"),
    "misspelt": ("low", "meduim", "hgih", "very hgih"),
    "with degrees": ("fairly low", "quite medium", "particularly high", "extremely high"),
    "ends of a range": ("low", "the lower end of medium", "the upper end of high", "very high"),
    "between two": ("low to medium", "medium/high", "high or very high", "medium - high"),
    "in quotes": ("'low'", "'medium'", "'high'", "very 'high'"),
    "pasted": ("low", "me\u00addium", "hi\u200bgh", "very\u00a0high"),
}
CODES = {
    "registers": ("RLRH", "RMRH", "RHRH", "RVHR"),
    "group registers": ("RSKL", "RSKM", "RSKH", "RSKV"),
    "letters run together": ("LROSH", "MRoSH", "HRoSH", "VHRoSH"),
    "word and letter": ("low (L)", "medium (M)", "high (H)", "very high (VH)"),
    "letter and word": ("L - low", "M - medium", "H - high", "VH - very high"),
    "word and register": ("Low (RLRH)", "Medium (RMRH)", "High (RHRH)", "Very High (RVHR)"),
}
TEMPLATES = (
    "{}",
    "{} risk",
    "{}-risk of serious harm to the public.",
    "Assessed as a {} risk to children; he lives by the high street.",
    "He is an {} RoSH case, low in mood.",
    "Risk to known adult: {}.",
    "Risk to the public - {}",
    "RoSH remains {}, as it was in May.",
    "The level was raised from {} in June after the arrest.",
    "It is not {}, in my view; it is {}.",
    "Overall {}\nChildren {}\nStaff {}",
    "risk={}",
    "**{}**",
    "likelihood {}, impact {}",
)


def hidden_alike(template, levels):
    return {mask_levels(template.replace("{}", level)) for level in levels}


@given(
    template=st.sampled_from(TEMPLATES),
    spelling=st.sampled_from([*SPELLINGS, *CODES]),
    before=st.text(alphabet="abcdr .,\n", max_size=12),
    after=st.text(alphabet="abcdr .,\n", max_size=12),
)
@example(template="{} risk", spelling="words", before="", after="")
def test_texts_that_differ_only_in_the_level_come_out_the_same(template, spelling, before, after):
    levels = (SPELLINGS | CODES)[spelling]

    masked = hidden_alike(f"{before} {template} {after}", levels)

    assert len(masked) == 1
    assert TOKEN in masked.pop()


@given(
    template=st.sampled_from(TEMPLATES),
    spelling=st.sampled_from([*SPELLINGS, *CODES]),
    level=st.integers(0, 3),
)
def test_masking_twice_changes_nothing_more(template, spelling, level):
    once = mask_levels(template.replace("{}", (SPELLINGS | CODES)[spelling][level]))

    assert mask_levels(once) == once


@pytest.mark.parametrize(
    ("template", "levels"),
    [
        pytest.param("MAPPA level {}.", ("1", "2", "3"), id="MAPPA level that ends a sentence"),
        pytest.param("RoSH: {}", ("L", "M", "H", "V", "VH"), id="RoSH letter"),
        pytest.param("RoSH {} since May", ("L", "M", "H", "VH"), id="RoSH letter without a colon"),
        pytest.param("rosh {}", ("l", "m", "h", "vh"), id="RoSH letter in small letters"),
        pytest.param("an {} risk", ("L", "M", "H", "VH"), id="letter before risk"),
        pytest.param("risk to children is {}", ("L", "M", "H", "V"), id="risk to somebody is a letter"),
        pytest.param("Risk of serious harm - {}", ("L", "M", "H", "VH"), id="risk of serious harm letter"),
        pytest.param("Risk (public): {}", ("L", "M", "H", "V"), id="group in brackets"),
        pytest.param("assessed as {}", ("L", "M", "H", "VH"), id="assessed as a letter"),
        pytest.param("raised from {}", ("L to M", "M to H", "H to VH"), id="from letter to letter"),
        pytest.param("Children: {}, Public: {}, Staff {}.", ("L", "M", "H", "V"), id="grid in letters"),
        pytest.param("C:{} P:{} KA:{} S:{}", ("L", "M", "H", "V"), id="grid in initials"),
        pytest.param("MAPPA level {}", ("1", "2", "3"), id="MAPPA level"),
        pytest.param("a level {} MAPPA case", ("one", "two", "three"), id="MAPPA level in words"),
        pytest.param("MAPPA {}", ("1", "2", "3", "L1", "L2", "L3", "M1", "M2"), id="MAPPA short"),
        pytest.param("MAPPA Cat {}, managed at level {}", ("1", "2", "3"), id="MAPPA category and level"),
        pytest.param("now {}", ("L1/M1", "L2/M2", "L3/M3", "M2", "L1"), id="MAPPA codes"),
        pytest.param("tier {}", ("A0", "B2", "C1", "D3", "b2", "C", "F"), id="tier"),
        pytest.param("Tier: {}", ("A", "B", "C", "D", "G", "B2S"), id="tier with a colon"),
        pytest.param("his tier is now {}", ("A", "B2", "E"), id="tier is"),
        pytest.param("tier changed from {}", ("C to B", "C2 to B2", "D to A"), id="tier changed"),
        pytest.param("moved from {}", ("C2 to B2", "B1 to A1"), id="tier code without the word"),
        pytest.param("an {} tier case", ("A", "B", "C"), id="letter before tier"),
        pytest.param("The case is worth {} WMT points.", ("63", "115", "146"), id="workload points"),
        pytest.param("a {} risk of serious harm", ("significant", "minimal", "substantial"), id="soft words"),
        pytest.param("DASH: {}", ("standard", "medium", "high"), id="DASH"),
        pytest.param("RAG rated {}", ("red", "amber", "green"), id="colours"),
        pytest.param("The risk is {} than before", ("lower", "higher"), id="comparatives"),
        pytest.param("the {} on my caseload", ("lows", "mediums", "highs"), id="plurals"),
        pytest.param("raised from {}", ("low to medium", "medium to high", "high to very high"), id="raised"),
        pytest.param("{}", ("low/medium/high", "medium", "low to very high"), id="several in a row"),
        pytest.param("managed as {} in the community", ("L", "M", "H", "VH"), id="letter in a setting"),
        pytest.param("'{}' risk, graded '{}'", ("L", "M", "H"), id="letters in quotes"),
        pytest.param("{}risk, tierB2", ("low", "medium", "high"), id="run together"),
        pytest.param("{}-risk", ("low", "mid", "high"), id="mid"),
        pytest.param("OASys {}", ("L/M", "M/H", "H/VH"), id="two letters"),
        pytest.param("RoSH score {}", ("1", "2", "3", "4"), id="RoSH score"),
        pytest.param("{}", ("low-to-medium", "medium-to-high"), id="hyphens between"),
        pytest.param("an {} risk, An {} one", ("low", "elevated"), id="article"),
    ],
)
def test_every_way_an_officer_writes_a_level_is_hidden(template, levels):
    masked = hidden_alike(template, levels)
    articles_alike = hidden_alike(template.replace("an {}", "a {}").replace("An {}", "A {}"), levels)

    assert len(masked) == 1
    assert masked == articles_alike
    assert TOKEN in masked.pop()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("very high risk to staff", "[level hidden] risk to staff"),
        ("Low risk of serious harm", "[level hidden] risk of serious harm"),
        ("raised from medium to high", "raised from [level hidden]"),
        ("tier B2, MAPPA level 2", "tier [level hidden], MAPPA level [level hidden]"),
        ("Risk to public - High; staff - Low", "Risk to public - [level hidden]; staff - [level hidden]"),
        ('a "very high" risk', 'a "[level hidden]" risk'),
        ("an elevated risk", "a [level hidden] risk"),
    ],
)
def test_what_surrounds_a_level_stays_as_it_was(text, masked):
    assert mask_levels(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "He lives above a shop on the high street, near the high school.",
        "Very low mood and low self-esteem; on his meds after a med review.",
        "The risk of serious harm is to his former partner, when drinking.",
        "Risk is greatest when he is in drink; imminent if she returns.",
        "Work to lower the risk and build protective factors.",
        "Stopped on the M1 motorway and on the A1; moved to flat B2, B2 wing before that.",
        "NVQ level 2 in plumbing; a level 3 diploma.",
        "A medium secure hospital, then HMP High Down; higher education later.",
        "Below the bridge he followed the flow of the highway; a lowlander named Lowe.",
        "I'm risk averse; R v Smith; Mr H and Ms L; A&E; MH issues; tier e.g. the one above.",
        "The tier is a matter for the SPO. The level I gave is explained below.",
        "RSR 7.2%, OGRS 64%, 28 convictions, 3 children, 2 of them at school.",
        "",
    ],
)
def test_ordinary_words_stay_readable(text):
    assert mask_levels(text) == text


@pytest.mark.parametrize(
    "piece",
    ["very ", "v ", "risk ", "tier is ", "high to ", "m" + " " * 400, "- ", "'", TOKEN + " ", "level "],
)
def test_a_long_or_hostile_text_cannot_hold_up_a_page(piece):
    text = piece * (20_000 // len(piece))
    started = time.process_time()

    masked = mask_levels(text)

    # Twenty times a long assessment; a pattern that backtracks over the whole text takes minutes.
    assert time.process_time() - started < 5
    assert mask_levels(masked) == masked

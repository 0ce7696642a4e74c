"""Hide the officer's level inside free text, so that a reader forms their own before lock 2 (RULES 1).

Two texts that differ only in the level come out byte for byte the same: every way of writing a level, a
tier or a MAPPA level becomes one fixed token. Where a word may be a level, it is hidden: blindness wins
over comfort. Only fixed phrases in which it plainly is something else ("high street", "low mood", "on the
M1") stay readable. Words that say how a level was reached ("imminent", "raised") are evidence and stay.
"""

from __future__ import annotations

import re

TOKEN = "[level hidden]"  # noqa: S105 - the fixed replacement that RULES 1 names, not a password
_HIDDEN = re.escape(TOKEN)


def _word(letters: str) -> str:
    """Match a word also where a line break hyphenates it: "medi-" on one line, "um" on the next."""
    return r"(?:-[ \t]*\r?\n[ \t]*)?".join(letters)


# --- Levels in words. The underscore of VERY_HIGH is no letter, so \b will not do. ---
_START, _END = r"(?<![^\W_])", r"(?:(?![^\W_])|(?=ro?sh|risk))"
_GAP = r"[\s_\-\u2010-\u2015]*"
_DEGREE = (
    rf"(?:(?:{_word('very')}|v[./]?|extremely|exceptionally|particularly|relatively|reasonably|fairly|quite"
    r"|rather|somewhat|slightly|unusually"
    rf"|(?:the\s+)?(?:upper|lower|higher|top|bottom)\s+(?:end|part|range)\s+of(?:\s+the)?),?{_GAP})"
)
_LEVEL = (
    rf"(?:{_word('low')}(?:er|est|s)?|{_word('medium')}s?|meduim|mediun|medum|meidum|med"
    rf"|{_word('high')}(?:er|est|s)?|hgih|hihg|{_word('moderate')}(?:ly)?|elevated|heightened"
    r"|(?:hi|lo|mod)(?=[\s-]+risk)|mid(?=[\s-]*(?:risk|/|to\s|low|high)))(?:ish)?"
)
_QUOTE = "[\"'*\u2018-\u201d]"
_ITEM = rf"{_START}{_DEGREE}{{0,3}}(?P<quote>{_QUOTE}{{0,2}}){_START}{_LEVEL}{_END}"
_NEXT = rf"{_DEGREE}{{0,3}}{_QUOTE}{{0,2}}{_START}{_LEVEL}{_END}"
_THEN = (
    r"(?:\s*(?:[/\\>\u2192]|->)\s*|-(?:to-)?|[\u2010-\u2015]|\s+[-\u2010-\u2015]\s+"
    r"|,?\s+(?:or|to|through\s+to)\s+)"
)
_SOFT = (  # levels only beside a word for risk, and never the "serious" of serious harm
    r"(?:significant|substantial|considerable|serious|severe|extreme|minimal|negligible|standard|intermediate"
    r"|amber|red|green)(?!\s+(?:harm|recidivism|further|offen[cd]))"
)

# --- Levels as letters and numbers, recognised by what stands before or after. ---
_LETTER = r"(?:v\.?[ /]?h|[lmhv])"
_CAPITAL = r"(?-i:V\.?/?H|[LMHV])"
_NUMBER = r"(?:[0-5](?![\d%]|\.\d)|one|two|three|four|(?-i:II|III|IV))"
_RISK = r"(?:risks?|ro?sh|roh|rag|dash|threat)"
_TO_WHOM = r"(?:\s+(?:to|of|from)(?:\s+\w+){1,4}?)?"
_GROUP = (
    r"(?:child(?:ren)?|public|(?:known[\s_-]+)?adults?|partners?|staff|prisoners?|community|custody|overall)"
)
_SAYS = (
    rf"(?:\s*(?:[:=(\[/_\u2010-\u2015-]|{_QUOTE}|(?:is|was|are|as|at|to\s+be|remain(?:s|ed)?|stays|been|has|assessed|rated"
    r"|scored?|(?:level|lvl|rating)(?:\s+of)?|classification|grade|currently|now|overall|status)\b))"
)
_JUDGED = r"(?:level|lvl|rating|classification|assessed|graded?|rated|classified|deemed|raised|lowered)"
_TIER = r"(?:(?-i:[A-G])|[b-g]|[a-g][0-3]s?|[0-3]|one|two|three)(?![.&/]\w)"
_TIER_SAYS = (
    r"(?:\W*\b(?:is|was|as|at|of|in|to|from|up|down|now|currently|remain(?:s|ed)?|moved|changed|went|rose|fell"
    r"|scored?|code|level|band|rating|calculated|recalculated|set|v[23]|be|been|has|raised|lowered)\b)*\W{0,3}"
)

# --- Phrases that stay readable; none can be a level. ---
_PLAIN_WORDS = (
    rf"{_START}{_DEGREE}{{0,3}}{_START}(?:"
    r"high[\s-]+(?:streets?|schools?|courts?|rise|chairs?|roads?|wycombe|visibility|vis|commission(?:er)?"
    r"|sheriff|heels|tech|blood\s+pressure|secur(?:e|ity)\s+(?:hospital|unit|ward|prison|estate))"
    r"|low[\s-]+(?:moods?|incomes?|wages?|paid|self[\s-]+esteem|blood\s+pressure"
    r"|secure\s+(?:hospital|unit|ward))"
    r"|medium[\s-]+(?:term|build|height|secure\s+(?:hospital|unit|ward))|med[\s-]+(?:reviews?|compliance)"
    r"|higher[\s-]+(?:education|court|diploma)|lower[\s-]+(?:back|legs?|limbs?|court)"
    rf"|lower(?=\s+(?:the|his|her|their|this|that|its)\b)|hmp\s+(?:high\s+down|low\s+newton)){_END}"
)
_PLAIN_CODES = (
    r"\bthe\s+[AM][1-4]\b(?!\s+(?:level|case|nominal|regist\w+|flag|categor\w+|tier|meeting|panel))"
    r"|\b(?:flat|block|wing|room|cell|house|landing|ward|apartment|form|annex|appendix)\s+[A-D][0-3]\b"
    r"|\b[A-DM][0-4]\s+(?:road|motorway|junction|paper|wing|landing|spur|block)\b"
)
_PLAIN_NUMBERS = (
    r"\b(?:nvq|btec|gcse|functional\s+skills|english|maths|city\s+(?:and|&)\s+guilds)\s+level\s+\w+"
    r"|\blevel\s+\w+\s+(?:nvq|btec|diploma|certificate|qualification|apprenticeship|course|english|maths)\b"
)


def _rule(pattern: str, plain: str = "") -> re.Pattern[str]:
    """Compile what to hide; `keep` is written back before the token, a `plain` phrase is left alone."""
    return re.compile(rf"(?P<plain>{plain})|{pattern}" if plain else pattern, re.IGNORECASE)


# Words come first, so that a letter or number beside a hidden word is recognised.
_RULES = (
    _rule(r"\b(?:R[LMH]RH|RVHRH?|RSK[LMHV]H?)\b"),
    _rule(r"(?<!['\u2019])\b(?:vh|[vhml])[\s/-]?ro?s?h\b"),
    _rule(rf"{_ITEM}(?:{_THEN}{_NEXT})*", _PLAIN_WORDS),
    _rule(rf"(?P<keep>\b{_RISK}\b{_TO_WHOM}{_SAYS}+\s*){_DEGREE}{{0,3}}{_SOFT}\b"),
    _rule(rf"\b{_DEGREE}{{0,3}}\b{_SOFT}(?=[\s-]+(?:\w+\s+){{0,2}}?{_RISK}\b)"),
    _rule(rf"(?P<keep>\b{_RISK}(?![^\W_]){_TO_WHOM}{_SAYS}+\s*){_LETTER}\b(?!['\u2019]\w)"),
    _rule(rf"(?P<keep>\b{_RISK}\s+(?:to\s+)?(?:{_GROUP}\s+)?){_CAPITAL}\b"),
    _rule(rf"(?P<keep>\bro?sh\s+){_LETTER}\b"),
    _rule(rf"(?<!\w['\u2019])\b{_LETTER}(?={_QUOTE}?[\s-]{{0,3}}(?:risk\b|{_HIDDEN}))"),
    _rule(
        rf"(?P<keep>\b{_JUDGED}\b(?:\s*[:=(-]\s*|\s+(?:is|as|at|to|from|was|an?)\b)*\s*{_QUOTE}?){_CAPITAL}\b(?!['.]?\w)"
    ),
    _rule(rf"(?P<keep>\bas\s+(?:an?\s+)?){_CAPITAL}\b(?!['.]?\w|\s[A-Z])"),
    _rule(rf"\b{_CAPITAL}(?=\s+(?:in|to|for|towards)\s+(?:the\s+)?{_GROUP}\b)"),
    _rule(r"(?-i:\b(?:VH|[LMH])(?:/(?:VH|[LMH]))+\b)"),
    _rule(rf"(?P<keep>\b(?:ro?sh|level\s+of\s+risk|risk\s+(?:score|band)){_SAYS}*\s*){_NUMBER}\b"),
    _rule(r"(?P<keep>\bfrom\s+)(?-i:VH|[LMHVA-G])\s+to\s+(?-i:VH|[LMHVA-G])\b"),
    _rule(rf"(?P<keep>\b{_GROUP}\s*[)\]]?\s*[:=(\[\u2010-\u2015-]\s*){_LETTER}\b"),
    _rule(rf"(?P<keep>\b{_GROUP}\s+){_CAPITAL}(?=\s*(?:[,;.)\]/|&+\r\n]|and\b|{_GROUP}\b|$))"),
    _rule(rf"(?P<keep>(?-i:\b(?:C|Ch|P|Pub|KA|S|Pris|Pr)\s*[:=-]\s*)){_CAPITAL}\b"),
    _rule(r"(?-i:\bV[./]?H\b)"),
    _rule(rf"(?P<keep>\btier(?:ed|ing|s)?(?:\b{_TIER_SAYS}|(?=[a-g]?[0-3]))){_TIER}(?![^\W_])"),
    _rule(r"(?-i:\b[A-G](?=[\s-][Tt]ier\b))"),
    _rule(r"(?-i:\b[A-D][0-3]S?\b|\b[LM]-?[1-4]\b)", _PLAIN_CODES),
    _rule(
        r"(?P<keep>\bmappa(?:\b|(?=\d))[\s:(\[,\u2010-\u2015-]*(?:(?:is|at|on|case|nominal|managed|level)\s+)*)"
        rf"(?:{_NUMBER}|(?-i:I))\b"
    ),
    _rule(rf"(?P<keep>\b(?:level|lvl|lev|cat(?:egory)?)\.?\s*[:=#(-]?\s*){_NUMBER}\b", _PLAIN_NUMBERS),
    _rule(r"\b\d+(?:\.\d+)?(?=\s+(?:wmt|workload|weighted)\s+points\b)"),
    _rule(
        rf"(?P<keep>{_HIDDEN}(?:\s*(?:[(\[/>\u2192]|->)\s*|\s+to\s+|-))"
        r"(?-i:VH|[LMHV]|[A-G][0-3]?S?|[1-4])\b(?!&)"
    ),
    _rule(rf"\b{_CAPITAL}(?=\s*[/(=:-]\s*{_HIDDEN})"),
)
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")  # soft hyphen, zero-width characters
_RUN = re.compile(rf"{_HIDDEN}(?:(?:{_THEN}|\s+){_HIDDEN})+", re.IGNORECASE)
_ARTICLE = re.compile(rf"\b(a)n(?=\s+[(]?{_QUOTE}{{0,2}}{_HIDDEN})", re.IGNORECASE)


def mask_levels(text: str) -> str:
    """Replace everything in a text that tells the officer's level.

    Parameters
    ----------
    text : str
        Free text from the record.

    Returns
    -------
    str
        The text with "[level hidden]" in place of each level, tier and MAPPA level. Several in a row
        ("low to medium") become one, and "an" before one becomes "a", so that neither gives it away.

    Notes
    -----
    Masking twice changes nothing more. It sees words, not meaning: a level that is paraphrased ("could
    kill at any time") stays, because that is the analysis the reader has to judge.
    """
    masked = _INVISIBLE.sub("", text)
    for rule in _RULES:
        masked = rule.sub(_hide, masked)
    return _ARTICLE.sub(r"\1", _RUN.sub(TOKEN, masked))


def _hide(found: re.Match[str]) -> str:
    parts = found.groupdict()
    if parts.get("plain"):
        return found[0]
    return (parts.get("keep") or parts.get("quote") or "") + TOKEN

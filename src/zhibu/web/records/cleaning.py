"""Typed, pasted and dictated text made plain. Serves convenience; what is shown is escaped by the template anyway."""

from __future__ import annotations

import html
import re
import unicodedata

import nh3

# Only names of real elements: “若 x<y 则 z>w” is a sentence, not markup.
_NAMES = (
    "a|abbr|address|animate|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|big|blink|blockquote|body|br|button"
    "|canvas|caption|center|cite|code|col|colgroup|datalist|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset"
    "|figcaption|figure|font|footer|foreignobject|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|image|img"
    "|input|ins|isindex|kbd|keygen|label|layer|legend|li|link|listing|main|map|mark|marquee|math|menu|meta|meter|nav"
    "|nobr|noembed|noframes|noscript|o:p|object|ol|optgroup|option|output|p|param|picture|plaintext|portal|pre"
    "|progress|q|rp|rt|ruby|s|samp|script|search|section|select|slot|small|source|span|strike|strong|style|sub|summary"
    "|sup|svg|table|tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|use|var|video|wbr|xml|xmp"
)
_MARKUP = re.compile(rf"</?(?:{_NAMES})(?:[\s/][^<>]*)?>|<!--", re.IGNORECASE)
_HONEST = re.compile(rf"<(?!/?(?:{_NAMES})(?:[\s/][^<>]*)?>|!--)", re.IGNORECASE)  # a < that is no markup
_LINE_ENDS = re.compile(r"<br\b[^<>]*>|</(?:p|div|li|tr|h[1-6])\s*>", re.IGNORECASE)
# Control characters, and the invisible ones that reorder or hide text.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ufffe\uffff]")
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_WIDE = ((0xFF10, 0xFF1A), (0xFF21, 0xFF3B), (0xFF41, 0xFF5B))  # digits and letters of full width
_PLAIN = {code: code - 0xFEE0 for part in _WIDE for code in range(*part)}
_DICTATED = (
    ("逗号", "，"), ("句号", "。"), ("另起一行", "\n"), ("另起一段", "\n"),
    ("问号", "？"), ("顿号", "、"), ("冒号", "："), ("分号", "；"), ("感叹号", "！"),
    ("叹号", "！"), ("左括号", "（"), ("右括号", "）"),
)  # fmt: skip
_SPOKEN = 4  # the first of them tell that a text was dictated
_CLEARLY = 3  # words of punctuation: dictated, although other parts were typed
_HAN = "\u3400-\u9fff，。？、：；！（）"
_GAPS = re.compile(rf"(?<=[{_HAN}])[ \t\u3000]+(?=[{_HAN}\d])|(?<=\d)[ \t\u3000]+(?=[{_HAN}])")


def plain(text: str) -> str:
    """Several lines of plain text: no markup, no invisible characters, digits and letters of half width."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _no_markup(_visible(text))
    lines = (line.rstrip() for line in _punctuated(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def line(text: str) -> str:
    """One line of plain text."""
    return " ".join(plain(text).split())


def number(text: str) -> str:
    """What was meant as a number, a date or a time, in ASCII: １９：３０ → 19:30, 2026年11月5日 → 2026-11-05."""
    text = unicodedata.normalize("NFKC", _visible(text)).strip()
    text = re.sub(r"^(\d{4})\s*[年./]\s*(\d{1,2})\s*[月./]\s*(\d{1,2})\s*日?$", r"\1-\2-\3", text)
    return re.sub(r"^(\d{1,2})\s*[点时:.]\s*(\d{2})\s*分?$", r"\1:\2", text)


def key(text: str) -> str:
    """The name of a form: letters, digits, `-`, `_`, `:`; at most 40."""
    return re.sub(r"[^\w:-]", "", text)[:40]


def _visible(text: str) -> str:
    return _SURROGATES.sub("", _INVISIBLE.sub("", text)).translate(_PLAIN)


def _no_markup(text: str) -> str:
    """Unescaping may bring hidden markup to light, so until nothing is left: cleaning twice changes nothing more."""
    while _MARKUP.search(text):
        broken = _HONEST.sub("&lt;", _LINE_ENDS.sub("\n", text))
        cleaned = _visible(html.unescape(nh3.clean(broken, tags=set())))
        text = cleaned if cleaned != text else _MARKUP.sub("", text)
    return text


def _punctuated(text: str) -> str:
    """Words of punctuation that an input method wrote out. A text with a comma or stop of its own was typed in part:
    there only several of them tell; in one without, the blanks between the words go too."""
    typed = any(mark in text for mark in "，。,")
    if typed and sum(text.count(word) for word, _ in _DICTATED) < _CLEARLY:
        return text
    if not any(word in text for word, _ in _DICTATED[:_SPOKEN]):
        return text
    text = text if typed else _GAPS.sub("", text)
    for word, mark in _DICTATED:
        text = text.replace(word, mark)
    return re.sub(r"[ \t\u3000]*\n[ \t\u3000]*", "\n", text)

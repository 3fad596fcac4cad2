"""Texts that somebody may store, and that somewhere else have turned out to be more than text."""

MARKUP = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus=alert(1) autofocus='",
    "</title></textarea><svg/onload=alert(1)>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}",
    "&lt;b&gt; &amp; <b>",
    "<!-- --><![CDATA[x]]>",
    "'; DROP TABLE sites; --",
    "%s %d %n {0} {name}",
    "../../etc/passwd",
    "=HYPERLINK(1)",
    "＝HYPERLINK(2)",  # noqa: RUF001
]

WRITINGS = [
    "\u202eright to left\u2066",
    "👩🏽\u200d🚀 a family of one: 👨\u200d👩\u200d👧",
    "e\u0301 and é",
    "\ufeffmarked\u200b",
    "\U0010fffe \uffff \ufdd0",
    "\U0001d518\U0001d52b\U0001d526",
    "日本語 العربية עברית ไทย हिन्दी",
    "İıſßǅ",
    "\u00a0\u3000spaces\u2003",
    "Z͑ͫa̴l̵g̷o̸",
]

REFUSED = [
    "\x00",
    "a\x00b",
    "a\nb",
    "\x1b[31m",
    "\x7f",
    "\x85",
    "\u2028",
    "\u2029",
    "\ud800",
    "\udfff\ud800",
]
"""What no name can have: control characters, other ends of lines, halves of surrogate pairs."""

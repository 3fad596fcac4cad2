"""A query is read as browsers write it; the oracle is the URL standard's own reading."""

from can_ada import URLSearchParams
from hypothesis import given, reject
from hypothesis import strategies as st

from leadline.collector.urls import form_fields

PIECES = ("a", "b", "=", "&", "%", "+", "20", "%20", "%41", "%C3%A9", "%zz", ";", "#", "é", "%00")


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_fields_are_those_of_the_standard_and_the_first_of_a_name_counts(text: str) -> None:
    found: dict[str, str] = {}
    fields = URLSearchParams(text)  # has to be there for as long as it is read
    try:
        for name, value in fields:
            found.setdefault(name, value)
    except UnicodeDecodeError:  # as of %aa, which only the test below reads
        reject()
    assert form_fields(text) == found


def test_bytes_that_are_no_utf_8_are_replaced() -> None:
    assert form_fields("a=%FF+x&%FE=1") == {"a": "\ufffd x", "\ufffd": "1"}

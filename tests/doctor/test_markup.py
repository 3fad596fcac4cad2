"""The elements of a page that take effect, whatever the page looks like."""

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadline.doctor.markup import elements


def seen(html: str) -> list[tuple[str, dict[str, str], str]]:
    return [(each.name, dict(each.attributes), each.text) for each in elements(html)]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>x</p>", [("p", {}, "")]),
        (
            "<P CLASS=a iD='b' c=\"d\" e = f>",
            [("p", {"class": "a", "id": "b", "c": "d", "e": "f"}, "")],
        ),
        ("<br/><img src=a/ alt>", [("br", {}, ""), ("img", {"src": "a/", "alt": ""}, "")]),
        ("<a b=1 B=2>", [("a", {"b": "1"}, "")]),
        ("<a b='x&amp;y&lt;'>", [("a", {"b": "x&y<"}, "")]),
        ("<a b='>'>", [("a", {"b": ">"}, "")]),
        ("<a\nb\t=\n'c'\n>", [("a", {"b": "c"}, "")]),
        ("<script>a < b <p></script ><i>", [("script", {}, "a < b <p>"), ("i", {}, "")]),
        ("<SCRIPT>x</ScRiPt>", [("script", {}, "x")]),
        ("<script>x</scripty></script>", [("script", {}, "x</scripty>")]),
        ("<script>never ends <p>", [("script", {}, "never ends <p>")]),
        ("<!-- <p> --><i>", [("i", {}, "")]),
        ("<!--><i>", [("i", {}, "")]),
        ("<!---><i>", [("i", {}, "")]),
        ("<!-- --!><i>", [("i", {}, "")]),
        ("<!-- <p>", []),
        ("<!doctype html><?xml <b><i></ <b><u>", [("i", {}, ""), ("u", {}, "")]),
        ("<noscript><img></noscript><i>", [("noscript", {}, "<img>"), ("i", {}, "")]),
        ("<textarea><b></textarea>", [("textarea", {}, "<b>")]),
        ("<template><b><template></template><b></template><i>", [("i", {}, "")]),
        ("</template><i>", [("i", {}, "")]),
        ("<a b", []),
        ("1 < 2 <3", []),
    ],
)
def test_what_takes_effect(html: str, found: list[tuple[str, dict[str, str], str]]) -> None:
    assert seen(html) == found


@settings(deadline=None)
@given(st.text(alphabet="<>!-/= \n'\"abscript&;", max_size=60))
def test_any_text_is_read_to_its_end(html: str) -> None:
    seen(html)
    after = seen(f"<p>{html}")
    assert after[0] == ("p", {}, "")


@settings(deadline=None)
@given(st.lists(st.sampled_from(["<p>", "<!--x-->", "<script>1</script>", "</p>", "text"])))
def test_elements_come_in_their_order(pieces: list[str]) -> None:
    names = {"<p>": "p", "<script>1</script>": "script"}
    assert [name for name, _, _ in seen("".join(pieces))] == [
        names[piece] for piece in pieces if piece in names
    ]


@pytest.mark.parametrize(
    "piece",
    ["<a ", "<", "<a b='", "<!--", "</", "<script></", "<a b= ", "<div>", "<a =", "&lt", " "],
)
def test_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    begin = process_time()
    for start in ("", "<a ", "<a b=", "<a b='"):
        seen(start + piece * (60_000 // len(piece)))
    assert process_time() - begin < 10

"""Segments, goals and funnels: kept by those who manage, seen by all who are signed in."""

from collections.abc import Iterator

import pytest

from leadline.reports import Did, Dimension, Filter, Metric, Operator, Viewed
from tests.dashboard.person import given, text_of
from tests.dashboard.reported import Demo, card, demo_server, rows, tiles
from tests.dashboard.test_report import THIRTY, query, reports
from tests.nasty import MARKUP


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    with demo_server(tmp_path_factory.mktemp("aimed")) as running:
        yield running


def at(demo: Demo, path: str = "") -> str:
    return f"/sites/{demo.shop.slug}{path}"


def entrances(demo: Demo, *conditions: Viewed | Did) -> int:
    (row,) = reports(demo).rows(query(demo, THIRTY, Metric.ENTRANCES, filters=conditions))
    return row.entrances


def test_what_is_looked_at_becomes_a_segment(demo: Demo) -> None:
    asked = "f=browser:is:Chrome&f=country:is_not:ES&period=7d"
    there = demo.page(asked)
    answer = demo.owner.send(at(demo, f"/segments?{asked}"), at(demo, f"?{asked}"), name="Abroad")
    assert answer.status_code == 303
    assert answer.headers["location"] == at(demo, "?period=7d&segment=abroad")
    kept = demo.page("period=7d&segment=abroad")
    assert tiles(kept) == tiles(there)
    assert "Segment Abroad" in demo.owner.read(at(demo, "?period=7d&segment=abroad"))
    both = demo.page("period=7d&segment=abroad&f=country:is:DE")
    assert tiles(both) == tiles(demo.page("period=7d&f=browser:is:Chrome&f=country:is:DE"))
    (segment,) = demo.server.leadline.segments.list(demo.shop.id)
    again = demo.owner.send(at(demo, f"/segments?{asked}"), at(demo, f"?{asked}"), name=" ")
    assert (again.status_code, "1 to 100 characters" in again.text) == (422, True)
    gone = demo.owner.send(at(demo, f"/segments/{segment.id}/remove"), at(demo))
    assert gone.status_code == 303
    assert demo.owner.get(at(demo, "?segment=abroad")).status_code == 400


def test_goals(demo: Demo) -> None:
    books = Viewed(Filter(Dimension.PATHNAME, Operator.STARTS_WITH, "/books"))
    bought = Did(Filter(Dimension.EVENT_NAME, Operator.IS, "purchase"))
    for name, kind, operator, value in (
        ("Looked at books", "page", "starts_with", "/books"),
        ("Bought", "event", "is", "purchase"),
    ):
        fields = {"name": name, "kind": kind, "operator": operator, "value": value}
        assert demo.owner.send(at(demo, "/goals"), **fields).status_code == 303
    of = entrances(demo)
    expected = [entrances(demo, books), entrances(demo, bought)]
    assert all(expected)
    found = rows(demo.page(path="/goals"))
    assert [row[0] for row in found] == ["Looked at books", "Bought"]
    assert [int(row[2].split()[0].replace(",", "")) for row in found] == expected
    assert [row[3] for row in found] == [f"{100 * visits / of:.1f}%" for visits in expected]
    page = demo.page()
    assert f'hx-get="/sites/{demo.shop.slug}/goals"' in page
    short = demo.owner.client.get(at(demo, "/goals"), headers={"HX-Request": "true"})
    assert [line[0] for line in card(short.text, "goals")] == ["Looked at books", "Bought"]
    wrong = demo.owner.send(
        at(demo, "/goals"), name="Bought", kind="event", operator="is", value=""
    )
    assert (wrong.status_code, "needs a value" in wrong.text) == (422, True)
    taken = {"name": "Bought", "kind": "event", "operator": "is", "value": "x"}
    assert demo.owner.send(at(demo, "/goals"), **taken).status_code == 422
    odd = taken | {"kind": "luck"}
    assert demo.owner.send(at(demo, "/goals"), **odd).status_code == 400
    for goal in demo.server.leadline.goals.list(demo.shop.id):
        demo.owner.send(at(demo, f"/goals/{goal.id}/remove"), at(demo, "/goals"))
    assert "There are no goals yet" in demo.owner.read(at(demo, "/goals"))


def test_a_funnel_is_built_shown_and_kept(demo: Demo) -> None:
    steps = [("page", "is", "/"), ("page", "starts_with", "/books"), ("event", "is", "purchase")]
    asked = "&".join(f"kind={kind}&operator={how}&value={what}" for kind, how, what in steps)
    found = rows(demo.page(asked, "/funnels"))
    assert len(found) == 3
    visits = [int(row[1].replace(",", "")) for row in found]
    assert visits == sorted(visits, reverse=True)
    first = Viewed(Filter(Dimension.PATHNAME, Operator.IS, "/"))
    assert visits[0] == entrances(demo, first)
    assert visits[-1] > 0
    fields = "&".join(f"kind={kind}&operator={how}&value={what}" for kind, how, what in steps)
    page = demo.owner.get(at(demo, f"/funnels?{asked}"))
    token = page.text.partition('name="form_token" value="')[2].partition('"')[0]
    kept = demo.owner.client.post(
        at(demo, "/funnels"),
        content=f"form_token={token}&name=Books&{fields}",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert kept.status_code == 303
    assert rows(demo.owner.get(kept.headers["location"]).text) == found
    (funnel,) = demo.server.leadline.funnels.list(demo.shop.id)
    assert demo.owner.get(at(demo, "/funnels?funnel=9999")).status_code == 404
    one = demo.page("kind=page&operator=is&value=/", "/funnels")
    assert "A funnel has 2–10 steps." in one
    demo.owner.send(at(demo, f"/funnels/{funnel.id}/remove"), at(demo, "/funnels"))
    assert demo.server.leadline.funnels.list(demo.shop.id) == ()
    broken = asked.replace("operator=is", "operator=matches").replace("value=/", "value=(")
    assert demo.owner.get(at(demo, f"/funnels?{broken}")).status_code == 400


def test_members_look_and_keep_nothing(demo: Demo) -> None:
    member = given(demo.server, demo.shop)
    for path in ("/goals", "/funnels", "?f=browser:is:Chrome"):
        page = member.get(at(demo, path))
        assert page.status_code == 200
        assert 'action="/sites' not in page.text.replace('method="get" action="/sites', "")


@pytest.mark.parametrize("text", MARKUP)
def test_names_stay_text(demo: Demo, text: str) -> None:
    fields = {"name": text, "kind": "page", "operator": "is", "value": text}
    demo.owner.send(at(demo, "/goals"), **fields)
    assert text in text_of(demo.owner.get(at(demo, "/goals"))) or " " in text
    demo.page(path="/goals")
    for goal in demo.server.leadline.goals.list(demo.shop.id):
        demo.server.leadline.goals.remove(demo.shop.id, goal.id)

"""What programs send: the refusals of the last 24 hours, which is as long as they are kept."""

from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pydantic import Field

from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.asked import OfSite, readable
from leadline.faces.seal.shapes import Envelope
from leadline.reports import Refusals, beginning

FLAGS = {
    "blocklist_ua": "The User-Agent is that of a crawler or another program",
    "bot_detected": "It behaves as no person does",
    "data_centre": "It comes from a data centre",
    "referrer_spam": "It names a referrer that is known for spam",
}
"""The reasons of refusals that say of a hit that no person has sent it."""

MINUTES = 24 * 60
CERTAIN = 100
"""The score of a hit that was refused as a program's; any other has none."""


class BotStatsQuery(OfSite):
    days: int = Field(30, ge=1, le=90, description="Known is the last day, however many are asked.")


class ScoreDistribution(Answer):
    score_0: int = Field(description="Hits that count.")
    score_1_30: int
    score_31_60: int
    score_61_80: int
    score_81_100: int = Field(description="Hits that were refused as those of programs.")
    total_hits: int
    avg_score: float
    suspicious_percentage: float


class FlagCount(Answer):
    flag: str = Field(examples=["blocklist_ua"])
    count: int
    description: str


class DailyStats(Answer):
    date: str
    total_hits: int
    suspicious_hits: int
    avg_score: float


class BotStats(Answer):
    period_start: str = Field(description="A day of the site's time zone.")
    period_end: str
    distribution: ScoreDistribution
    top_flags: list[FlagCount]
    daily_trend: list[DailyStats]


class Hits(NamedTuple):
    """So many that count, and that programs sent."""

    accepted: int
    refused: int

    @classmethod
    def of(cls, found: Refusals) -> "Hits":
        return cls(
            found.accepted, sum(each.count for each in found.reasons if each.reason in FLAGS)
        )

    @property
    def total(self) -> int:
        return self.accepted + self.refused

    @property
    def score(self) -> float:
        """On average; as there are but two scores, also the percentage of programs."""
        return round(CERTAIN * self.refused / self.total, 2) if self.total else 0.0


def get_bot_stats(call: Call) -> Envelope[BotStats]:
    site = readable(call)
    reports = call.services.reports
    now = reports.now().astimezone(ZoneInfo(site.timezone))
    found = reports.refusals(site.id, MINUTES)
    all_hits = Hits.of(found)
    days = [(now, Hits.of(reports.refusals(site.id, _minutes_today(now, site.timezone))))]
    before = Hits(*(max(0, more - less) for more, less in zip(all_hits, days[0][1], strict=True)))
    if _minutes_today(now, site.timezone) < MINUTES:
        days.insert(0, (now - timedelta(days=1), before))
    flags = [
        FlagCount(flag=each.reason, count=each.count, description=FLAGS[each.reason])
        for each in found.reasons
        if each.reason in FLAGS
    ]
    return Envelope(
        data=BotStats(
            period_start=str(days[0][0].date()),
            period_end=str(now.date()),
            distribution=ScoreDistribution(
                score_0=all_hits.accepted,
                score_1_30=0,
                score_31_60=0,
                score_61_80=0,
                score_81_100=all_hits.refused,
                total_hits=all_hits.total,
                avg_score=all_hits.score,
                suspicious_percentage=all_hits.score,
            ),
            top_flags=flags,
            daily_trend=[
                DailyStats(
                    date=str(day.date()),
                    total_hits=hits.total,
                    suspicious_hits=hits.refused,
                    avg_score=hits.score,
                )
                for day, hits in days
            ],
        )
    )


def _minutes_today(now: datetime, timezone: str) -> int:
    """Those of the zone's day that have begun, of the last 24 hours."""
    since = now - beginning(now.date(), timezone)
    return min(MINUTES, 1 + int(since.total_seconds()) // 60)


ENDPOINT = Endpoint(
    "GET",
    "/bot-stats/overview",
    "Get bot statistics",
    Need.READ_NAMED,
    get_bot_stats,
    Envelope[BotStats],
    description="Of the last 24 hours: for as long it is kept what was refused, and why.",
    query=BotStatsQuery,
    errors={
        403: "The token is not allowed to do this.",
        404: "No such site.",
        422: "A parameter is invalid.",
        503: "Hits cannot be counted now; see Retry-After.",
    },
    group="Bots",
)

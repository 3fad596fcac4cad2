"""What programs send: the refusals of seven days, which is as long as they are kept."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import NamedTuple, cast
from zoneinfo import ZoneInfo

from pydantic import Field

from leadline.faces.endpoint import Answer, Call, Endpoint, Need
from leadline.faces.seal.asked import OfSite, readable
from leadline.faces.seal.shapes import Envelope
from leadline.reports import REFUSALS_KEPT_DAYS, Refusals, beginning

FLAGS = {
    "blocklist_ua": "The User-Agent is that of a crawler or another program",
    "bot_detected": "It behaves as no person does",
    "data_centre": "It comes from a data centre",
    "referrer_spam": "It names a referrer that is known for spam",
}
"""The reasons of refusals that say of a hit that no person has sent it."""

KEPT_MINUTES = REFUSALS_KEPT_DAYS * 24 * 60
CERTAIN = 100
"""The score of a hit that was refused as a program's; any other has none."""


class BotStatsQuery(OfSite):
    days: int = Field(
        30, ge=1, le=90, description="Today among them; of more than 7, the last 7 are told."
    )


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
    now = reports.now()
    today = now.astimezone(ZoneInfo(site.timezone)).date()
    count = min(cast(BotStatsQuery, call.query).days, REFUSALS_KEPT_DAYS)
    dates = [today - timedelta(days=ago) for ago in reversed(range(count))]
    since = [
        reports.refusals(site.id, _minutes(beginning(day, site.timezone), now)) for day in dates
    ]
    found, all_hits = since[0], Hits.of(since[0])
    sums = [*map(Hits.of, since), Hits(0, 0)]
    days = [Hits(*(max(0, a - b) for a, b in zip(*pair, strict=True))) for pair in pairwise(sums)]
    flags = [
        FlagCount(flag=each.reason, count=each.count, description=FLAGS[each.reason])
        for each in found.reasons
        if each.reason in FLAGS
    ]
    return Envelope(
        data=BotStats(
            period_start=str(dates[0]),
            period_end=str(today),
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
                    date=str(day),
                    total_hits=hits.total,
                    suspicious_hits=hits.refused,
                    avg_score=hits.score,
                )
                for day, hits in zip(dates, days, strict=True)
            ],
        )
    )


def _minutes(since: datetime, now: datetime) -> int:
    """Those that have begun, as far as refusals are kept."""
    return min(KEPT_MINUTES, 1 + (now - since) // timedelta(minutes=1))


ENDPOINT = Endpoint(
    "GET",
    "/bot-stats/overview",
    "Get bot statistics",
    Need.READ_NAMED,
    get_bot_stats,
    Envelope[BotStats],
    description="Of days of the site's time zone. What was refused, and why, is kept for seven.",
    query=BotStatsQuery,
    errors={
        403: "The token is not allowed to do this.",
        404: "No such site.",
        422: "A parameter is invalid.",
        503: "Hits cannot be counted now; see Retry-After.",
    },
    group="Bots",
)

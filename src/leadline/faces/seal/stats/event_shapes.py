"""What is told of conversions and microconversions by their types."""

from pydantic import Field

from leadline.faces.endpoint import Answer
from leadline.faces.seal.stats.shapes import MONEY_TEXT, sometimes


class _Source(Answer):
    utm_source: str
    utm_medium: str
    utm_campaign: str
    utm_term: str
    utm_content: str


class SourceConversion(_Source):
    conversions: int
    revenue: str = Field(pattern=MONEY_TEXT)
    percentage: float


class GeoConversion(Answer):
    country: str
    conversions: int
    revenue: str = Field(pattern=MONEY_TEXT)
    percentage: float


class ConversionsByType(Answer):
    conversion_type: str
    count: int
    revenue: str = Field(pattern=MONEY_TEXT)
    avg_value: str = Field(pattern=MONEY_TEXT)
    count_prev: int | None = sometimes("With `compare`.")
    revenue_prev: str | None = sometimes("With `compare`.")
    by_source: list[SourceConversion]
    by_country: list[GeoConversion]


class SourceCount(_Source):
    count: int
    percentage: float


class MicroconversionMetrics(Answer):
    conversion_type: str
    count: int
    count_prev: int | None = sometimes("With `compare`.")
    by_source: list[SourceCount]


class CountryCount(Answer):
    country: str
    count: int
    percentage: float


class DeviceCount(Answer):
    device_type: str
    count: int
    percentage: float


class LandingPageCount(Answer):
    landing_page: str
    count: int
    percentage: float


class Count(Answer):
    count: int


class MicroconversionDetail(Answer):
    conversion_type: str
    date_from: str
    date_to: str
    totals: Count
    total_count: int
    by_source: list[SourceCount]
    by_country: list[CountryCount]
    by_device: list[DeviceCount]
    by_landing_page: list[LandingPageCount]

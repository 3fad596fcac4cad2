"""Sites as the doctor is told of them."""

from datetime import UTC, datetime

from leadline.doctor import Doctor, Finding, Level, Server, server_at
from leadline.sites import Domain, OrganisationId, Sharing, Site, SiteId

NOW = datetime(2026, 3, 10, tzinfo=UTC)
OWN = "https://stats.test"


def site(*domains: str, code: str = "CDBUGS", slug: str = "acme-corp", active: bool = True) -> Site:
    return Site(
        id=SiteId(1),
        organisation=OrganisationId(1),
        code=code,
        slug=slug,
        name="Acme",
        sharing=Sharing.NONE,
        multi_domain=None,
        timezone="UTC",
        currency="EUR",
        is_active=active,
        honours_dnt=False,
        honours_gpc=False,
        retention=None,
        embed_on=(),
        created_at=NOW,
        updated_at=None,
        domains=tuple(Domain(number, host, host, NOW) for number, host in enumerate(domains)),
    )


OTHER = site(code="OTHERS", slug="other-shop")
SITE = site("localhost", "shop.test")


def named(name: str) -> Site | None:
    known = (SITE, OTHER)
    return next((each for each in known if name.lower() in (each.code.lower(), each.slug)), None)


def doctor(own: str | None = OWN, seconds: float = 5) -> Doctor:
    return Doctor(server_at(own, named), resolver=lambda _: ["127.0.0.1"], seconds=seconds)


def server(own: str | None = OWN) -> Server:
    return server_at(own, named)


def problems(findings: list[Finding]) -> list[str]:
    return [finding.kind.name for finding in findings if finding.level is Level.PROBLEM]


def notes(findings: list[Finding]) -> list[str]:
    return [finding.kind.name for finding in findings if finding.level is Level.NOTE]

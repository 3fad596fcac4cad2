"""The whole of a server: which rooms there are, and which request goes to which."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any

from starlette.types import Receive, Scope, Send

from leadline import demo, jobs, monitoring, tracker
from leadline.access import (
    ApiSignIns,
    AuditLog,
    Device,
    FailedSignIns,
    Identities,
    Invitations,
    MemberInvitations,
    Members,
    Organisations,
    Passkeys,
    PasswordResets,
    Seals,
    SecondFactors,
    Sessions,
    Shares,
    Throttle,
    Tokens,
)
from leadline.alerts import History, Rule, Rules, Telling, Watch
from leadline.clock import Clock, utc_now
from leadline.collector import (
    Bundles,
    Collector,
    CollectorApp,
    Intake,
    Screening,
    hit_protocol,
    takes,
)
from leadline.control import ControlSocket
from leadline.dashboard import Rooms, pages
from leadline.database import Database
from leadline.doctor import find_browser
from leadline.enrichment import Places, SpamHosts, describe
from leadline.faces.endpoint import Services
from leadline.faces.fathom import FathomFace
from leadline.faces.seal import SealFace, content_of, said_of
from leadline.letters import Letters, MailedReports
from leadline.mail import Outbox, Subscriptions, mail_server
from leadline.monitoring import Monitoring
from leadline.network import TrustedProxies
from leadline.openid import Provider
from leadline.reports import Export, Exports, ExportStatus, Funnels, Goals, Reports, Segments
from leadline.settings import Settings
from leadline.sites import (
    BlockRules,
    ChannelRules,
    Events,
    Milestones,
    OrganisationId,
    PassthroughReferrers,
    ShareLinks,
    SiteId,
    SiteNotFound,
    Sites,
    Snapshot,
)
from leadline.storage import Storage
from leadline.visitors import Salts, Visitors
from leadline.webhooks import Courier, Deliveries, EventType, Sender, Webhooks


class Leadline:
    """One server on one data directory, as an ASGI application with a lifespan."""

    def __init__(self, settings: Settings, clock: Clock = utc_now) -> None:
        """Opens what is in the data directory, migrating it. Raises when that cannot be had."""
        self.database = Database(settings.metadata)
        self.snapshot = Snapshot(self.database)
        self._clock = clock
        self.sites = Sites(self.database, changed=self.snapshot.refresh, clock=clock)
        self.block_rules = BlockRules(self.database, changed=self.snapshot.refresh, clock=clock)
        self.channel_rules = ChannelRules(self.database, self.snapshot.refresh, clock)
        self.passthrough_referrers = PassthroughReferrers(
            self.database, self.snapshot.refresh, clock
        )
        self.milestones = Milestones(self.database, clock)
        self.share_links = ShareLinks(self.database, clock)
        self._open_access(settings, clock)
        self.storage = Storage(settings)
        self._control = ControlSocket(settings.data, self.storage.tasks())
        salts = Salts(self.database, clock)
        visitors = Visitors(salts)
        screening = Screening(SpamHosts(settings.referrer_spam_file), settings.refuse_data_centres)
        self.collector = Collector(
            self.snapshot,
            visitors,
            Places(settings.geo_database),
            screening,
            self.storage.spool,
            clock,
        )
        reports = Reports(self.storage.warehouse, clock)
        self._open_mail(settings, reports, clock)
        self._open_webhooks(settings, clock)
        self._open_alerts(reports, clock)
        self.exports = Exports(self.database, settings.exports_directory, clock)
        if settings.database_url is None:
            self.exports.resume()
            self.courier.resume()
        self._salts = jobs.RotateSalts(salts, visitors, clock)
        self._schedule = jobs.Schedule(
            jobs.jobs_of_a_server(self._chores(settings, reports, clock), self.storage.spool)
        )
        proxies = TrustedProxies(settings.trusted_proxies)
        addresses = tracker.Addresses.set_by(settings)
        watch = Monitoring(self.storage, self.collector, proxies, settings.metrics)
        self._monitoring = watch.app()
        self.events = Events(self.database, reports.event_names, clock)
        is_pattern = self.storage.warehouse.is_pattern
        self.segments = Segments(self.database, is_pattern, clock)
        self.goals = Goals(self.database, is_pattern, clock)
        self.funnels = Funnels(self.database, is_pattern, clock)
        bundles = Bundles(self.collector, self.snapshot, self.storage.spool, clock)
        services = Services(
            self.sites,
            self.block_rules,
            self.channel_rules,
            self.passthrough_referrers,
            self.milestones,
            self.events,
            self.tokens,
            self.organisations,
            self.members,
            self.member_invitations,
            self.sessions,
            self.second_factors,
            self.password_resets,
            self.sign_ins,
            self.audit,
            _device_of,
            reports,
            self.segments,
            self.exports,
            self.webhooks,
            self.deliveries,
            self.courier,
            self.alert_rules,
            self.alert_history,
            self.watch,
            self.telling,
            bundles,
            addresses,
        )
        intake = Intake(self.collector, proxies, settings.country_header)
        self.protocol = hit_protocol(intake, self.storage.spool, addresses.path)
        self._hits = CollectorApp(intake, self.storage.spool)
        self._scripts = tracker.ScriptApp(self.snapshot)
        self._aliases = addresses.aliases()
        public_url, patience = settings.public_url, settings.answer_seconds
        per_hour = Throttle.per_hour(settings.fathom_rate_limit)
        self._fathom = FathomFace(services, proxies, public_url, per_hour, patience)
        per_minute = Throttle.per_minute(settings.seal_rate_limit)
        self._seal = SealFace(services, proxies, public_url, per_minute, patience)
        self._pages = pages(
            Rooms(
                self.sites,
                self.block_rules,
                self.tokens,
                self.organisations,
                self.sessions,
                self.second_factors,
                self.passkeys,
                self.password_resets,
                self.identities,
                _provider(settings),
                Seals(self.database, clock),
                self.invitations,
                self.audit,
                self.members,
                self.member_invitations,
                self.share_links,
                Shares(self.sites, self.share_links, clock),
                reports,
                self.segments,
                self.goals,
                self.funnels,
                self.milestones,
                self.webhooks,
                self.deliveries,
                self.courier,
                self.alert_rules,
                self.alert_history,
                self.subscriptions,
                self.mailed_reports.are_sent,
                addresses,
                watch.has_untrusted_proxy,
                self._make_demo,
                find_browser(settings.browser),
                _device_of,
                clock,
            ),
            proxies,
            public_url,
            patience,
        )

    def _open_access(self, settings: Settings, clock: Clock) -> None:
        self.tokens = Tokens(self.database, clock)
        self.organisations = Organisations(self.database, clock)
        self.organisations.first()
        self.sessions = Sessions(self.database, clock)
        self.sign_ins = ApiSignIns(self.database, clock)
        self.audit = AuditLog(self.database, clock)
        self.second_factors = SecondFactors(self.database, clock)
        self.failed_sign_ins = FailedSignIns(self.database, self.audit)
        self.sessions.failed = self.second_factors.failed = self.failed_sign_ins.note
        self.passkeys = Passkeys(self.database, clock)
        self.identities = Identities(self.database, clock)
        self.invitations = Invitations(self.database, clock)
        self.members = Members(self.database, clock)
        self.member_invitations = MemberInvitations(self.database, clock)
        self.password_resets = PasswordResets(self.database, settings.public_url, clock)

    def _open_mail(self, settings: Settings, reports: Reports, clock: Clock) -> None:
        self.outbox = Outbox(self.database, mail_server(settings), clock)
        self.letters = Letters(self.outbox, settings.mail_language)
        if self.outbox.is_set_up:
            self.password_resets.send_reset = self.letters.reset
        if self.outbox.is_set_up and settings.public_url is not None:
            self.member_invitations.invited = partial(self.letters.invitation, settings.public_url)
        self.subscriptions = Subscriptions(self.database, clock)
        self.mailed_reports = MailedReports(
            self.outbox,
            self.subscriptions,
            self.sites,
            self.members,
            reports,
            settings.public_url,
            clock,
        )

    def _open_webhooks(self, settings: Settings, clock: Clock) -> None:
        self._sender = Sender(to_loopback=settings.webhooks_to_loopback)
        self.webhooks = Webhooks(self.database, self._sender, clock)
        self.deliveries = Deliveries(self.database, clock)
        self.courier = Courier(self.database, self.webhooks, self._sender, clock)

    def _open_alerts(self, reports: Reports, clock: Clock) -> None:
        self.alert_rules = Rules(self.database, self._sender, clock)
        self.alert_history = History(self.database, clock)
        notify = self._mail_alert if self.outbox.is_set_up else None
        self.telling = Telling(self._announce, self._sender, notify)
        self.watch = Watch(self.alert_rules, self.alert_history, reports, self.telling.tell)

    def _mail_alert(self, rule: Rule, recipients: Sequence[str], text: str) -> None:
        self.letters.alert(recipients, rule.name, text)

    def _announce(
        self, number: int, event: EventType, data: Mapping[str, Any], event_id: str
    ) -> None:
        with suppress(SiteNotFound):  # it was deleted meanwhile
            site = self.sites.numbered(SiteId(number))
            self.deliveries.announce(site.id, site.slug, event, data, event_id)

    def _announce_export(self, export: Export) -> None:
        is_there = export.status is ExportStatus.COMPLETED
        event = EventType.EXPORT_COMPLETED if is_there else EventType.EXPORT_FAILED
        self._announce(export.site, event, said_of(export), export.job_id)

    def _chores(self, settings: Settings, reports: Reports, clock: Clock) -> jobs.Chores:
        warehouse, months = self.storage.warehouse, settings.retention_months
        summarise = jobs.SummariseHits(
            self.snapshot, self.sites, warehouse, self.storage.loader, months, clock
        )
        return jobs.Chores(
            follow=jobs.FollowChanges(self.database, self.snapshot),
            rotate=self._salts,
            erase=jobs.EraseDeletedSites(self.sites, self.storage.spool, warehouse, clock),
            summarise=summarise,
            cluster=jobs.ClusterHits(warehouse, summarise, clock),
            expire=jobs.ExpireHits(self.sites, warehouse, months, clock),
            exports=jobs.MakeExports(
                self.exports, partial(content_of, reports, self.sites), self._announce_export
            ),
            webhooks=self.courier,
            failed_sign_ins=self.failed_sign_ins,
            forget=jobs.ForgetAuditEntries(self.audit, settings.audit_months),
            mails=self.outbox,
            mail_reports=self.mailed_reports.run,
            alerts=self.watch,
        )

    def _make_demo(self, organisation: OrganisationId) -> bool:
        """Sites with months of made-up traffic; False where there is a site or a hit already."""
        plan = demo.Plan(hits=20_000, days=90, sites=2, seed=1, until=self._clock())
        try:
            demo.pour(self.storage.spool, self.storage.warehouse, self.sites, organisation, plan)
        except demo.DataNotEmpty:
            return False
        return True

    def invite_owner(self) -> str | None:
        """The secret of a new one-time link to make the owner account; None if there is one."""
        return self.invitations.invite_owner(self.organisations.first().id)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._route(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if path in self._aliases:
            path = self._aliases[path]
            scope = {**scope, "path": path}
        if takes(path, scope["query_string"]):
            await self._hits(scope, receive, send)
        elif path in monitoring.PATHS:
            await self._monitoring(scope, receive, send)
        elif path in tracker.PATHS:
            await self._scripts(scope, receive, send)
        elif path == "/v1" or path.startswith("/v1/"):
            await self._fathom(scope, receive, send)
        elif path == "/api/v1" or path.startswith("/api/v1/"):
            await self._seal(scope, receive, send)
        else:
            await self._pages(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.snapshot.refresh()
        self._salts.run()
        self.storage.spool.start()
        self.storage.loader.start()
        self._schedule.start()
        await self._control.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._control.stop()
        await self._schedule.stop()
        self.storage.spool.close()
        self.storage.loader.stop()
        self.close()
        await send({"type": "lifespan.shutdown.complete"})

    def close(self) -> None:
        self.password_resets.close()
        self.courier.close()
        self.storage.warehouse.close()
        self.database.close()


def _provider(settings: Settings) -> Provider | None:
    if settings.oidc_issuer is None or settings.oidc_client_id is None:
        return None
    return Provider(
        settings.oidc_issuer, settings.oidc_client_id, settings.oidc_secret, settings.oidc_name
    )


def _device_of(user_agent: bytes) -> Device:
    agent = describe(user_agent)
    return Device(agent.browser, agent.operating_system)

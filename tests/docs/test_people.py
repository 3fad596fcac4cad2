"""The page on people: its commands do what it says."""

from pathlib import Path

from leadline.access import Role
from tests.docs.shell import Reader
from tests.support import running_server


def test_somebody_is_invited_by_the_commands(tmp_path: Path) -> None:
    with running_server(tmp_path / "data") as server:
        acme, organisations = server.site("Acme"), server.leadline.organisations
        organisations.add_user(
            acme.organisation, email="ana@example.com", password="x" * 12, role=Role.OWNER
        )
        reader = Reader(tmp_path / "reader", server.settings.data, {})
        reader.types(f"export LEADLINE={server.url} TOKEN={server.token('*')}")
        printed = reader.follows("docs/people.md", "By the API")
        (invitation,) = server.leadline.member_invitations.list(acme.organisation)
        assert (invitation.email, invitation.role) == ("bea@example.com", Role.MEMBER)
        assert [site for site, _ in invitation.sites] == [acme.id]
        assert f"{server.url}/invitations/" in printed
        assert '"email":"ana@example.com"' in printed

"""What is no backup, and where none may go: nothing is changed."""

import io
import tarfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from leadline.access import Role
from leadline.backup import BackupTooNew, NotABackup, NotFresh, restore
from leadline.control import TaskFailed
from tests.backup.furniture import PASSWORD, fresh, paths, rows
from tests.support import eventually, running_server


@pytest.mark.parametrize("what", ["token", "person", "site", "site that was deleted", "hit"])
def test_only_a_fresh_installation_takes_one(tmp_path: Path, backup: Path, what: str) -> None:
    with running_server(tmp_path / "new") as server:
        leadline = server.leadline
        organisation = leadline.organisations.first().id
        if what == "token":
            server.token("*")
        elif what == "person":
            leadline.organisations.add_user(
                organisation, email="x@example.com", password=PASSWORD, role=Role.MEMBER
            )
        elif what == "hit":
            statement = "INSERT INTO erased_sites VALUES (7)"
            leadline.storage.warehouse.query(statement)
        else:
            site = server.site("Other")
            if what != "site":
                leadline.sites.delete(site)
                eventually(lambda: all(each.erased_at for each in leadline.sites.deletions()))
        before = rows(leadline.database)
        with pytest.raises(TaskFailed if what == "hit" else NotFresh):
            restore(server.settings, leadline.database, backup)
        assert rows(leadline.database) == before
        assert paths(server) == {}


def rewritten(backup: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The same tar with members changed, or left out."""
    changed = backup.with_name("changed.tar")
    with tarfile.open(backup) as old, tarfile.open(changed, "w") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file is not None
            data = change(member.name, file.read())
            if data is not None:
                member.size = len(data)
                new.addfile(member, io.BytesIO(data))
    return changed


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(b"no tar" * 1000),
        lambda file: file.write_bytes(file.read_bytes()[:5000]),
        lambda file: file.write_bytes(file.read_bytes().replace(b'"Shop"', b'"Shut"')),
        lambda file: rewritten(
            file, lambda name, data: None if name == "hits.parquet" else data
        ).replace(file),
        lambda file: rewritten(
            file, lambda name, data: b"{}" if name == "manifest.json" else data
        ).replace(file),
    ],
    ids=["empty", "no tar", "cut", "changed", "incomplete", "no manifest"],
)
def test_a_damaged_file_changes_nothing(
    tmp_path: Path, backup: Path, damage: Callable[[Path], object]
) -> None:
    damage(backup)
    settings, database = fresh(tmp_path)
    before = rows(database)
    with pytest.raises(NotABackup):
        restore(settings, database, backup)
    assert rows(database) == before
    assert [path.name for path in settings.data.glob("backup-*")] == []
    database.close()


def test_an_older_one_lacks_tables_that_were_made_since(tmp_path: Path, backup: Path) -> None:
    since = ("segments", "goals", "funnels")

    def older(name: str, data: bytes) -> bytes | None:
        if name.removesuffix(".jsonl") in since:
            return None
        if name != "manifest.json":
            return data
        manifest = msgspec.json.decode(data)
        manifest["metadata_revision"] = "0005"
        for table in since:
            del manifest["members"][f"{table}.jsonl"]
        return msgspec.json.encode(manifest)

    settings, database = fresh(tmp_path)
    restore(settings, database, rewritten(backup, older))
    restored = rows(database)
    assert len(restored["sites"]) == 1
    assert not any(restored[table] for table in since)
    database.close()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"format": 1', b'"format": 2'),
        (b'"metadata_revision": "', b'"metadata_revision": "9'),
        (b'"warehouse_version": ', b'"warehouse_version": 9'),
    ],
)
def test_a_newer_one_is_refused(tmp_path: Path, backup: Path, old: bytes, new: bytes) -> None:
    changed = rewritten(backup, lambda name, data: data.replace(old, new))
    settings, database = fresh(tmp_path)
    with pytest.raises(BackupTooNew):
        restore(settings, database, changed)
    database.close()

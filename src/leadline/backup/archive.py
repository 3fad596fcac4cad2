"""The file of a backup: a tar whose first member says what the others are."""

import io
import os
import tarfile
from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import file_digest
from pathlib import Path

import msgspec

FORMAT = 1
MANIFEST = "manifest.json"
LARGEST_MANIFEST = 1024 * 1024


class NotABackup(Exception):
    """The file is none, or damaged."""


class BackupTooNew(Exception):
    """The file was made by a newer Leadline than this one."""

    def __init__(self) -> None:
        super().__init__("the backup was made by a newer Leadline")


class Manifest(msgspec.Struct, frozen=True):
    """What a backup is. `members` are its files by name, each with its SHA-256."""

    format: int
    leadline: str
    made_at: datetime
    metadata_revision: str
    warehouse_version: int
    members: dict[str, str]


def digests(directory: Path) -> dict[str, str]:
    """The SHA-256 of each file of the directory, by name."""
    found = {}
    for path in sorted(directory.iterdir()):
        with path.open("rb") as file:
            found[path.name] = file_digest(file, "sha256").hexdigest()
    return found


def pack(manifest: Manifest, directory: Path, target: Path) -> None:
    """Write the backup, for its owner alone; until it is whole there is no `target`."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)  # a command that was killed leaves it
    handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                _add_manifest(tar, manifest)
                for name in manifest.members:
                    tar.add(directory / name, name)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    data = msgspec.json.format(msgspec.json.encode(manifest)) + b"\n"
    member = tarfile.TarInfo(MANIFEST)
    member.size, member.mode = len(data), 0o600
    member.mtime = int(manifest.made_at.timestamp())
    tar.addfile(member, io.BytesIO(data))


def unpack(source: Path, directory: Path, needed: Callable[[Manifest], Iterable[str]]) -> Manifest:
    """Put the members into the directory, as sound as they were made.

    `needed` are the members that such a backup has to have. Raises `NotABackup`, `BackupTooNew`.
    """
    try:
        with tarfile.open(source, "r:") as tar:
            manifest = _read_manifest(tar)
            for name in manifest.members:
                tar.extract(_plain(tar.getmember(name)), directory, filter="data")
    except (tarfile.TarError, KeyError, EOFError) as error:
        raise NotABackup(f"{source} is no backup, or not whole") from error
    if digests(directory) != manifest.members or not set(needed(manifest)) <= set(manifest.members):
        raise NotABackup(f"{source} is damaged")
    return manifest


def _read_manifest(tar: tarfile.TarFile) -> Manifest:
    first = tar.next()
    if first is None or first.name != MANIFEST or first.size > LARGEST_MANIFEST:
        raise tarfile.ReadError("no manifest")
    file = tar.extractfile(_plain(first))
    assert file is not None
    try:
        manifest = msgspec.json.decode(file.read(), type=Manifest)
    except msgspec.MsgspecError as error:
        raise tarfile.ReadError("no manifest") from error
    if manifest.format > FORMAT:
        raise BackupTooNew
    return manifest


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    if not member.isreg() or "/" in member.name:
        raise tarfile.ReadError("not a plain file")
    return member

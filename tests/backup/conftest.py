from pathlib import Path

import pytest

from leadline.backup import back_up
from tests.backup.furniture import send
from tests.support import running_server


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a server that had one site and one hit."""
    file = tmp_path / "leadline.tar"
    with running_server(tmp_path / "old") as server:
        server.site("Shop", slug="shop")
        send(server, "/")
        back_up(server.settings, server.leadline.database, file)
    return file

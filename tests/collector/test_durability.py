"""A hit that cannot be made durable is not acknowledged; what was acknowledged stays."""

from pathlib import Path

from leadline.warehouse import DuckDBWarehouse
from tests.collector.hits import fathom, new_site, seal, stored
from tests.support import eventually, running_server


def test_503_while_the_spool_cannot_be_written(tmp_path: Path) -> None:
    with running_server(tmp_path, loader_interval=0.01, spool_segment_bytes=4096) as server:
        site = new_site(server, domains=("shop.example",))
        # More than a segment holds, so that the next hit needs a new file.
        path = "/" + "x" * 2000
        first = seal(server, site.slug, u="https://shop.example" + path, r="https://a.test" + path)
        second = seal(server, site.slug, u="https://shop.example" + path, r="https://b.test" + path)
        assert first.status_code == second.status_code == 204

        spool = server.settings.spool_directory
        spool.rename(tmp_path / "elsewhere")
        for answer in (
            seal(server, site.slug, u="https://shop.example/lost"),
            fathom(server, site.code, p="/lost"),
        ):
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) > 0
            assert answer.headers["access-control-allow-origin"] == "*"
            assert answer.content == b""
        # What would not have been stored anyway is answered as ever.
        assert seal(server, site.slug, u="https://other.test/").status_code == 204
        assert fathom(server, "NOBODYS").status_code == 200

        (tmp_path / "elsewhere").rename(spool)
        assert seal(server, site.slug, u="https://shop.example/again").status_code == 204
        assert [hit.path for hit in stored(server, site.id)] == [path, path, "/again"]


def test_what_was_acknowledged_is_there_after_a_restart(tmp_path: Path) -> None:
    with running_server(tmp_path, loader_interval=1) as server:
        site = new_site(server)
        paths = [f"/{number}" for number in range(20)]
        for path in paths:
            assert fathom(server, site.code, p=path).status_code == 200
    with running_server(tmp_path, loader_interval=0.01) as server:
        assert [hit.path for hit in stored(server, site.id)] == paths


def test_hits_are_taken_while_the_warehouse_is_locked(tmp_path: Path) -> None:
    with running_server(tmp_path, loader_interval=0.01) as server:
        site = new_site(server)
        warehouse = server.leadline.storage.warehouse
        assert isinstance(warehouse, DuckDBWarehouse)
        fathom(server, site.code, p="/before")
        assert [hit.path for hit in stored(server, site.id)] == ["/before"]
        with warehouse._writing:
            for number in range(50):
                assert seal(server, site.slug, u=f"https://shop.example/{number}").is_success
            eventually(lambda: server.leadline.storage.loader.status().lag > 0)
        assert len(stored(server, site.id)) == 51

"""`leadline mail test`."""

from pathlib import Path

import pytest

from tests.cli.commands import Operator
from tests.mail.mailbox import running_mailbox


@pytest.fixture
def operator(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(tmp_path, capsys)


def test_a_mail_to_see_whether_it_works(
    operator: Operator, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "LEADLINE_SMTP_URL" in operator.fails("mail", "test", "ada@example.com")
    with running_mailbox() as mailbox:
        file = tmp_path / "smtp"
        file.write_text(f"{mailbox.url}\n")
        monkeypatch.setenv("LEADLINE_SMTP_URL_FILE", str(file))
        assert "LEADLINE_MAIL_FROM" in operator.fails("mail", "test", "ada@example.com")
        monkeypatch.setenv("LEADLINE_MAIL_FROM", "Leadline <stats@example.com>")
        assert operator.types("mail", "test", "ada@example.com") == ""
        assert "127.0.0.1 has taken a mail to ada@example.com" in operator.errors
        assert [mail["To"] for mail in mailbox.mails] == ["ada@example.com"]
        mailbox.refusal = "550 nobody of that name"
        assert "with 550" in operator.fails("mail", "test", "ada@example.com")
        assert operator.fails("mail", "test", "ada") == "this is no mail address"
        file.write_text("mail.example.com")
        assert "smtp://" in operator.fails("mail", "test", "ada@example.com")

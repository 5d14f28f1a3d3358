"""What is asked of a mail server in one go, what is only said to one that proved who it is."""

import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd import smtp
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from notifications.channels import ChannelError
from notifications.channels.email import EmailChannel
from notifications.channels.trust import trust
from tests.notifications.channels.test_compose import MESSAGE
from tests.notifications.channels.test_email import Mailbox, OnAnyPort, serving
from worker import clock

# ------------------------------------------------------------------ sender, recipient and mail in one go


class Quick(Mailbox):
    """A server that takes commands in one go, as postfix and Exchange do, and notes how they came."""

    async def handle_EHLO(  # noqa: N802 - the server library names it
        self, server: smtp.SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]]


class Careless(OnAnyPort):
    """A server that wants the mail although it refused its only recipient (RFC 2920 allows it)."""

    def factory(self) -> smtp.SMTP:
        class WantsIt(smtp.SMTP):
            async def smtp_RCPT(self, arg: str | None) -> None:  # noqa: N802 - the server library names it
                if self.event_handler.rcpt:
                    assert self.envelope is not None
                    self.envelope.rcpt_tos.append("nobody")
                    await self.push(self.event_handler.rcpt)
                else:
                    await super().smtp_RCPT(arg)

        return WantsIt(self.handler)


def test_mails_sent_in_one_go_arrive_like_others_on_one_connection() -> None:
    mailbox = Quick()
    with serving(mailbox) as channel:
        channel.send(MESSAGE)
        first = channel._server
        channel.send(replace(MESSAGE, to_address="li@example.com"))

        assert channel._server is first
    assert [each.rcpt_tos for each in mailbox.taken] == [["wang@example.com"], ["li@example.com"]]


# what is said no to -> permanent, everywhere
NOES = [
    ({"rcpt": "550 5.1.1 no such user"}, True, False),
    ({"rcpt": "450 4.2.1 mailbox busy"}, False, False),
    ({"mail": "553 5.7.1 sender not allowed"}, False, True),
    ({"data": "554 5.7.1 looks like spam"}, True, False),
]


@pytest.mark.parametrize("controller", [OnAnyPort, Careless])
@pytest.mark.parametrize("answers, permanent, everywhere", NOES)
def test_a_no_in_the_middle_of_one_go_is_understood_and_the_next_mail_goes(
    answers: dict[str, str], permanent: bool, everywhere: bool, controller: type[OnAnyPort]
) -> None:
    mailbox = Quick(**answers)
    with serving(mailbox, controller) as channel:
        with pytest.raises(ChannelError, match=next(iter(answers.values()))[:3]) as refused:
            channel.send(MESSAGE)
        assert (refused.value.permanent, refused.value.everywhere) == (permanent, everywhere)
        assert refused.value.address_dead is ("5.1.1" in str(refused.value))
        taken = len(mailbox.taken)
        mailbox.mail, mailbox.rcpt, mailbox.data = "", "", "250 2.0.0 Ok: queued as 4F7B2C1A"

        channel.send(replace(MESSAGE, to_address="li@example.com"))

    assert taken == ("data" in answers)
    assert mailbox.taken[-1].rcpt_tos == ["li@example.com"]


# ------------------------------------------------------------------ TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a file with key and certificate of 127.0.0.1, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    today = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(hours=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def believed(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    trust.cache_clear()
    yield
    trust.cache_clear()


class Guarded(Mailbox):
    """A server that wants a name and a password, over an encrypted line only."""

    said: list[tuple[bytes, bytes]]

    def __init__(self) -> None:
        super().__init__()
        self.said = []

    def authenticate(
        self, server: smtp.SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        self.said.append((data.login, data.password))
        return AuthResult(success=data.password == b"geheim@1", handled=False)


@pytest.fixture
def starttls(server_side: ssl.SSLContext) -> Iterator[tuple[Guarded, int]]:
    mailbox = Guarded()
    options = {"tls_context": server_side, "require_starttls": True, "auth_required": True}
    started = OnAnyPort(mailbox, hostname="127.0.0.1", port=0, authenticator=mailbox.authenticate, **options)  # type: ignore[arg-type]
    started.start()
    yield mailbox, started.port
    started.stop()


def test_name_and_password_go_over_the_encrypted_line(starttls: tuple[Guarded, int], believed: None) -> None:
    mailbox, port = starttls
    channel = EmailChannel(f"smtp+starttls://shop:geheim%401@127.0.0.1:{port}")

    channel.send(MESSAGE)
    channel.close()

    assert mailbox.said == [(b"shop", b"geheim@1")]
    assert len(mailbox.taken) == 1


def test_a_wrong_password_stops_the_channel_and_is_not_repeated_in_the_error(
    starttls: tuple[Guarded, int], believed: None
) -> None:
    mailbox, port = starttls

    with pytest.raises(ChannelError, match="535") as refused:
        EmailChannel(f"smtp+starttls://shop:falsch@127.0.0.1:{port}").send(MESSAGE)

    assert refused.value.everywhere
    assert "falsch" not in str(refused.value)
    assert mailbox.taken == []


def test_a_server_that_cannot_prove_who_it_is_hears_no_password(starttls: tuple[Guarded, int]) -> None:
    mailbox, port = starttls

    with pytest.raises(ChannelError, match="CERTIFICATE_VERIFY_FAILED") as refused:
        EmailChannel(f"smtp+starttls://shop:geheim%401@127.0.0.1:{port}").send(MESSAGE)

    assert refused.value.everywhere
    assert mailbox.said == []


@pytest.mark.parametrize("is_believed", [True, False])
def test_a_line_that_is_encrypted_from_the_start(
    is_believed: bool, server_side: ssl.SSLContext, request: pytest.FixtureRequest
) -> None:
    if is_believed:
        request.getfixturevalue("believed")
    mailbox = Mailbox()
    started = OnAnyPort(mailbox, hostname="127.0.0.1", port=0, ssl_context=server_side)
    started.start()
    channel = EmailChannel(f"smtps://127.0.0.1:{started.port}")
    try:
        if is_believed:
            assert "queued as" in channel.send(MESSAGE)
        else:
            with pytest.raises(ChannelError, match="CERTIFICATE_VERIFY_FAILED"):
                channel.send(MESSAGE)
    finally:
        channel.close()
        started.stop()
    assert len(mailbox.taken) == is_believed

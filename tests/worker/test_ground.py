"""The machine room's small parts: settings, keys, files, the log."""

import errno
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from freezegun import freeze_time

from models import secrecy
from models.values import Refusal
from worker import clock, files, keys, log
from worker.settings import Settings, settings


def test_the_embedded_default_needs_nothing(tmp_path: Path) -> None:
    chosen = Settings(home=tmp_path)

    assert chosen.embedded
    assert chosen.database == f"sqlite:///{tmp_path}/huikuan.db"


def test_a_wrong_setting_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIKUAN_LOG_FORMAT", "xml")
    settings.cache_clear()

    with pytest.raises(Refusal, match="HUIKUAN_LOG_FORMAT"):
        settings()

    settings.cache_clear()


@pytest.mark.parametrize("name", ["database_url", "keys", "smtp_url", "sms_url", "wecom_url", "ping_url"])
def test_an_empty_secret_is_a_way_that_is_not_used(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / f"huikuan_{name}").write_text("\n")
    in_a_file = Settings(home=tmp_path, _secrets_dir=tmp_path)  # type: ignore[call-arg]  # of the settings library
    monkeypatch.setenv(f"HUIKUAN_{name.upper()}", "")
    in_the_environment = Settings(home=tmp_path)

    assert (getattr(in_a_file, name), getattr(in_the_environment, name)) == (None, None)


def test_secrets_do_not_show_when_settings_are_printed(tmp_path: Path) -> None:
    chosen = Settings.model_validate({"home": tmp_path, "database_url": "postgresql://app:geheim@db/huikuan"})

    assert "geheim" not in repr(chosen)


def test_embedded_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    chosen = Settings(home=tmp_path)

    keys.use(chosen)
    token = secrecy.encrypt("19910000000")
    keys.use(chosen)

    path = tmp_path / "keys" / "data.keys"
    assert secrecy.decrypt(token) == "19910000000"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_elsewhere_keys_are_required(tmp_path: Path) -> None:
    chosen = Settings.model_validate({"home": tmp_path, "broker_url": "redis://localhost"})

    with pytest.raises(Refusal, match="HUIKUAN_KEYS is not set"):
        keys.use(chosen)


@pytest.mark.parametrize(
    ("name", "url"),
    [
        ("DATABASE_URL", "postgresql://huikuan:huikuan@db/huikuan"),
        ("BROKER_URL", "redis://:change%2Dme@redis:6379/0"),
        ("SMTP_URL", "smtp+starttls://USER:PASSWORD@mail.example.com:587"),
        ("SMS_URL", "aliyun://ACCESS_KEY_ID:ACCESS_KEY_SECRET@dysmsapi.aliyuncs.com"),
    ],
)
def test_a_default_secret_is_refused_outside_the_embedded_default(
    name: str, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"HUIKUAN_{name}", url)
    settings.cache_clear()
    if name != "BROKER_URL":
        assert settings().embedded
        settings.cache_clear()
        monkeypatch.setenv("HUIKUAN_BROKER_URL", "redis://:x8Jq2vLw@redis:6379/0")

    with pytest.raises(Refusal, match=f"password in HUIKUAN_{name}") as refused:
        settings()

    assert "PASSWORD@" not in str(refused.value)
    settings.cache_clear()


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="not a Fernet key"):
        keys.use(Settings.model_validate({"home": tmp_path, "keys": "changeme"}))


def test_after_a_rotation_old_data_is_still_readable(tmp_path: Path) -> None:
    old, new = (Fernet.generate_key() for _ in range(2))
    secrecy.use_keys([old])
    token, look_up = secrecy.encrypt("19910000000"), secrecy.fingerprint("19910000000")

    secrecy.use_keys([new, old])

    assert secrecy.decrypt(token) == "19910000000"
    assert secrecy.fingerprint("19910000000") == look_up


def test_a_full_disk_gets_a_sentence_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "ledgers" / "台账.xlsx"
    files.write_whole(target, b"the old one")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("worker.files.os.fsync", full)
    with pytest.raises(Refusal, match="The disk is full: 台账.xlsx was not written"):
        files.write_whole(target, b"the new one")

    assert [path.name for path in target.parent.iterdir()] == ["台账.xlsx"]
    assert target.read_bytes() == b"the old one"


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("told 19912345678 of it", "told 199****5678 of it"),
        ("mail to wang.xiaoming@example.com bounced", "example.com"),
        ("plate 苏G12345 found", "plate 苏G***45 found"),
        ("id 320706199001011234 seen", "id ****************** seen"),
        ("LP2026-0001 paid 8952.25", "LP2026-0001 paid 8952.25"),
    ],
)
def test_no_person_stands_in_a_log_line(line: str, shown: str) -> None:
    masked = log.mask(line)

    assert shown in masked
    assert not any(secret in masked for secret in ("19912345678", "wang.xiaoming", "苏G12345", "1990"))


def test_log_lines_are_json_with_job_date_and_shop(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIKUAN_LOG_FORMAT", "json")
    settings.cache_clear()
    log.set_up()

    log.bind(job="deliver", business_date="2026-11-21", shop="FUYUAN").info("told", phone="19912345678")

    line = json.loads(capsys.readouterr().err)
    assert (line["job"], line["business_date"], line["shop"], line["phone"]) == (
        "deliver", "2026-11-21", "FUYUAN", "199****5678",
    )  # fmt: skip
    settings.cache_clear()


def test_what_a_library_complains_of_stands_in_the_log_masked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    log.set_up()
    log.hear_libraries()
    log.hear_libraries()

    logging.getLogger("kombu").error("refused %s", "a message of 19912345678")
    logging.getLogger("kombu").info("an ordinary word")

    said = capsys.readouterr().err
    assert (said.count("refused a message of 199****5678"), "19912345678" in said, "ordinary" in said) == (
        1, False, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("utc", "night"),
    [
        ("2026-11-21T17:59:59", "2026-11-20"),
        ("2026-11-21T18:00:00", "2026-11-21"),
        ("2026-11-22T15:59:59", "2026-11-21"),
        ("2026-12-31T18:00:00", "2026-12-31"),
    ],
)
def test_a_night_may_run_from_two_in_the_next_morning(utc: str, night: str) -> None:
    assert str(clock.night_to_run(datetime.fromisoformat(utc).replace(tzinfo=UTC))) == night


@freeze_time("2026-11-21T16:30:00Z")
def test_a_business_day_begins_at_midnight_in_shanghai() -> None:
    assert str(clock.today()) == "2026-11-22"

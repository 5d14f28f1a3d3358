"""Mails as files."""

from dataclasses import replace
from pathlib import Path

import pytest

from notifications.channels import ChannelError
from notifications.channels.compose import compose
from notifications.channels.file import FileChannel
from tests.notifications.channels.test_compose import MESSAGE


def test_a_mail_is_one_file_named_by_day_and_occasion(tmp_path: Path) -> None:
    name = FileChannel(tmp_path / "outbox").send(MESSAGE)

    # 18:00 UTC is the next morning in Shanghai.
    assert name == "2026-11-22-refund_ready-7-0123456789ab.eml"
    assert (tmp_path / "outbox" / name).read_bytes() == compose(MESSAGE)


def test_the_same_mail_again_is_the_same_file(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)

    channel.send(MESSAGE)
    channel.send(MESSAGE)

    assert len(list(tmp_path.iterdir())) == 1


def test_two_mails_of_one_occasion_name_are_two_files(tmp_path: Path) -> None:
    channel = FileChannel(tmp_path)

    channel.send(replace(MESSAGE, occasion="a/b"))
    channel.send(replace(MESSAGE, occasion="a:b", reference="notice-8-ffffffffffff"))

    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.parametrize("occasion", ["../../etc/passwd", "催款:" + "长" * 200, "a\x00b"])
def test_an_occasion_stays_inside_the_folder(tmp_path: Path, occasion: str) -> None:
    name = FileChannel(tmp_path).send(replace(MESSAGE, occasion=occasion))

    assert (tmp_path / name).is_file()
    assert len(name.encode()) < 255


def test_a_full_disk_leaves_no_half_file_and_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)

    with pytest.raises(ChannelError, match="The disk is full") as failed:
        FileChannel(tmp_path).send(MESSAGE)

    assert not failed.value.permanent
    assert failed.value.everywhere
    assert list(tmp_path.iterdir()) == []

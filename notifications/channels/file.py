"""Mails as files in a folder, for the embedded default and for looking: one .eml each, at any hour."""

import re
from dataclasses import dataclass
from pathlib import Path

from models.values import Refusal
from notifications.channels import ChannelError, Message
from notifications.channels.compose import compose
from worker.clock import SHANGHAI
from worker.files import write_whole


@dataclass(frozen=True)
class FileChannel:
    """Writes each mail whole or not at all; the same mail again is the same file."""

    folder: Path
    repeatable: bool = True
    per_minute: int | None = None

    def send(self, message: Message) -> str:
        """Write the mail, and return the file's name. Raises ChannelError when the disk will not have it."""
        name = file_name(message)
        try:
            write_whole(self.folder / name, compose(message))
        except Refusal as error:
            raise ChannelError(str(error), everywhere=True) from error
        return name

    def close(self) -> None:
        """Nothing is kept between two messages."""


def file_name(message: Message) -> str:
    """Day, occasion and reference: sorted by day, read by people, and never two mails under one name."""
    slug = re.sub(r"\W+", "-", message.occasion).strip("-")[:48]
    return f"{message.moment.astimezone(SHANGHAI):%Y-%m-%d}-{slug}-{message.reference[-12:]}.eml"

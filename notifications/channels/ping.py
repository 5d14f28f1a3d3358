"""The dead man's switch: a URL that is called when a night starts, went well or failed.

Who watches it (healthchecks.io and its kin) raises the alarm when no call comes: that also sees a machine
that is off, which nothing inside it can report. URL, URL/start and URL/fail are the calls such services know.
"""

from enum import StrEnum
from urllib.parse import urlsplit, urlunsplit

from notifications.channels import ChannelError
from notifications.channels.http import check_url, post

EXAMPLE = "https://hc-ping.com/UUID"


class Call(StrEnum):
    """What is said, as the end of the URL."""

    START = "/start"
    WELL = ""
    FAIL = "/fail"


def check(url: str) -> str:
    """The URL, if it can be called. Raises Refusal without showing it."""
    return check_url(url, "HUIKUAN_PING_URL", EXAMPLE)


def ping(url: str, call: Call, about: str = "") -> str | None:
    """Make one call; says what went wrong, if anything. `about` names the night and nobody in person.

    Raises Refusal or ValueError for a URL that is none.
    """
    parts = urlsplit(check(url))
    path = parts.path.rstrip("/") + call.value
    there = urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))
    try:
        answer = post(there, headers={"Content-Type": "text/plain; charset=utf-8"}, body=about.encode())
    except ChannelError as error:
        return str(error)
    return None if answer.status < 400 else f"it answered {answer.status}"

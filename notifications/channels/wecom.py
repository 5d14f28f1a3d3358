"""WeCom (企业微信): the robot of one group, by its webhook. Markdown of at most 4,096 bytes, 20 a minute.

Errors come inside HTTP 200 as `errcode` (developer.work.weixin.qq.com, 消息推送, 全局错误码).
"""

import json
from dataclasses import dataclass, field

from notifications.channels import ChannelError, Message
from notifications.channels.http import Answer, check_url, post

LONGEST_BYTES = 4096
_CUT = "\n……（其余见 huikuan）"
_EXAMPLE = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=KEY"

_BUSY = -1
_TOO_FAST = {45009, 45033}
_OUR_FAULT = {93000, 93004, 93008, 40001, 40014, 41001, 42001}
"""The webhook is wrong or was taken away: the next message would meet it too."""


@dataclass(frozen=True)
class WecomRobot:
    """Writes into the one group that the webhook belongs to. The webhook is a secret and is never shown."""

    url: str = field(repr=False)
    repeatable: bool = False
    per_minute: int | None = 20

    def __post_init__(self) -> None:
        check_url(self.url, "HUIKUAN_WECOM_URL", _EXAMPLE)

    def send(self, message: Message) -> str:
        """Write the message into the group; WeCom gives it no id. Raises ChannelError."""
        content = {"msgtype": "markdown", "markdown": {"content": fitting(message.text)}}
        body = json.dumps(content, ensure_ascii=False).encode()
        answer = post(self.url, headers={"Content-Type": "application/json; charset=utf-8"}, body=body)
        _check(answer)
        return ""

    def close(self) -> None:
        """Nothing is kept between two messages."""


def fitting(text: str) -> str:
    """The text, cut at the end of a line where it is longer than a group takes."""
    if len(text.encode()) <= LONGEST_BYTES:
        return text
    kept: list[str] = []
    room = LONGEST_BYTES - len(_CUT.encode())
    for line in text.splitlines():
        room -= len(line.encode()) + 1
        if room < 0:
            break
        kept.append(line)
    return "\n".join(kept) + _CUT


def _check(answer: Answer) -> None:
    code = answer.document.get("errcode")
    if answer.status == 200 and code == 0:
        return
    said = f"WeCom answered: {answer.status} {code} {answer.document.get('errmsg') or ''}".strip()
    if answer.status >= 500 or (answer.status == 200 and not isinstance(code, int)):
        raise ChannelError(said, uncertain=True)
    if answer.status != 200 or code in _TOO_FAST or code in _OUR_FAULT:
        raise ChannelError(said, everywhere=True)
    raise ChannelError(said, permanent=code != _BUSY)

"""SMS through Alibaba Cloud (Dysmsapi 2017-05-25): templates approved beforehand, reports asked for.

Source of request, signature (ACS3-HMAC-SHA256) and error codes: help.aliyun.com, "V3 版本请求体 & 签名机制",
SendSms, QuerySendDetails.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, unquote, urlsplit
from uuid import uuid4

from models.words import Delivery
from notifications.channels import ChannelError, Message, Question, Report
from notifications.channels.http import Answer, check_url, post
from worker import clock

_EXAMPLE = "aliyun://ACCESS_KEY_ID:ACCESS_KEY_SECRET@dysmsapi.aliyuncs.com"
_VERSION = "2017-05-25"

# What a code means for the notice and for the next one. Any other code is final for this notice alone.
_NUMBER_DEAD = {"isv.MOBILE_NUMBER_ILLEGAL"}
_LATER = {"isv.BUSINESS_LIMIT_CONTROL"}
_LATER_FOR_ALL = {
    "isv.DAY_LIMIT_CONTROL", "isv.MONTH_LIMIT_CONTROL", "isv.AMOUNT_NOT_ENOUGH", "isv.OUT_OF_SERVICE",
    "isv.PRODUCT_UN_SUBSCRIPT", "isv.ACCOUNT_NOT_EXISTS", "isv.ACCOUNT_ABNORMAL", "isp.RAM_PERMISSION_DENY",
    "SignatureDoesNotMatch", "SignatureNonceUsed", "Forbidden.RAM", "IncompleteSignature",
}  # fmt: skip
_LATER_FOR_ALL_BEGINNINGS = ("InvalidAccessKeyId", "Throttling", "InvalidTimeStamp")
_NOBODY_KNOWS = {"isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR", "ServiceUnavailable", "InternalError"}

_ENDED = {"2": Delivery.FAILED, "3": Delivery.DELIVERED}
_NO_SUCH_PHONE = {"MOBILE_NOT_ON_SERVICE", "MOBILE_NOT_EXIST", "INVALID_NUMBER", "MK:0001", "MI:0013"}


@dataclass(frozen=True)
class AliyunSms:
    """Sends one approved template to one number; the reference goes along as OutId and is asked for by it."""

    url: str = field(repr=False)
    repeatable: bool = False
    per_minute: int | None = None

    def __post_init__(self) -> None:
        check_url(self._endpoint, "HUIKUAN_SMS_URL", _EXAMPLE)

    @property
    def _endpoint(self) -> str:
        parts = urlsplit(self.url)
        place = parts.netloc.rpartition("@")[2]
        return f"{'http' if parts.scheme == 'aliyun+http' else 'https'}://{place}"

    def send(self, message: Message) -> str:
        """Hand the message over, and return its BizId. Raises ChannelError."""
        answer = self._call(
            "SendSms",
            {
                "PhoneNumbers": message.to_address,
                "SignName": message.from_name,
                "TemplateCode": message.template,
                "TemplateParam": json.dumps(dict(message.variables), ensure_ascii=False),
                "OutId": message.reference,
            },
        )
        biz_id = str(answer.document.get("BizId") or "")
        if not biz_id:
            raise ChannelError("The provider said OK and gave no BizId.", uncertain=True)
        return biz_id

    def close(self) -> None:
        """Nothing is kept between two messages."""

    def ask(self, question: Question) -> Report:
        """What became of a message, found by its OutId. Raises ChannelError when nobody answers."""
        begun = question.sent_at.astimezone(clock.SHANGHAI)
        for day in sorted({begun.date(), (begun + timedelta(minutes=30)).date()}):
            asked = {
                "PhoneNumber": question.address,
                "SendDate": f"{day:%Y%m%d}",
                "PageSize": "50",
                "CurrentPage": "1",
            }
            if question.provider_id:
                asked["BizId"] = question.provider_id
            for each in _details(self._call("QuerySendDetails", asked)):
                if each.get("OutId") == question.reference:
                    return _report(each)
        return Report(Delivery.UNKNOWN)

    def _call(self, action: str, parameters: Mapping[str, str]) -> Answer:
        endpoint, query = self._endpoint, _encode(parameters)
        headers = _signed(
            self._credentials, urlsplit(endpoint).netloc, action, query, clock.now(), uuid4().hex
        )
        answer = post(f"{endpoint}/?{query}", headers=headers)
        code = str(answer.document.get("Code") or "")
        if answer.status == 200 and code == "OK":
            return answer
        raise _refused(answer, code)

    @property
    def _credentials(self) -> tuple[str, str]:
        parts = urlsplit(self.url)
        return unquote(parts.username or ""), unquote(parts.password or "")


def _encode(parameters: Mapping[str, str]) -> str:
    return "&".join(
        f"{quote(key, safe='-_.~')}={quote(parameters[key], safe='-_.~')}" for key in sorted(parameters)
    )


def _signed(
    credentials: tuple[str, str],
    host: str,
    action: str,
    query: str,
    at: datetime,
    nonce: str,
    version: str = _VERSION,
) -> dict[str, str]:
    """The headers of a call whose parameters all stand in the query, signed."""
    key_id, secret = credentials
    nothing = hashlib.sha256(b"").hexdigest()
    headers = {
        "host": host,
        "x-acs-action": action,
        "x-acs-content-sha256": nothing,
        "x-acs-date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "x-acs-signature-nonce": nonce,
        "x-acs-version": version,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = f"POST\n/\n{query}\n{lines}\n{names}\n{nothing}"
    to_sign = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()
    return headers | {
        "authorization": f"ACS3-HMAC-SHA256 Credential={key_id},SignedHeaders={names},Signature={signature}"
    }


def _refused(answer: Answer, code: str) -> ChannelError:
    said = f"The SMS provider answered: {answer.status} {code} {answer.document.get('Message') or ''}".strip()
    if not code or code in _NOBODY_KNOWS or answer.status >= 500:
        # Also a 200 that is no JSON: it may have been taken all the same. It is asked by its OutId.
        return ChannelError(said, uncertain=True)
    if code in _NUMBER_DEAD:
        return ChannelError(said, permanent=True, address_dead=True)
    if code in _LATER:
        return ChannelError(said)
    if code in _LATER_FOR_ALL or code.startswith(_LATER_FOR_ALL_BEGINNINGS):
        return ChannelError(said, everywhere=True)
    return ChannelError(said, permanent=True)


def _details(answer: Answer) -> list[Mapping[str, Any]]:
    found = answer.document.get("SmsSendDetailDTOs")
    rows = found.get("SmsSendDetailDTO") if isinstance(found, dict) else None
    return [each for each in rows if isinstance(each, dict)] if isinstance(rows, list) else []


def _report(detail: Mapping[str, Any]) -> Report:
    why = str(detail.get("ErrCode") or "")
    state = _ENDED.get(str(detail.get("SendStatus")), Delivery.ON_ITS_WAY)
    return Report(state, why, address_dead=state is Delivery.FAILED and why in _NO_SUCH_PHONE)

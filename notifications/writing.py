"""A claimed notice as the message its channel sends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.values import Refusal, mask_name
from models.words import Audience, ChannelName
from notifications import letters, render
from notifications.channels import Message
from notifications.choices import sms_template_key
from notifications.claims import Claimed
from notifications.reference import reference
from worker.files import read_kept


@dataclass(frozen=True)
class Manner:
    """How a shop's messages are written: our mail address, the language, and what SMS providers approved."""

    mail_from: str
    language: str = "zh_CN"
    sms_sign: str = ""
    sms_templates: Mapping[str, str] | None = None
    """The provider's id of the approved template, by kind."""


def write(taken: Claimed, manner: Manner) -> Message:
    """The message of a notice. Raises Refusal naming what it lacks."""
    return _WRITERS[taken.channel](taken, manner)


def _mail(taken: Claimed, manner: Manner) -> Message:
    mail = render.mail(taken.kind, taken.words, manner.language)
    of_a_customer = taken.audience is Audience.CUSTOMER
    on_paper = letters.letter(taken.kind, taken.words, manner.language)
    return Message(
        reference=reference(taken.notice_id, taken.occasion, taken.written_at),
        occasion=taken.occasion,
        from_name=render.plain(taken.shop_name),
        from_address=manner.mail_from,
        to_name=render.plain(mask_name(taken.recipient) if of_a_customer else taken.recipient),
        to_address=taken.address,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        # A repeated file must be the same file; a mail is dated when it goes.
        moment=taken.written_at if taken.channel is ChannelName.FILE else taken.taken_at,
        attachments=(
            *((on_paper,) if on_paper else ()),
            *((file.name, read_kept(file.stored_as)) for file in taken.attachments),
        ),
    )


def _sms(taken: Claimed, manner: Manner) -> Message:
    template = (manner.sms_templates or {}).get(taken.kind)
    if not template:
        raise Refusal(
            f"No SMS template of {taken.kind} was approved. Have it approved by the provider (huikuan notice "
            f"preview {taken.kind} --channel sms shows its text), then: huikuan setting set "
            f"{sms_template_key(taken.kind)} SMS_NUMBER"
        )
    sign = render.plain(manner.sms_sign or taken.shop_name)
    written = render.sms(taken.kind, taken.words, sign, manner.language)
    return Message(
        reference=reference(taken.notice_id, taken.occasion, taken.written_at, taken.attempt),
        occasion=taken.occasion,
        from_name=sign,
        from_address="",
        to_name="",
        to_address=taken.address,
        subject="",
        text=written.text,
        html="",
        moment=taken.taken_at,
        template=template,
        variables=written.variables,
    )


def _wecom(taken: Claimed, manner: Manner) -> Message:
    return Message(
        reference=reference(taken.notice_id, taken.occasion, taken.written_at),
        occasion=taken.occasion,
        from_name=render.plain(taken.shop_name),
        from_address="",
        to_name=taken.recipient,
        to_address=taken.address,
        subject="",
        text=render.markdown(taken.kind, taken.words, manner.language),
        html="",
        moment=taken.taken_at,
    )


_WRITERS: Mapping[ChannelName, Callable[[Claimed, Manner], Message]] = {
    ChannelName.EMAIL: _mail,
    ChannelName.FILE: _mail,
    ChannelName.SMS: _sms,
    ChannelName.WECOM: _wecom,
}

"""Looking at a notice before anybody is told: with made-up words, on the screen or at one's own address."""

from pathlib import Path
from typing import Annotated, Any

import typer

from console.house import reading, shop_id
from console.notice_view import readable
from console.options import AsJson
from console.output import answer, say
from console.permits import Act
from console.who import person
from models.shop import Shop
from models.values import Refusal
from models.words import Audience, ChannelName
from worker import clock
from worker.files import write_whole

Kind = Annotated[str, typer.Argument(metavar="KIND", help="The kind of a notice, such as refund_ready.")]
Channel = Annotated[ChannelName, typer.Option("--channel", help="The form it takes.")]
Language = Annotated[
    str, typer.Option("--language", metavar="LANGUAGE", help="zh_CN, or a language with a catalogue.")
]


def preview(
    kind: Kind,
    channel: Channel = ChannelName.EMAIL,
    language: Language = "zh_CN",
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FOLDER", help="Also lay page and letter there as files.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a notice of a kind with made-up words; of an SMS also its length and the text to have approved."""
    words = _words(kind)
    document: dict[str, Any] = {"kind": kind, "channel": channel.value}
    document |= readable(kind, channel, words, sign=str(words.get("shop_name", "")), language=language)
    if channel is ChannelName.SMS:
        document |= _of_sms(kind, document["text"])
    if out:
        document["files"] = [str(path) for path in _lay(kind, words, out, language)]
    answer(as_json, document, lambda: _tell(document))


def _words(kind: str) -> dict[str, Any]:
    from notifications.notices import KIND
    from notifications.samples import sample

    if kind not in KIND:
        raise Refusal(f"There is no notice of the kind {kind}; there are: {', '.join(sorted(KIND))}")
    return sample(kind)


def _of_sms(kind: str, text: str) -> dict[str, Any]:
    from notifications import sms_text

    return {
        "characters": len(text),
        "segments": sms_text.segments(text),
        "to_be_approved": sms_text.for_approval(kind),
    }


def _lay(kind: str, words: dict[str, Any], folder: Path, language: str) -> list[Path]:
    from notifications import letters, render

    files = [(f"{kind}.html", render.mail(kind, words, language).html.encode())]
    on_paper = letters.letter(kind, words, language)
    if on_paper:
        files.append((f"{kind}_letter{Path(on_paper[0]).suffix}", on_paper[1]))
    for name, content in files:
        write_whole(folder / name, content)
    return [folder / name for name, _ in files]


def _tell(document: dict[str, Any]) -> None:
    say(*filter(None, (document["subject"], "")), document["text"])
    if "segments" in document:
        say(
            f"{document['characters']} characters, {document['segments']} segments.",
            f"To be approved by the provider: {document['to_be_approved']}",
        )
    for path in document.get("files", ()):
        say(path)


def send_test(
    kind: Kind,
    to: Annotated[str, typer.Option("--to", metavar="ADDRESS", help="Your own address or mobile number.")],
    shop: Annotated[str, typer.Option("--shop", metavar="CODE", help="The shop that writes.")],
    channel: Channel = ChannelName.EMAIL,
    as_json: AsJson = False,
) -> None:
    """Send a notice with made-up words to one address, now; it is marked as a test and kept nowhere."""
    from notifications.trial import send_trial

    words = _words(kind)
    with reading() as session:
        person(session, Act.ADMINISTER)
        shop_row = session.get_one(Shop, shop_id(session, shop))
        provider_id = send_trial(
            session, shop_row, kind, words, channel, to, clock.now(), audience=Audience.STAFF
        )
    document = {"kind": kind, "channel": channel.value, "to": to, "provider_id": provider_id}
    answer(as_json, document, lambda: say(f"Sent; the provider calls it {provider_id or 'nothing'}."))

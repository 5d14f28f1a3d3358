"""The outbox: what people are to be told, written with its reason in the same transaction."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Fen, Id, Json, Secret, Utc, Word
from models.words import Audience, ChannelName, Cover, NoticeState


class Notice(Base):
    """One occasion, told once, whatever the wording."""

    __tablename__ = "notice"
    __table_args__ = (
        Index("ix_notice_due", "state", "send_after"),
        Index("ix_notice_shop_sent", "shop_id", "sent_at"),
        Index("ix_notice_ask", "shop_id", "ask_after"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("claim_case.id"), index=True)
    """The case it is about; NULL for a notice that bundles several."""
    kind: Mapped[str] = mapped_column(String(48))
    """Name of the dataclass and of its template folder."""
    occasion: Mapped[str] = mapped_column(String(160), unique=True)
    audience: Mapped[Audience] = mapped_column(Word(Audience))
    recipient: Mapped[str] = mapped_column(String(128))
    """Who is meant, by name; shown masked for customers."""
    channel: Mapped[ChannelName] = mapped_column(Word(ChannelName))
    address: Mapped[str | None] = mapped_column(Secret)
    words: Mapped[object] = mapped_column(Json)
    """The fields of the dataclass, already masked for its audience."""
    state: Mapped[NoticeState] = mapped_column(Word(NoticeState))
    held_because: Mapped[str | None] = mapped_column(String(48))
    send_after: Mapped[datetime] = mapped_column(Utc)
    attempts: Mapped[int] = mapped_column(default=0)
    lease_token: Mapped[str | None] = mapped_column(String(36))
    lease_until: Mapped[datetime | None] = mapped_column(Utc)
    provider_id: Mapped[str | None] = mapped_column(String(255))
    error: Mapped[str | None] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(Utc)
    sent_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the provider took it over."""
    ask_after: Mapped[datetime | None] = mapped_column(Utc)
    """When the provider is next asked what became of it; NULL = not at all."""
    delivered_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the provider's report said that it arrived."""


class NoticeAttempt(Base):
    """One attempt to send: written and committed before the call (design 4, outbox)."""

    __tablename__ = "notice_attempt"
    __table_args__ = (
        UniqueConstraint("notice_id", "number"),
        Index("ix_notice_attempt_pace", "channel", "started_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    number: Mapped[int]
    channel: Mapped[ChannelName | None] = mapped_column(Word(ChannelName))
    """NULL: from before it was kept."""
    started_at: Mapped[datetime] = mapped_column(Utc)
    finished_at: Mapped[datetime | None] = mapped_column(Utc)
    outcome: Mapped[str | None] = mapped_column(String(32))
    error: Mapped[str | None] = mapped_column(Text)


class NoticeAttachment(Base):
    """A file that goes with a notice: its name for the reader, and the copy below the files folder."""

    __tablename__ = "notice_attachment"
    __table_args__ = (UniqueConstraint("notice_id", "position"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(255))
    stored_as: Mapped[str] = mapped_column(String(255))


class NoticeDemand(Base):
    """What a notice demands for a case: read again at the moment of sending."""

    __tablename__ = "notice_demand"
    __table_args__ = (UniqueConstraint("notice_id", "case_id", "cover"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("claim_case.id"))
    cover: Mapped[Cover] = mapped_column(Word(Cover))
    amount: Mapped[int] = mapped_column(Fen)


class DeadAddress(Base):
    """An address that a provider refused for good: nothing is sent to it. A new one in its place is live."""

    __tablename__ = "dead_address"
    __table_args__ = (UniqueConstraint("shop_id", "channel", "fingerprint"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    shop_id: Mapped[int] = mapped_column(ForeignKey("shop.id"))
    channel: Mapped[ChannelName] = mapped_column(Word(ChannelName))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """Keyed hash of the address: enough to know it again."""
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    """The notice that came back; its recipient is who is to be asked for another address."""
    because: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(Utc)

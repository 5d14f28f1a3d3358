"""The parts of a zipped workbook as they really inflate: what is declared inside the file can lie."""

import os
import zipfile
from collections.abc import Iterator
from typing import BinaryIO

from isal import igzip_lib, isal_zlib

from models.values import Refusal

MOST_BYTES = 300_000_000
RESAVE = "Open it in Excel or WPS, save it as .xlsx and bring that file."
_CHUNK = 1 << 20
_FED = 1 << 16


def inflated_part(name: str, stream: BinaryIO, member: zipfile.ZipInfo, budget: int) -> Iterator[bytes]:
    """The part as it really inflates: a parser believes the stream, not the declared size."""
    if member.flag_bits & 0x1:
        raise Refusal(f"{name} is encrypted. Open it, remove the password and save it again.")
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Refusal(f"{name} is packed in an unusual way. {RESAVE}")
    packed = _packed(stream, member)
    chunks = packed if member.compress_type == zipfile.ZIP_STORED else _inflate(name, member, packed)
    for chunk in chunks:
        budget -= len(chunk)
        if budget < 0:
            raise Refusal(f"{name} inflates to over {MOST_BYTES} bytes, as a zip bomb does. {RESAVE}")
        yield chunk


def _inflate(name: str, member: zipfile.ZipInfo, packed: Iterator[bytes]) -> Iterator[bytes]:
    """The stream in chunks: little goes in at a time, so that a bomb does not unfold at once."""
    inflate = isal_zlib.decompressobj(-15)
    for piece in packed:
        rest = piece
        while rest and not inflate.eof:
            try:
                yield inflate.decompress(rest, _CHUNK)
            except igzip_lib.error as broken:  # type: ignore[misc]  # a stub says Any
                raise Refusal(f"{name} is damaged in {member.filename}. Export or copy it again.") from broken
            rest = inflate.unconsumed_tail
    while not inflate.eof and (chunk := inflate.decompress(b"", _CHUNK)):
        yield chunk


def _packed(stream: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    stream.seek(member.header_offset + 26)
    names = stream.read(4)
    stream.seek(int.from_bytes(names[:2], "little") + int.from_bytes(names[2:], "little"), os.SEEK_CUR)
    left = member.compress_size
    while piece := stream.read(min(left, _FED)):
        left -= len(piece)
        yield piece

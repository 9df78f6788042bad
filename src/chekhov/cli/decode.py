"""`chekhov decode`: what is in these bytes? Needs neither Django nor a database."""

from __future__ import annotations

import io
import json
import shutil
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar

import click

from chekhov.errors import Malformed

if TYPE_CHECKING:
    from chekhov.cli.recognise import Part, Recognised
    from chekhov.ffd.documents import Document

EPILOG = """
\b
FILE is binary, hex (spaces, newlines, 0x and dumps of xxd are fine) or base64; `-` is standard input.
What it holds is found out by itself: one or more session messages in either direction,
a container, a bare document with or without what follows it, rawData of an export.

\b
  chekhov decode message.bin
  chekhov decode --check --print receipt.hex
  pbpaste | chekhov decode - --json | jq .parts[0].document.json
"""


@click.command(epilog=EPILOG)
@click.argument("file")
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: headers, the tax service's form, the tree."
)
@click.option("--bytes", "with_bytes", is_flag=True, help="Show offset, length and bytes of every requisite.")
@click.option("--check", "with_check", is_flag=True, help="Show what format control (ФЛК) finds.")
@click.option("--print", "with_print", is_flag=True, help="Show the document as the register prints it.")
@click.option("--ignore-crc", is_flag=True, help="Show the contents in spite of a wrong CRC.")
def decode(
    *, file: str, as_json: bool, with_bytes: bool, with_check: bool, with_print: bool, ignore_crc: bool
) -> None:
    """Print the tree of a fiscal document, container or session.

    Exit code 2 and one line on standard error when the input cannot be read.
    """
    from chekhov.cli.recognise import recognise

    found = recognise(_input_read(file), crc_ignored=ignore_crc)
    _lenient_output()
    if as_json:
        click.echo(
            json.dumps(as_data(found, with_check=with_check), ensure_ascii=False, indent=2, default=_plain)
        )
        return
    from chekhov.cli.decode_text import findings_shown, paper_shown, shown

    for line in shown(found, width=shutil.get_terminal_size((100, 24)).columns, with_bytes=with_bytes):
        click.echo(line)
    for part in found.parts:
        if part.document is None:
            continue
        if with_check:
            from chekhov.ffd.checks import check

            click.echo()
            for line in findings_shown(check(part.document)):
                click.echo(line)
        if with_print:
            click.echo()
            for line in paper_shown(part.document):
                click.echo(line)


class InputUnreadable(Malformed):
    """The file is not there or cannot be read."""

    code: ClassVar[str] = "decode_input_unreadable"


def _input_read(name: str) -> bytes:
    """What the file holds, one byte over the limit at most. Raises: InputUnreadable."""
    from chekhov.cli.recognise import INPUT_BYTES_MAX

    try:
        with click.open_file(name, "rb") as file:
            data: bytes = file.read(INPUT_BYTES_MAX + 1)
    except OSError as error:
        raise InputUnreadable(f"{name}: {error.strerror}") from error
    return data


def as_data(found: Recognised, *, with_check: bool = False) -> dict[str, Any]:
    """The recognised input as plain data: bytes are hex, offsets count from the first byte."""
    return {
        "encoding": found.encoding,
        "size": found.size,
        "parts": [_part_data(part, with_check) for part in found.parts],
    }


def _part_data(part: Part, with_check: bool) -> dict[str, Any]:
    data: dict[str, Any] = {"what": part.what, "offset": part.offset}
    if part.header is not None:
        header = part.header
        data["session_header"] = {
            "signature": header.signature.hex(),
            "s_version": header.s_version.hex(),
            "p_version": header.p_version.hex(),
            "fn_serial": header.fn_serial,
            "body_size": header.body_size,
            "flags": header.flags,
            "crc": header.crc,
        }
    if part.container is not None:
        container = part.container
        data["container"] = {
            "offset": part.container_offset,
            "length": int.from_bytes(container.raw[:2], "little"),
            "crc": int.from_bytes(container.raw[2:4], "little"),
            "message_type": container.message_type,
            "document_code": container.document_code,
            "format_version": container.format_version,
            "fn_serial": container.fn_serial,
            "fd_number": container.fd_number,
            "service1": container.service1.hex(),
            "service2": container.service2.hex(),
        }
    if part.unwrapped_header is not None:
        data["unwrapped_header"] = part.unwrapped_header.hex()
    if part.document is not None:
        data["document"] = _document_data(part.document, part.document_offset or 0, with_check)
    data["notes"] = list(part.notes)
    return data


def _document_data(document: Document, offset: int, with_check: bool) -> dict[str, Any]:
    from chekhov.ffd.json import document_to_json
    from chekhov.ffd.printing import title_of, tree

    data = {
        "code": document.code,
        "title": title_of(document.code),
        "ffd": document.version.label if document.version else None,
        "offset": offset,
        "size": len(document.raw),
        "json": document_to_json(document),
        "tree": [
            {
                "depth": row.depth,
                "tag": row.tag,
                "name": row.name,
                "key": row.key,
                "value": row.value,
                "offset": offset + row.offset,
                "length": row.length,
                "bytes": row.raw,
                "defects": list(row.defects),
            }
            for row in tree(document)
        ],
        "trailer": document.trailer.hex(),
    }
    if with_check:
        from chekhov.ffd.checks import check

        data["findings"] = [
            {
                "path": finding.path,
                "tag": finding.tag,
                "code": finding.code,
                "severity": finding.severity,
                "text": finding.text_ru,
                "source": finding.source,
            }
            for finding in check(document)
        ]
    return data


def _plain(value: object) -> object:
    """Values that JSON does not have."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def _lenient_output() -> None:
    """A terminal that cannot show Cyrillic gets question marks, not a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")

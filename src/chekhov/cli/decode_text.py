"""How `chekhov decode` shows a recognised input on a terminal: plain lines, no frames, any width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

import click

from chekhov.cli.recognise import Part, Recognised
from chekhov.ffd.printing import printed, title_of, tree
from chekhov.ofdwire.container import FROM_DRIVE, Container
from chekhov.ofdwire.header import (
    ANSWER_MODE,
    CRC_MODE,
    CRC_NONE,
    P_VERSIONS,
    SIGNATURE_MARKING,
    SIGNATURE_OFD,
    SessionHeader,
)

if TYPE_CHECKING:
    from chekhov.ffd.checks import Finding
    from chekhov.ffd.documents import Document
    from chekhov.ffd.printing import PrintedLine, TreeRow

WIDTH_MIN: Final = 40
WIDTH_MAX: Final = 160
NAME_COLUMN_MAX: Final = 44
VALUE_COLUMN_MIN: Final = 24
MIN_COLUMN: Final = 20
VALUE_MIN: Final = 20
"""The numbers of drives and registers are never broken."""
PAPER_COLUMNS: Final = 48
BYTES_SHOWN_MAX: Final = 64
"""Of one value; `--json` has all."""
COLOURS: Final = {"error": "red", "warning": "yellow", "notice": "cyan"}


def shown(found: Recognised, *, width: int, with_bytes: bool) -> Iterator[str]:
    """All lines of the recognised input."""
    width = max(WIDTH_MIN, min(width, WIDTH_MAX))
    parts = f", {len(found.parts)} messages" if len(found.parts) > 1 else ""
    yield f"{found.parts[0].what}, {found.size} bytes ({found.encoding}){parts}"
    for number, part in enumerate(found.parts, 1):
        if len(found.parts) > 1:
            yield ""
            yield click.style(f"message {number}: {part.what}", bold=True)
        yield from _part(part, width, with_bytes)


def _part(part: Part, width: int, with_bytes: bool) -> Iterator[str]:
    if part.header is not None:
        yield from _block("session header", part.offset, _session(part.header))
    if part.container is not None:
        yield from _block("container", part.container_offset, _container(part.container))
    if part.unwrapped_header is not None:
        pairs = [("bytes", part.unwrapped_header.hex(" "))]
        yield from _block("container header, unwrapped", part.offset, pairs)
    for note in part.notes:
        yield click.style(f"note: {note}", fg="yellow")
    if part.document is not None:
        yield from _document(part.document, part.document_offset or 0, width, with_bytes)


def _block(title: str, offset: int | None, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield click.style(f"{title}", bold=True) + click.style(f"  offset {offset}", dim=True)
    for name, value in pairs:
        yield f"  {name:<16} {value}"


def _session(header: SessionHeader) -> list[tuple[str, str]]:
    exchanges = {SIGNATURE_OFD: "OFD exchange", SIGNATURE_MARKING: "marking exchange"}
    modes = {CRC_NONE: "no CRC", 1: "CRC of the header", 2: "CRC of header and body", 3: "forbidden CRC mode"}
    answer = {0: "no answer expected", 0b01_0000: "answer expected"}
    flags = [
        "container" if header.container_present else "no container",
        answer.get(header.flags & ANSWER_MODE, "forbidden answer mode"),
        modes[header.flags & CRC_MODE],
    ]
    return [
        ("signature", f"{header.signature.hex()}  {exchanges.get(header.signature, 'unknown')}"),
        ("S-version", header.s_version.hex()),
        ("P-version", f"{header.p_version.hex()}  {P_VERSIONS.get(header.p_version, 'неизвестная')}"),
        ("drive", header.fn_serial),
        ("body", f"{header.body_size} bytes"),
        ("flags", f"{header.flags:04x}  {', '.join(flags)}"),
        ("CRC", f"{header.crc:04x}" + ("" if header.flags & CRC_MODE else "  not in use")),
    ]


def _container(container: Container) -> list[tuple[str, str]]:
    direction = "from the drive" if container.message_type == FROM_DRIVE else "from the operator"
    raw = container.raw
    return [
        ("length", f"{int.from_bytes(raw[:2], 'little')}"),
        ("CRC", f"{int.from_bytes(raw[2:4], 'little'):04x}"),
        ("type", f"{container.message_type:02x}  {direction}"),
        ("document code", f"{container.document_code}  {title_of(container.document_code)}"),
        ("format", f"{container.format_version:02x}"),
        ("drive", container.fn_serial),
        ("document", f"{container.fd_number}"),
        ("service data", f"{container.service1.hex()} {container.service2.hex()}"),
    ]


def _document(document: Document, offset: int, width: int, with_bytes: bool) -> Iterator[str]:
    version = f", ФФД {document.version.label}" if document.version else ""
    yield (
        click.style(f"{title_of(document.code)}", bold=True)
        + f", code {document.code}{version}, {len(document.raw)} bytes"
        + click.style(f"  offset {offset}", dim=True)
    )
    rows = tree(document)
    lefts = [2 * row.depth + 7 + len(row.name) for row in rows]
    longest = max(lefts, default=0)
    column = max(MIN_COLUMN, min(NAME_COLUMN_MAX, longest, width - VALUE_COLUMN_MIN - 4)) + 2
    for row in rows:
        yield from _row(row, offset, column, width, with_bytes)
    if document.trailer:
        text = document.trailer.hex(" ")
        yield from _aligned("  ", "    ", "after the document", text, column=column, width=width)


def _row(row: TreeRow, offset: int, column: int, width: int, with_bytes: bool) -> Iterator[str]:
    """A requisite: number, name, value; below, its bytes and what is wrong with it."""
    indent = "  " * (row.depth + 1)
    yield from _aligned(indent, f"{row.tag:>4}", row.name, row.value, column=column, width=width)
    if with_bytes:
        raw = bytes.fromhex(row.raw)
        cut = raw[:BYTES_SHOWN_MAX].hex(" ") + (" …" if len(raw) > BYTES_SHOWN_MAX else "")
        yield click.style(f"{indent}     @{offset + row.offset} length {row.length}: {cut}", dim=True)
    for defect in row.defects:
        yield click.style(f"{indent}     ! {defect}", fg="red")


def _aligned(indent: str, number: str, name: str, value: str, *, column: int, width: int) -> Iterator[str]:
    """Name and value in their columns; what is too long goes on below, under its beginning."""
    room = max(10, column - len(indent) - 5)
    names = textwrap.wrap(name, room) or [""]
    values = [
        line
        for text in value.splitlines() or [""]
        for line in textwrap.wrap(text, max(VALUE_MIN, width - column - 3), drop_whitespace=False) or [""]
    ]
    for name_line, value_line in zip_longest(names, values, fillvalue=""):
        left = f"{indent}{click.style(number, fg='cyan')} "
        yield (
            f"{left}{name_line:<{room}} {click.style(value_line, bold=True)}"
            if value_line
            else left + name_line
        )
        number = "    "


def findings_shown(findings: Sequence[Finding]) -> Iterator[str]:
    """Findings of format control, worst first."""
    if not findings:
        yield click.style("format control: nothing found", fg="green")
        return
    yield click.style(f"format control: {len(findings)} found", bold=True)
    order = ["error", "warning", "notice"]
    for finding in sorted(findings, key=lambda each: order.index(each.severity)):
        severity = click.style(f"{finding.severity:<7}", fg=COLOURS[finding.severity])
        tag = f" {finding.tag}" if finding.tag is not None else ""
        yield f"  {severity} {finding.code}{tag} {finding.path}: {finding.text_ru}  [{finding.source}]"


def paper_shown(document: Document) -> Iterator[str]:
    """The paper document, as wide as a register's tape."""
    sheet = printed(document)
    edge = "+" + "-" * (PAPER_COLUMNS + 2) + "+"
    yield edge
    for line in sheet.lines:
        for text in _paper_line(line):
            yield f"| {text:<{PAPER_COLUMNS}} |"
    yield edge


def _paper_line(line: PrintedLine) -> list[str]:
    if line.kind == "rule":
        return ["-" * PAPER_COLUMNS]
    if line.kind == "heading":
        return [part.center(PAPER_COLUMNS) for part in textwrap.wrap(line.text, PAPER_COLUMNS)]
    if line.kind == "qr":
        return ["QR:", *textwrap.wrap(line.value or line.text, PAPER_COLUMNS)]
    indent = "  " * line.depth
    text, value = indent + line.text, line.value
    if not value:
        return textwrap.wrap(text, PAPER_COLUMNS, subsequent_indent=indent) or [""]
    if len(text) + len(value) + 1 <= PAPER_COLUMNS:
        return [f"{text}{value:>{PAPER_COLUMNS - len(text)}}"]
    wrapped = textwrap.wrap(text, PAPER_COLUMNS, subsequent_indent=indent) or []
    return [*wrapped, *(part.rjust(PAPER_COLUMNS) for part in textwrap.wrap(value, PAPER_COLUMNS - 2))]

"""Talking to a gateway over a socket, as a register does."""

from __future__ import annotations


def read_exactly(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            return data
        data += piece
    return data


def read_answer(sock):
    """A whole answer, or b"" when the gateway closed the connection instead."""
    header = read_exactly(sock, 30)
    if len(header) < 30:
        assert header == b""
        return b""
    return header + read_exactly(sock, header[24] | header[25] << 8)


def ask(sock, message):
    sock.sendall(message)
    return read_answer(sock)


def is_closed(sock):
    """The gateway ended the connection without a word."""
    try:
        return sock.recv(1) == b""
    except ConnectionResetError:
        return True

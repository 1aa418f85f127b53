"""Requests by FastCGI on one connection that is kept, as mod_proxy_fcgi sends them."""

import socket
import struct

BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


class FastCgi:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.reader = self.socket.makefile("rb")

    def request(self, method, path, headers, body=b""):
        """The status of the answer."""
        params = {
            "REQUEST_METHOD": method,
            "REQUEST_URI": path,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_PORT": "40000",
            "CONTENT_TYPE": headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)) if body else "",
        }
        for name, value in headers.items():
            params["HTTP_" + name.upper().replace("-", "_")] = value
        pairs = b"".join(_length(name) + _length(value) + name + value for name, value in _encoded(params))
        self.socket.sendall(
            _record(BEGIN, struct.pack(">HB5x", 1, 1))
            + _record(PARAMS, pairs)
            + _record(PARAMS, b"")
            + (_record(STDIN, body) if body else b"")
            + _record(STDIN, b"")
        )
        return int(self._answer().split(b"\r\n", 1)[0].split()[1])

    def _answer(self):
        answer = b""
        while True:
            _, kind, _, length, padding = struct.unpack(">BBHHBx", self.reader.read(8))
            content = self.reader.read(length)
            self.reader.read(padding)
            if kind == STDOUT:
                answer += content
            elif kind == END:
                return answer


def _encoded(params):
    return [(name.encode(), value.encode()) for name, value in params.items()]


def _length(text):
    return struct.pack(">B", len(text)) if len(text) < 128 else struct.pack(">I", len(text) | 0x80000000)


def _record(kind, content):
    return struct.pack(">BBHHBx", 1, kind, 1, len(content), 0) + content

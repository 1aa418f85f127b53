"""Votes by HTTP/2, and breaks requests off in the ways that a lost connection or a closed tab does.

    vote_by_http2.py PORT PATH CASE ROUNDS CONTENT_TYPE BODY

CASE is `whole` or how the request ends after BODY: `reset`, `goaway`, `close`. With `+length` the request says the
length of one byte more than BODY (`whole+length`: of BODY). Prints the status of each answer, or `none`.
"""

import socket
import ssl
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.errors import ErrorCodes
from h2.events import ResponseReceived, StreamEnded, StreamReset

STREAM = 1


def connect(port):
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2"])
    sock = context.wrap_socket(socket.create_connection(("127.0.0.1", port)), server_hostname="polls.example.org")
    assert sock.selected_alpn_protocol() == "h2"
    # A request that was broken off mostly has no answer.
    sock.settimeout(30)
    return sock


def ask(port, path, case, content_type, body, pause):
    """The status of the answer, if there is one. `pause`: Apache has begun to read before the request ends."""
    end, _, length = case.partition("+")
    sock, http = connect(port), H2Connection(H2Configuration(client_side=True, header_encoding="utf-8"))
    http.initiate_connection()
    headers = [(":method", "POST"), (":path", path), (":scheme", "https"), (":authority", "polls.example.org")]
    headers.append(("content-type", content_type))
    if length:
        headers.append(("content-length", str(len(body) + (end != "whole"))))
    http.send_headers(STREAM, headers)
    # In several frames, an empty one among them.
    for part in (body[: len(body) // 2], b"", body[len(body) // 2 :]):
        http.send_data(STREAM, part)
    sock.sendall(http.data_to_send())
    time.sleep(pause)
    if end == "whole":
        http.end_stream(STREAM)
    elif end == "reset":
        http.reset_stream(STREAM, ErrorCodes.CANCEL)
        # The connection stays for a while, so that the server has no other reason to drop the request.
        sock.settimeout(0.05)
    elif end == "goaway":
        sock.settimeout(0.1)
        http.close_connection()
    sock.sendall(http.data_to_send())
    # After GOAWAY the library reads no more.
    status = answer(sock, http) if end in ("whole", "reset") else "none"
    if end == "goaway":
        drain(sock)
    sock.close()
    return status


def answer(sock, http):
    status = "none"
    try:
        while data := sock.recv(65536):
            for event in http.receive_data(data):
                if isinstance(event, ResponseReceived):
                    status = dict(event.headers)[":status"]
                if isinstance(event, (StreamEnded, StreamReset)):
                    return status
            sock.sendall(http.data_to_send())
    except (OSError, ssl.SSLError):
        pass
    return status


def drain(sock):
    try:
        while sock.recv(65536):
            pass
    except (OSError, ssl.SSLError):
        pass


port, path, case, rounds, content_type, body = sys.argv[1:]
with ThreadPoolExecutor(6) as clients:
    asked = [
        clients.submit(ask, int(port), path, case, content_type, body.encode(), 0.01 * (number % 3))
        for number in range(int(rounds))
    ]
    for status in asked:
        print(status.result())

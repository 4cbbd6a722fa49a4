"""A TLS server that speaks HTTP/2 by raw frames, and gets one thing wrong in exactly the way that it is told.

    h2_server.py CERTIFICATE KEY BEHAVIOUR [LIMIT]

Behaviours are the functions below. A client that does not agree on HTTP/2 is answered by HTTP/1.1. Prints "port PORT" when
it listens, "connection 2" or "connection 1.1" for each that has agreed on its protocol, and "request" for each request by
HTTP/2. With LIMIT it takes that many streams of a connection at once, and prints "refused" for one more.
"""

import socket
import ssl
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True  # nothing is left beside the sources
from h2_frames import (ACK, DATA, END_STREAM, GOAWAY, HEADERS, HTTP_1_1_REQUIRED, INTERNAL_ERROR, NO_ERROR, OK, PREFACE,
                       REFUSED_STREAM, RST_STREAM, SETTINGS, body, field, frame, head)

seen = {"requests": 0, "answers": 0}
lock = threading.Lock()


def say(*words):
    with lock:
        print(*words, flush=True)


def well(stream):
    return head(stream, OK + field(b"content-length", b"3")) + body(stream, b"ok\n")


def large_field(stream):
    return head(stream, OK + field(b"x-large", b"a" * 90_000)) + body(stream, b"ok\n")


def large_once(stream):
    """The fourth answer alone."""
    seen["answers"] += 1
    return large_field(stream) if seen["answers"] == 4 else well(stream)


def many_fields(stream):
    fields = b"".join(field(b"x-%d" % i, b"a" * 1000) for i in range(300))
    return head(stream, OK + fields) + body(stream, b"ok\n")


def uppercase(stream):
    return head(stream, OK + field(b"X-Upper", b"1")) + body(stream, b"ok\n")


def connection(stream):
    return head(stream, OK + field(b"connection", b"keep-alive")) + body(stream, b"ok\n")


def doubled_status(stream):
    return head(stream, OK + OK) + body(stream, b"ok\n")


def no_status(stream):
    return head(stream, field(b"x-a", b"1")) + body(stream, b"ok\n")


def two_lengths(stream):
    return head(stream, OK + field(b"content-length", b"3") + field(b"content-length", b"4")) + body(stream, b"ok\n")


def long_body(stream):
    return head(stream, OK + field(b"content-length", b"3")) + body(stream, b"more than three\n")


def short_body(stream):
    return head(stream, OK + field(b"content-length", b"9")) + body(stream, b"ok\n")


def reset_within(stream):
    begin = head(stream, OK + field(b"content-length", b"9")) + body(stream, b"ok\n", 0)
    return begin + frame(RST_STREAM, 0, stream, struct.pack(">I", INTERNAL_ERROR))


def http_1_1_required(stream):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", HTTP_1_1_REQUIRED))


def goaway_first(stream):
    """The first request is beyond the last stream that is served; those after it are answered."""
    if seen["requests"] == 1:
        return frame(GOAWAY, 0, 0, struct.pack(">II", 0, NO_ERROR))
    return well(stream)


def refuse_third(stream):
    if seen["requests"] % 3 == 0:
        return frame(RST_STREAM, 0, stream, struct.pack(">I", REFUSED_STREAM))
    return well(stream)


def broken_frame(stream):
    return frame(DATA, 0, 0, b"on no stream")


class Frames:
    """The frames of a connection, one by one; nothing where none comes for a while."""

    def __init__(self, connection):
        self.connection, self.got, self.skip = connection, b"", PREFACE
        connection.settimeout(0.02)

    def __iter__(self):
        while True:
            if len(self.got) >= self.skip + 9:
                at = self.skip
                size = int.from_bytes(self.got[at:at + 3], "big")
                if len(self.got) >= at + 9 + size:
                    kind, flags = self.got[at + 3], self.got[at + 4]
                    stream = int.from_bytes(self.got[at + 5:at + 9], "big")
                    self.got, self.skip = self.got[at + 9 + size:], 0
                    yield kind, flags, stream
                    continue
            try:
                more = self.connection.recv(65536)
                if not more:
                    return
                self.got += more
            except TimeoutError:
                yield None


def serve(connection, answer, limit):
    """Answers the requests of a connection: at once, or, with a limit, each a while after it has come."""
    connection.sendall(frame(SETTINGS, 0, 0, struct.pack(">HI", 3, limit) if limit else b""))
    waiting = []  # streams, and when they are answered
    for got in Frames(connection):
        while waiting and waiting[0][1] <= time.monotonic():
            connection.sendall(answer(waiting.pop(0)[0]))
        if got is None:
            continue
        kind, flags, stream = got
        if kind == SETTINGS and not flags & ACK:
            connection.sendall(frame(SETTINGS, ACK, 0))
        if kind == GOAWAY:
            return
        if kind not in (HEADERS, DATA) or not flags & END_STREAM:
            continue
        with lock:
            seen["requests"] += 1
        say("request")
        if not limit:
            connection.sendall(answer(stream))
        elif len(waiting) >= limit:
            say("refused")
            connection.sendall(frame(RST_STREAM, 0, stream, struct.pack(">I", REFUSED_STREAM)))
        else:
            waiting.append((stream, time.monotonic() + 0.05))


def accept(raw, context, answer, limit):
    try:
        with context.wrap_socket(raw, server_side=True) as connection:
            if connection.selected_alpn_protocol() == "h2":
                say("connection 2")
                serve(connection, answer, limit)
                return
            say("connection 1.1")
            incoming = connection.makefile("rb")
            while line := incoming.readline():
                if line == b"\r\n":
                    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n")
    except OSError:
        pass  # the client has gone


def main():
    certificate, key, behaviour = sys.argv[1:4]
    limit = int(sys.argv[4]) if len(sys.argv) > 4 else 0
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2", "http/1.1"])
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    say("port", listener.getsockname()[1])
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=accept, args=(raw, context, globals()[behaviour], limit), daemon=True).start()


main()

"""An HTTP/2 server without TLS for tests of a load: it behaves in the way that it is told, and counts.

    h2_load_server.py BEHAVIOUR

Behaviours are the classes below. Prints "port PORT" when it listens and, on SIGTERM, its counts as JSON. It decodes no
heads: a request is a stream that a client has opened.
"""

import collections
import json
import os
import signal
import socket
import struct
import sys
import threading
import time

sys.dont_write_bytecode = True  # nothing is left beside the sources
from h2_frames import (ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, HEADERS, INITIAL_WINDOW_SIZE,
                       INTERNAL_ERROR, MAX_CONCURRENT_STREAMS, NO_ERROR, OK, PADDED, PING, PREFACE, REFUSED_STREAM,
                       RST_STREAM, SETTINGS, WINDOW_UPDATE, body, field, frame, goaway, head, rst, settings)

counts = collections.Counter()
lock = threading.Lock()  # each connection has a thread of its own
serving = []


def count(name, number=1):
    with lock:
        counts[name] += number


def at_least(name, number):
    with lock:
        counts[name] = max(counts[name], number)


class Gone(Exception):
    """The client has closed the connection, or this server does."""


class Well:
    """One connection, on which every request is answered at once by three bytes."""

    SETTINGS = ()

    def __init__(self, connection):
        self.connection = connection
        self.got = b""
        self.open = set()  # streams whose requests have not been answered
        self.requests = 0  # on this connection
        self.body = collections.Counter()

    def send(self, *frames):
        data = b"".join(frames)
        count("bytes_out", len(data))
        self.connection.sendall(data)

    def receive(self, size):
        while len(self.got) < size:
            more = self.connection.recv(65536)
            if not more:
                raise Gone
            self.got += more
        data, self.got = self.got[:size], self.got[size:]
        count("bytes_in", size)
        return data

    def run(self):
        self.receive(PREFACE)
        self.begin()
        while True:
            size, kind, flags, stream = struct.unpack(">IBBI", b"\0" + self.receive(9))
            self.take(kind, flags, stream, self.receive(size))

    def begin(self):
        self.send(settings(*self.SETTINGS))

    def take(self, kind, flags, stream, payload):
        if kind == SETTINGS:
            if flags & ACK:
                self.on_settings_ack()
            else:
                self.send(frame(SETTINGS, ACK, 0))
        elif kind == PING and flags & ACK:
            count("ping_acks")
            self.on_ping_ack()
        elif kind == RST_STREAM:
            count("resets_in")
            self.open.discard(stream)
        elif kind == HEADERS:
            count("requests")
            self.requests += 1
            self.open.add(stream)
            at_least("peak", len(self.open))
            self.on_head(stream, flags & END_STREAM)
        elif kind == DATA and stream in self.open:
            self.body[stream] += len(payload)
            count("body_in", len(payload))
            self.on_data(stream, len(payload), flags & END_STREAM)

    def on_head(self, stream, ends):
        if ends:
            self.on_request(stream)

    def on_data(self, stream, size, ends):
        if size > 0:
            grant = struct.pack(">I", size)
            self.send(frame(WINDOW_UPDATE, 0, 0, grant), frame(WINDOW_UPDATE, 0, stream, grant))
        if ends:
            self.on_request(stream)

    def on_settings_ack(self):
        pass

    def on_ping_ack(self):
        pass

    def on_request(self, stream):
        self.answer(stream)

    def answer(self, stream, *frames):
        self.open.discard(stream)
        count("answers")
        self.send(*(frames or (head(stream, OK + field(b"content-length", b"3")), body(stream, b"ok\n"))))


class EachThird(Well):
    """Answers the requests of a connection three at a time, the last one first."""

    waiting = ()

    def on_request(self, stream):
        self.waiting = (*self.waiting, stream)
        if len(self.waiting) == 3:
            for one in reversed(self.waiting):
                self.answer(one)
            self.waiting = ()


class GoawayMiddle(Well):
    """Carries out ten requests of each connection, and says so when one more has come."""

    LAST = 19  # the stream of the tenth request
    said = False

    def on_head(self, stream, ends):
        if stream <= self.LAST:
            return super().on_head(stream, ends)
        count("left_out")
        self.open.discard(stream)
        if not self.said:
            self.said = True
            self.send(goaway(self.LAST))


class GoawayTwice(GoawayMiddle):
    """Announces its end first (RFC 9113, 6.8)."""

    def on_head(self, stream, ends):
        if stream == self.LAST:
            self.send(goaway(2**31 - 1))
        super().on_head(stream, ends)


class GoawayEach(Well):
    """Carries out one request of each connection, as nginx does with keepalive_requests 1."""

    MOST = 1
    over = False

    def on_head(self, stream, ends):
        if not self.over:
            return super().on_head(stream, ends)
        count("left_out")
        self.open.discard(stream)

    def on_request(self, stream):
        self.answer(stream)
        if self.requests == self.MOST:
            self.over = True
            self.send(goaway(stream))


class GoawayEachThird(GoawayEach):
    MOST = 3


class GoawayUnanswered(Well):
    """Answers the first request of a connection, and closes without answering the second, which GOAWAY has not given
    back."""

    def on_request(self, stream):
        if stream == 1:
            return self.answer(stream)
        count("unanswered")
        self.send(goaway(stream))
        self.connection.shutdown(socket.SHUT_WR)
        while self.connection.recv(65536):
            pass
        raise Gone


class GoawayAlways(Well):
    def on_request(self, stream):
        count("left_out")
        self.send(goaway(0, ENHANCE_YOUR_CALM))
        raise Gone


class GoawayFirst(Well):
    """No connection ever takes a request."""

    def begin(self):
        self.send(settings(), goaway(0, ENHANCE_YOUR_CALM))


class ResetSeventh(Well):
    REASON = INTERNAL_ERROR

    def on_request(self, stream):
        if counts["requests"] % 7 != 0:
            return self.answer(stream)
        count("resets")
        self.open.discard(stream)
        self.send(rst(stream, self.REASON))


class RefuseSeventh(ResetSeventh):
    REASON = REFUSED_STREAM


class ResetWithin(ResetSeventh):
    """After a part of the answer."""

    def on_request(self, stream):
        if counts["requests"] % 7 == 0:
            self.send(head(stream, OK), body(stream, b"part", 0))
        super().on_request(stream)


class MaxOne(Well):
    SETTINGS = ((MAX_CONCURRENT_STREAMS, 1),)


class MaxZero(Well):
    """Allows no stream until the client has agreed to that, and then two."""

    SETTINGS = ((MAX_CONCURRENT_STREAMS, 0),)
    acks = 0

    def on_settings_ack(self):
        self.acks += 1
        if self.acks == 1:
            self.send(settings((MAX_CONCURRENT_STREAMS, 2)))

    def on_request(self, stream):
        if self.acks == 0:
            count("too_early")
        super().on_request(stream)


class MaxZeroForEver(Well):
    SETTINGS = ((MAX_CONCURRENT_STREAMS, 0),)


class SmallWindow(Well):
    """Takes seven bytes of a body at a time, and only when it has said so."""

    SETTINGS = ((INITIAL_WINDOW_SIZE, 0),)

    def on_head(self, stream, ends):
        super().on_head(stream, ends)
        self.grant(stream)

    def on_data(self, stream, size, ends):
        if size > 7:
            count("too_much")
        if ends:
            return self.on_request(stream)
        self.grant(stream)

    def grant(self, stream):
        grant = struct.pack(">I", 7)
        self.send(frame(WINDOW_UPDATE, 0, stream, grant), frame(WINDOW_UPDATE, 0, 0, grant))


class Padded(Well):
    def on_request(self, stream):
        block = OK + field(b"content-length", b"3")
        self.answer(stream,
                    frame(HEADERS, END_HEADERS | PADDED, stream, b"\x20" + block + bytes(0x20)),
                    frame(DATA, PADDED, stream, b"\xff" + b"ok" + bytes(255)),
                    frame(DATA, PADDED, stream, b"\x03" + bytes(3)),
                    frame(DATA, PADDED | END_STREAM, stream, b"\x00" + b"\n"))


class Trailers(Well):
    def on_request(self, stream):
        self.answer(stream, head(stream, OK), body(stream, b"ok\n", 0), head(stream, field(b"x-sum", b"1"), END_STREAM))


class Informational(Well):
    def on_request(self, stream):
        early = head(stream, field(b":status", b"103") + field(b"link", b"</a>"))
        self.answer(stream, early, early, head(stream, OK), body(stream, b"ok\n"))


class ManyInformational(Well):
    def on_request(self, stream):
        self.answer(stream, head(stream, field(b":status", b"103")) * 100, head(stream, OK), body(stream, b"ok\n"))


class Pings(Well):
    """Answers a request when the client has answered its PING."""

    waiting = ()

    def on_request(self, stream):
        self.waiting = (*self.waiting, stream)
        count("pings")
        self.send(frame(PING, 0, 0, b"12345678"))

    def on_ping_ack(self):
        self.answer(self.waiting[0])
        self.waiting = self.waiting[1:]


class Flood(Well):
    """Sends the same frame until the client has had enough."""

    def on_request(self, stream):
        self.open.discard(stream)
        count("floods")
        self.send(self.first(stream))
        try:
            while True:
                self.send(self.again(stream) * 100)
        except OSError:
            raise Gone from None

    def first(self, stream):
        return b""


class PingFlood(Flood):
    def again(self, stream):
        return frame(PING, 0, 0, b"12345678")


class SettingsFlood(Flood):
    def again(self, stream):
        return settings()


class EmptyDataFlood(Flood):
    def first(self, stream):
        return head(stream, OK)

    def again(self, stream):
        return frame(DATA, 0, stream)


class ContinuationFlood(Flood):
    def first(self, stream):
        return frame(HEADERS, 0, stream, OK)

    def again(self, stream):
        return frame(CONTINUATION, 0, stream, field(b"x", b"y"))


class LargeHead(Well):
    """A head that HTTP/2 can carry and nobody wants."""

    def on_request(self, stream):
        large = field(b"a", b"x" * 60000)
        # The dynamic table does not hold it, so it is written as often as it comes.
        self.answer(stream, head(stream, OK + large * 2 + field(b"b", b"x" * 4000) * 40))


class BrokenFrame(Well):
    """The third request of a connection is answered by a frame that belongs to no stream."""

    def on_request(self, stream):
        if self.requests < 3:
            return self.answer(stream)
        count("breaks")
        self.send(frame(DATA, 0, 0, b"on no stream"))


class CloseWithin(Well):
    """Closes within its third answer."""

    def on_request(self, stream):
        if self.requests < 3:
            return self.answer(stream)
        count("cut")
        self.send(head(stream, OK + field(b"content-length", b"9")), body(stream, b"part", 0))
        raise Gone


class CloseUnanswered(Well):
    """Closes when the third request has come."""

    def on_request(self, stream):
        if self.requests < 3:
            return self.answer(stream)
        count("unanswered")
        raise Gone


class CloseIdle(Well):
    """Closes after each answer."""

    def on_request(self, stream):
        self.answer(stream)
        raise Gone


class ShortBody(Well):
    def on_request(self, stream):
        self.answer(stream, head(stream, OK + field(b"content-length", b"9")), body(stream, b"ok\n"))


class LongBody(Well):
    def on_request(self, stream):
        self.answer(stream, head(stream, OK + field(b"content-length", b"2")), body(stream, b"ok\n"))


class UpperCase(Well):
    def on_request(self, stream):
        self.answer(stream, head(stream, OK + field(b"X-Upper", b"1")), body(stream, b"ok\n"))


class NoStatus(Well):
    def on_request(self, stream):
        self.answer(stream, head(stream, field(b"x-a", b"1")), body(stream, b"ok\n"))


class EarlyAnswer(Well):
    """Answers before the request's body has come, and wants no more of it (RFC 9113, 8.1)."""

    SETTINGS = ((INITIAL_WINDOW_SIZE, 5),)

    def on_head(self, stream, ends):
        self.answer(stream, head(stream, field(b":status", b"413"), END_STREAM), rst(stream, NO_ERROR))


class EarlyAnswerOnly(EarlyAnswer):
    """The same without the reset."""

    def on_head(self, stream, ends):
        self.answer(stream, head(stream, field(b":status", b"413"), END_STREAM))


class Http1(Well):
    def run(self):
        self.receive(PREFACE)
        self.send(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        raise Gone


class Silent(Well):
    def begin(self):
        while True:
            self.receive(1)


class NeverAnswers(Well):
    def on_request(self, stream):
        pass


class AnswersOdd(Well):
    """Never answers the second request of a connection, and the others at once."""

    def on_request(self, stream):
        if self.requests != 2:
            self.answer(stream)


def serve(connection, behaviour):
    with connection:
        try:
            behaviour(connection).run()
        except (Gone, OSError):
            pass


def accept(listener, behaviour):
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        count("connections")
        thread = threading.Thread(target=serve, args=(connection, behaviour), daemon=True)
        thread.start()
        serving.append(thread)


def finish_reading():
    """Whoever says SIGTERM has closed its connections, and what it sent before is still to be counted."""
    until = time.monotonic() + 5
    for thread in list(serving):
        thread.join(max(0, until - time.monotonic()))


def main():
    behaviour = globals()[sys.argv[1]]
    # A handler would not run if the signal came just before accept() is entered, so it is waited for instead.
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    threading.Thread(target=accept, args=(listener, behaviour), daemon=True).start()
    print("port", listener.getsockname()[1], flush=True)
    signal.sigwait([signal.SIGTERM])
    finish_reading()
    with lock:
        print(json.dumps(dict(counts)), flush=True)
    os._exit(0)  # threads that still serve are not waited for


main()

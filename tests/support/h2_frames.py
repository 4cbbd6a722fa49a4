"""HTTP/2 frames (RFC 9113) and header fields (RFC 7541), as the servers of the tests make and read them."""

import struct

PREFACE = 24
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = 0, 1, 3, 4, 6, 7, 8, 9
END_STREAM, END_HEADERS, ACK, PADDED = 1, 4, 1, 8
NO_ERROR, INTERNAL_ERROR, REFUSED_STREAM, ENHANCE_YOUR_CALM, HTTP_1_1_REQUIRED = 0, 2, 7, 11, 13
INITIAL_WINDOW_SIZE, MAX_CONCURRENT_STREAMS = 4, 3
OK = b"\x88"  # ":status: 200", of the static table (RFC 7541 appendix A)


def frame(kind, flags, stream, payload=b""):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def field(name, value):
    """A literal without Huffman coding (RFC 7541 section 6.2.2)."""

    def text(content):
        if len(content) < 127:
            return bytes([len(content)]) + content
        left, out = len(content) - 127, [127]
        while left > 127:
            out.append(left & 127 | 128)
            left >>= 7
        return bytes([*out, left]) + content

    return b"\0" + text(name) + text(value)


def head(stream, block, flags=0):
    """HEADERS and as many CONTINUATION frames as it takes."""
    parts = [block[at:at + 16000] for at in range(0, len(block), 16000)]
    out = b""
    for index, part in enumerate(parts):
        last = END_HEADERS if index + 1 == len(parts) else 0
        out += frame(HEADERS if index == 0 else CONTINUATION, last | (flags if index == 0 else 0), stream, part)
    return out


def body(stream, content, flags=END_STREAM):
    return frame(DATA, flags, stream, content)


def settings(*pairs):
    return frame(SETTINGS, 0, 0, b"".join(struct.pack(">HI", key, value) for key, value in pairs))


def goaway(last, reason=NO_ERROR):
    return frame(GOAWAY, 0, 0, struct.pack(">II", last, reason))


def rst(stream, reason):
    return frame(RST_STREAM, 0, stream, struct.pack(">I", reason))

"""An HTTP/2 server that answers every connection with GOAWAY and the reason given.

    goaway_server.py CERTIFICATE KEY REASON

Prints "port PORT" when it listens, and "connection" for each that has spoken HTTP/2.
"""

import socket
import ssl
import struct
import sys
import threading

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
SETTINGS, GOAWAY = 4, 7


def frame(kind, payload):
    return struct.pack(">I", len(payload))[1:] + bytes([kind, 0]) + struct.pack(">I", 0) + payload


def answer(raw, context, reason):
    try:
        with context.wrap_socket(raw, server_side=True) as connection:
            seen = b""
            while len(seen) <= len(PREFACE):
                piece = connection.recv(4096)
                if not piece:
                    return
                seen += piece
            print("connection", flush=True)
            connection.sendall(frame(SETTINGS, b"") + frame(GOAWAY, struct.pack(">II", 0, reason)))
            while connection.recv(4096):
                pass
    except OSError:
        pass  # the client has gone


def main():
    certificate, key, reason = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    context.set_alpn_protocols(["h2"])
    listener = socket.create_server(("127.0.0.1", 0))
    print("port", listener.getsockname()[1], flush=True)
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=answer, args=(raw, context, int(reason)), daemon=True).start()


main()

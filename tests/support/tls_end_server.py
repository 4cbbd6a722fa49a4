"""A TLS server that answers each connection's first request with a body of five bytes that has no length, or
one, and ends the connection with close_notify, without, or by a reset.

    tls_end_server.py CERTIFICATE KEY

The path says how: /notify, /cut, /reset, and /length/... with a length. Prints "port PORT" when it listens.
"""

import socket
import ssl
import struct
import sys
import threading


def answer(raw, context):
    try:
        with context.wrap_socket(raw, server_side=True) as connection:
            path = connection.recv(65536).split(b" ")[1].decode()
            length = b"Content-Length: 5\r\n" if path.startswith("/length") else b""
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + length + b"\r\nhello")
            if path.endswith("/notify"):
                try:
                    connection.unwrap()
                except OSError:
                    pass
                return
            bare = socket.socket(fileno=connection.detach())
            if path.endswith("/reset"):
                bare.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            else:
                bare.shutdown(socket.SHUT_RDWR)
            bare.close()
    except OSError:
        pass  # the client has gone


def main():
    certificate, key = sys.argv[1:]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)
    print("port", listener.getsockname()[1], flush=True)
    while True:
        connection, _ = listener.accept()
        # Otherwise the answer waits for an acknowledgement, and the reset takes it along.
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        threading.Thread(target=answer, args=(connection, context), daemon=True).start()


main()

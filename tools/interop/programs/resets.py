"""Connections that are reset: `resets.py --serve`, or `resets.py PORT` against an echo."""

import socket
import struct
import sys
import threading
import time

ROUNDS = 20
LARGE = bytes(1 << 20)


def reset(peer):
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    peer.close()


def at_once(peer):
    pass


def after_a_byte(peer):
    peer.sendall(b"x")
    peer.recv(1)


def after_its_end(peer):
    peer.sendall(b"x")
    peer.shutdown(socket.SHUT_WR)
    peer.recv(1)


def with_much_unread(peer):
    """By then the other side waits to send."""
    peer.sendall(LARGE[: 1 << 16])
    time.sleep(0.1)


STAGES = [at_once, after_a_byte, after_its_end, with_much_unread]


def play(peer, stage):
    try:
        stage(peer)
    except OSError:
        pass
    reset(peer)


def serve():
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        print("resets on port", listener.getsockname()[1], flush=True)
        while True:
            peer, _ = listener.accept()
            # The first byte says which.
            try:
                stage = STAGES[peer.recv(1)[0]]
            except (OSError, IndexError):
                stage = at_once
            threading.Thread(target=play, args=(peer, stage)).start()


def connect(port):
    return socket.create_connection(("127.0.0.1", port), timeout=10)


def attack(port):
    for _ in range(ROUNDS):
        threads = [threading.Thread(target=play, args=(connect(port), stage)) for stage in STAGES]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with connect(port) as peer:
        peer.sendall(b"still there")
        print(peer.recv(100).decode())


if sys.argv[1] == "--serve":
    serve()
else:
    attack(int(sys.argv[1]))

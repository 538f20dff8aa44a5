"""What the programs have in common besides n: as ../programs/sizes.ts and ../programs/chunks.ts."""

import functools
import os
import ssl
import tempfile

CONTENDERS = 100
PERMITS = 10
PAIRS = 8
LINE = 79
CHUNK = 65_536
MESSAGE = 64
AT_ONCE = 32


@functools.cache
def chunks_of_lines(n):
    text = (b"x" * LINE + b"\n") * n
    return [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)]


@functools.cache
def server_context():
    """TLS with the certificate that the caller of harness.py made."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    with tempfile.NamedTemporaryFile("w") as file:
        file.write(os.environ["BENCH_CERTIFICATE"] + os.environ["BENCH_KEY"])
        file.flush()
        context.load_cert_chain(file.name)
    return context


@functools.cache
def client_context():
    return ssl.create_default_context(cadata=os.environ["BENCH_AUTHORITY"])

"""What the programs have in common besides n: as ../programs/sizes.ts and ../programs/chunks.ts."""

import functools

CONTENDERS = 100
PERMITS = 10
PAIRS = 8
LINE = 79
CHUNK = 65_536


@functools.cache
def chunks_of_lines(n):
    text = (b"x" * LINE + b"\n") * n
    return [text[at : at + CHUNK] for at in range(0, len(text), CHUNK)]

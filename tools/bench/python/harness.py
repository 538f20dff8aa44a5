"""The workloads on Python: harness.py SYSTEM WORKLOAD N.

Prints "ready". Each line it then reads is a number of runs, made in one event loop and answered with the ns a run took.
"""

import gc
import importlib
import sys
import time
import warnings

# trio's own, on the Python that Debian has.
warnings.simplefilter("ignore")

# The module of a system, and the event loop that it runs on.
SYSTEMS = {
    "asyncio": ("on_asyncio", None),
    "trio": ("on_trio", None),
    "anyio-asyncio": ("on_anyio", "asyncio"),
    "anyio-trio": ("on_anyio", "trio"),
}


class Watch:
    """Started before each run; started anew by a program whose preparation does not count."""

    def start(self):
        self.began = time.perf_counter_ns()

    def elapsed(self):
        return time.perf_counter_ns() - self.began


async def runs_of(program, n, runs):
    watch = Watch()
    total = 0
    for _ in range(runs):
        watch.start()
        done = await program(n, watch)
        total += watch.elapsed()
        if done != n:
            raise AssertionError(f"{done} of {n} items did what they were to do")
    return total / runs


def main(system, workload, n):
    module, backend = SYSTEMS[system]
    system_module = importlib.import_module(module)
    program = getattr(system_module, workload.replace("-", "_"))
    # A program one level deep is some frames deep.
    sys.setrecursionlimit(100_000)
    print("ready", flush=True)
    for line in sys.stdin:
        gc.collect()
        ns = system_module.start(backend, runs_of, program, int(n), int(line))
        print(ns, flush=True)


main(*sys.argv[1:])

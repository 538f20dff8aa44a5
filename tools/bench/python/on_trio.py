"""The workloads on trio."""

import functools
import math

import trio

from common import (
    AT_ONCE,
    CHUNK,
    CONTENDERS,
    MESSAGE,
    PAIRS,
    PERMITS,
    client_context,
    server_context,
)


def start(_backend, main, *args):
    return trio.run(main, *args)


async def spawn_wait_join(n, _watch):
    event = trio.Event()
    arrived = woken = 0

    async def task():
        nonlocal arrived, woken
        arrived += 1
        if arrived == n:
            event.set()
        await event.wait()
        woken += 1

    async with trio.open_nursery() as nursery:
        for _ in range(n):
            nursery.start_soon(task)
    return woken


async def nested_groups(n, _watch):
    ended = 0

    async def task():
        nonlocal ended
        await trio.lowlevel.checkpoint()
        ended += 1

    async def ten():
        async with trio.open_nursery() as inner:
            for _ in range(10):
                inner.start_soon(task)

    async with trio.open_nursery() as outer:
        for _ in range(n):
            outer.start_soon(ten)
    return ended / 10


async def checkpoint(n, _watch):
    passed = 0

    async def task():
        nonlocal passed
        while passed < n:
            await trio.lowlevel.checkpoint()
            passed += 1

    async with trio.open_nursery() as nursery:
        nursery.start_soon(task)
    return passed


async def checkpoint_deadline(n, watch):
    with trio.move_on_after(60):
        return await checkpoint(n, watch)


async def scope_deadline(n, _watch):
    left = 0
    for _ in range(n):
        with trio.move_on_after(60):
            left += 1
    return left


async def cancel_blocked(n, watch):
    blocked = cancelled = 0
    all_blocked = trio.Event()

    async def task():
        nonlocal blocked, cancelled
        blocked += 1
        if blocked == n:
            all_blocked.set()
        try:
            await trio.sleep_forever()
        finally:
            cancelled += 1

    async with trio.open_nursery() as nursery:
        for _ in range(n):
            nursery.start_soon(task)
        await all_blocked.wait()
        await trio.sleep(0.001)
        watch.start()
        nursery.cancel_scope.cancel()
    return cancelled


async def depth(n, _watch):
    async def descend(left):
        if left == 0:
            await trio.lowlevel.checkpoint()
            return 0
        with trio.move_on_after(60):
            return 1 + await descend(left - 1)

    return await descend(n)


async def depth_groups(n, _watch):
    opened = 0

    async def descend():
        nonlocal opened
        if opened == n:
            return await trio.lowlevel.checkpoint()
        opened += 1
        async with trio.open_nursery() as nursery:
            nursery.start_soon(descend)

    await descend()
    return opened


async def sleeps(n, _watch):
    woken = 0

    async def task(seconds):
        nonlocal woken
        await trio.sleep(seconds)
        woken += 1

    async with trio.open_nursery() as nursery:
        for i in range(n):
            nursery.start_soon(task, (1 + i % 10) / 1000)
    return woken


async def taking(lock, n):
    taken = 0
    while taken < n:
        async with lock:
            taken += 1
    return taken


async def lock(n, _watch):
    return await taking(trio.Lock(), n)


async def semaphore(n, _watch):
    return await taking(trio.Semaphore(PERMITS), n)


async def contending(lock, n):
    asked = had = 0

    async def contender():
        nonlocal asked, had
        while asked < n:
            asked += 1
            async with lock:
                await trio.lowlevel.checkpoint()
                had += 1

    async with trio.open_nursery() as nursery:
        for _ in range(CONTENDERS):
            nursery.start_soon(contender)
    return had


async def lock_contended(n, _watch):
    return await contending(trio.Lock(), n)


async def semaphore_contended(n, _watch):
    return await contending(trio.Semaphore(PERMITS), n)


async def memory_stream(size, n, pairs=1):
    received = 0

    async def produce(stream, pair):
        async with stream:
            for item in range(pair, n, pairs):
                await stream.send(item)

    async def consume(stream, pair):
        nonlocal received
        async with stream:
            async for item in stream:
                received += item % pairs == pair

    async with trio.open_nursery() as nursery:
        for pair in range(pairs):
            send, receive = trio.open_memory_channel(size)
            nursery.start_soon(produce, send, pair)
            nursery.start_soon(consume, receive, pair)
    return received


async def memory_stream_0(n, _watch):
    return await memory_stream(0, n)


async def memory_stream_64(n, _watch):
    return await memory_stream(64, n)


async def memory_stream_unbounded(n, _watch):
    return await memory_stream(math.inf, n)


async def memory_stream_64_pairs(n, _watch):
    return await memory_stream(64, n, PAIRS)


async def event_fan_out(n, watch):
    event = trio.Event()
    all_waiting = trio.Event()
    waiting = woken = 0

    async def task():
        nonlocal waiting, woken
        waiting += 1
        if waiting == n:
            all_waiting.set()
        await event.wait()
        woken += 1

    async with trio.open_nursery() as nursery:
        for _ in range(n):
            nursery.start_soon(task)
        await all_waiting.wait()
        await trio.sleep(0.001)
        watch.start()
        event.set()
    return woken


async def serving(tls, handler, client):
    """Runs `client(connect)` beside a server, and stops the server after it."""
    [listener] = await trio.open_tcp_listeners(0, host="127.0.0.1")
    port = listener.socket.getsockname()[1]

    async def connect():
        stream = await trio.open_tcp_stream("127.0.0.1", port)
        if not tls:
            return stream
        return trio.SSLStream(stream, client_context(), server_hostname="127.0.0.1")

    async def handle(stream):
        if tls:
            stream = trio.SSLStream(stream, server_context(), server_side=True)
        async with stream:
            await handler(stream)

    async with trio.open_nursery() as connections:
        async with trio.open_nursery() as nursery:
            serve = functools.partial(trio.serve_listeners, handler_nursery=connections)
            nursery.start_soon(serve, handle, [listener])
            result = await client(connect)
            nursery.cancel_scope.cancel()
    return result


async def receive_message(stream):
    """A message may come in pieces."""
    left = MESSAGE
    while left > 0:
        left -= len(await stream.receive_some())


async def round_trip(n, tls):
    async def echo(stream):
        async for data in stream:
            await stream.send_all(data)

    async def client(connect):
        done = 0
        async with await connect() as stream:
            while done < n:
                await stream.send_all(bytes(MESSAGE))
                await receive_message(stream)
                done += 1
        return done

    return await serving(tls, echo, client)


async def throughput(n, tls):
    received = 0

    async def count(stream):
        nonlocal received
        async for data in stream:
            received += len(data)

    async def client(connect):
        chunk = bytes(CHUNK)
        async with await connect() as stream:
            for _ in range(n):
                await stream.send_all(chunk)

    await serving(tls, count, client)
    return received / CHUNK


async def connections(n, tls):
    async def answer(stream):
        await receive_message(stream)
        await stream.send_all(bytes(MESSAGE))

    async def client(connect):
        left = n
        done = 0

        async def worker():
            nonlocal left, done
            while left > 0:
                left -= 1
                async with await connect() as stream:
                    await stream.send_all(bytes(MESSAGE))
                    await receive_message(stream)
                done += 1

        async with trio.open_nursery() as nursery:
            for _ in range(AT_ONCE):
                nursery.start_soon(worker)
        return done

    return await serving(tls, answer, client)


async def tcp_round_trip(n, _watch):
    return await round_trip(n, tls=False)


async def tcp_throughput(n, _watch):
    return await throughput(n, tls=False)


async def tcp_connections(n, _watch):
    return await connections(n, tls=False)


async def tls_round_trip(n, _watch):
    return await round_trip(n, tls=True)


async def tls_throughput(n, _watch):
    return await throughput(n, tls=True)


async def tls_connections(n, _watch):
    return await connections(n, tls=True)

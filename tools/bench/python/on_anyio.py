"""The workloads on AnyIO."""

import math

import anyio
import anyio.lowlevel
from anyio.abc import SocketAttribute
from anyio.streams.buffered import BufferedByteReceiveStream
from anyio.streams.tls import TLSListener

from common import (
    AT_ONCE,
    CHUNK,
    CONTENDERS,
    LINE,
    MESSAGE,
    PAIRS,
    PERMITS,
    chunks_of_lines,
    client_context,
    server_context,
)


def start(backend, main, *args):
    return anyio.run(main, *args, backend=backend)


async def spawn_wait_join(n, _watch):
    event = anyio.Event()
    arrived = woken = 0

    async def task():
        nonlocal arrived, woken
        arrived += 1
        if arrived == n:
            event.set()
        await event.wait()
        woken += 1

    async with anyio.create_task_group() as group:
        for _ in range(n):
            group.start_soon(task)
    return woken


async def nested_groups(n, _watch):
    ended = 0

    async def task():
        nonlocal ended
        await anyio.lowlevel.checkpoint()
        ended += 1

    async def ten():
        async with anyio.create_task_group() as inner:
            for _ in range(10):
                inner.start_soon(task)

    async with anyio.create_task_group() as outer:
        for _ in range(n):
            outer.start_soon(ten)
    return ended / 10


async def checkpoint(n, _watch):
    passed = 0

    async def task():
        nonlocal passed
        while passed < n:
            await anyio.lowlevel.checkpoint()
            passed += 1

    async with anyio.create_task_group() as group:
        group.start_soon(task)
    return passed


async def checkpoint_deadline(n, watch):
    with anyio.move_on_after(60):
        return await checkpoint(n, watch)


async def scope_deadline(n, _watch):
    left = 0
    for _ in range(n):
        with anyio.move_on_after(60):
            left += 1
    return left


async def cancel_blocked(n, watch):
    blocked = cancelled = 0
    all_blocked = anyio.Event()

    async def task():
        nonlocal blocked, cancelled
        blocked += 1
        if blocked == n:
            all_blocked.set()
        try:
            await anyio.sleep_forever()
        finally:
            cancelled += 1

    async with anyio.create_task_group() as group:
        for _ in range(n):
            group.start_soon(task)
        await all_blocked.wait()
        await anyio.sleep(0.001)
        watch.start()
        group.cancel_scope.cancel()
    return cancelled


async def depth(n, _watch):
    async def descend(left):
        if left == 0:
            await anyio.lowlevel.checkpoint()
            return 0
        with anyio.move_on_after(60):
            return 1 + await descend(left - 1)

    return await descend(n)


async def depth_groups(n, _watch):
    opened = 0

    async def descend():
        nonlocal opened
        if opened == n:
            return await anyio.lowlevel.checkpoint()
        opened += 1
        async with anyio.create_task_group() as group:
            group.start_soon(descend)

    await descend()
    return opened


async def sleeps(n, _watch):
    woken = 0

    async def task(seconds):
        nonlocal woken
        await anyio.sleep(seconds)
        woken += 1

    async with anyio.create_task_group() as group:
        for i in range(n):
            group.start_soon(task, (1 + i % 10) / 1000)
    return woken


async def taking(lock, n):
    taken = 0
    while taken < n:
        async with lock:
            taken += 1
    return taken


async def lock(n, _watch):
    return await taking(anyio.Lock(), n)


async def semaphore(n, _watch):
    return await taking(anyio.Semaphore(PERMITS), n)


async def contending(lock, n):
    asked = had = 0

    async def contender():
        nonlocal asked, had
        while asked < n:
            asked += 1
            async with lock:
                await anyio.lowlevel.checkpoint()
                had += 1

    async with anyio.create_task_group() as group:
        for _ in range(CONTENDERS):
            group.start_soon(contender)
    return had


async def lock_contended(n, _watch):
    return await contending(anyio.Lock(), n)


async def semaphore_contended(n, _watch):
    return await contending(anyio.Semaphore(PERMITS), n)


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

    async with anyio.create_task_group() as group:
        for pair in range(pairs):
            send, receive = anyio.create_memory_object_stream(size)
            group.start_soon(produce, send, pair)
            group.start_soon(consume, receive, pair)
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
    event = anyio.Event()
    all_waiting = anyio.Event()
    waiting = woken = 0

    async def task():
        nonlocal waiting, woken
        waiting += 1
        if waiting == n:
            all_waiting.set()
        await event.wait()
        woken += 1

    async with anyio.create_task_group() as group:
        for _ in range(n):
            group.start_soon(task)
        await all_waiting.wait()
        await anyio.sleep(0.001)
        watch.start()
        event.set()
    return woken


async def read_lines(n, _watch):
    chunks = chunks_of_lines(n)
    send, receive = anyio.create_memory_object_stream(len(chunks))
    for chunk in chunks:
        send.send_nowait(chunk)
    stream = BufferedByteReceiveStream(receive)
    lines = 0
    for _ in range(n):
        lines += len(await stream.receive_until(b"\n", 1_000)) == LINE
    return lines


async def serving(tls, handler, client):
    """Runs `client(connect)` beside a server, and stops the server after it."""
    listener = await anyio.create_tcp_listener(local_host="127.0.0.1")
    port = listener.extra(SocketAttribute.local_port)
    if tls:
        listener = TLSListener(listener, server_context())

    async def connect():
        if not tls:
            return await anyio.connect_tcp("127.0.0.1", port)
        return await anyio.connect_tcp("127.0.0.1", port, ssl_context=client_context())

    async def handle(stream):
        async with stream:
            await handler(stream)

    async with listener, anyio.create_task_group() as connections:
        async with anyio.create_task_group() as group:
            group.start_soon(listener.serve, handle, connections)
            result = await client(connect)
            group.cancel_scope.cancel()
    return result


async def receive_message(stream):
    """A message may come in pieces."""
    left = MESSAGE
    while left > 0:
        left -= len(await stream.receive())


async def round_trip(n, tls):
    async def echo(stream):
        async for data in stream:
            await stream.send(data)

    async def client(connect):
        done = 0
        async with await connect() as stream:
            while done < n:
                await stream.send(bytes(MESSAGE))
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
                await stream.send(chunk)

    await serving(tls, count, client)
    return received / CHUNK


async def connections(n, tls):
    async def answer(stream):
        await receive_message(stream)
        await stream.send(bytes(MESSAGE))

    async def client(connect):
        left = n
        done = 0

        async def worker():
            nonlocal left, done
            while left > 0:
                left -= 1
                async with await connect() as stream:
                    await stream.send(bytes(MESSAGE))
                    await receive_message(stream)
                done += 1

        async with anyio.create_task_group() as group:
            for _ in range(AT_ONCE):
                group.start_soon(worker)
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

"""The workloads on asyncio alone."""

import asyncio

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


def start(_backend, main, *args):
    return asyncio.run(main(*args))


async def spawn_wait_join(n, _watch):
    event = asyncio.Event()
    arrived = woken = 0

    async def task():
        nonlocal arrived, woken
        arrived += 1
        if arrived == n:
            event.set()
        await event.wait()
        woken += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(n):
            group.create_task(task())
    return woken


async def nested_groups(n, _watch):
    ended = 0

    async def task():
        nonlocal ended
        await asyncio.sleep(0)
        ended += 1

    async def ten():
        async with asyncio.TaskGroup() as inner:
            for _ in range(10):
                inner.create_task(task())

    async with asyncio.TaskGroup() as outer:
        for _ in range(n):
            outer.create_task(ten())
    return ended / 10


async def checkpoint(n, _watch):
    passed = 0

    async def task():
        nonlocal passed
        while passed < n:
            await asyncio.sleep(0)
            passed += 1

    async with asyncio.TaskGroup() as group:
        group.create_task(task())
    return passed


async def checkpoint_deadline(n, watch):
    async with asyncio.timeout(60):
        return await checkpoint(n, watch)


async def scope_deadline(n, _watch):
    left = 0
    for _ in range(n):
        async with asyncio.timeout(60):
            left += 1
    return left


async def cancel_blocked(n, watch):
    blocked = cancelled = 0
    all_blocked = asyncio.Event()

    async def task():
        nonlocal blocked, cancelled
        blocked += 1
        if blocked == n:
            all_blocked.set()
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            cancelled += 1

    # A TaskGroup has no cancel() of its own.
    tasks = [asyncio.create_task(task()) for _ in range(n)]
    await all_blocked.wait()
    await asyncio.sleep(0.001)
    watch.start()
    for one in tasks:
        one.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    return cancelled


async def depth(n, _watch):
    async def descend(left):
        if left == 0:
            await asyncio.sleep(0)
            return 0
        async with asyncio.timeout(60):
            return 1 + await descend(left - 1)

    return await descend(n)


async def depth_groups(n, _watch):
    opened = 0

    async def descend():
        nonlocal opened
        if opened == n:
            return await asyncio.sleep(0)
        opened += 1
        async with asyncio.TaskGroup() as group:
            group.create_task(descend())

    await descend()
    return opened


async def sleeps(n, _watch):
    woken = 0

    async def task(seconds):
        nonlocal woken
        await asyncio.sleep(seconds)
        woken += 1

    async with asyncio.TaskGroup() as group:
        for i in range(n):
            group.create_task(task((1 + i % 10) / 1000))
    return woken


async def taking(lock, n):
    taken = 0
    while taken < n:
        async with lock:
            taken += 1
    return taken


async def lock(n, _watch):
    return await taking(asyncio.Lock(), n)


async def semaphore(n, _watch):
    return await taking(asyncio.Semaphore(PERMITS), n)


async def contending(lock, n):
    asked = had = 0

    async def contender():
        nonlocal asked, had
        while asked < n:
            asked += 1
            async with lock:
                await asyncio.sleep(0)
                had += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(CONTENDERS):
            group.create_task(contender())
    return had


async def lock_contended(n, _watch):
    return await contending(asyncio.Lock(), n)


async def semaphore_contended(n, _watch):
    return await contending(asyncio.Semaphore(PERMITS), n)


async def memory_stream(size, n, pairs=1):
    received = 0

    async def produce(queue, pair):
        for item in range(pair, n, pairs):
            await queue.put(item)

    async def consume(queue, pair):
        nonlocal received
        for _ in range(pair, n, pairs):
            item = await queue.get()  # apart: `+=` reads the sum before it waits
            received += item % pairs == pair

    async with asyncio.TaskGroup() as group:
        for pair in range(pairs):
            queue = asyncio.Queue(size)
            group.create_task(produce(queue, pair))
            group.create_task(consume(queue, pair))
    return received


async def memory_stream_64(n, _watch):
    return await memory_stream(64, n)


async def memory_stream_unbounded(n, _watch):
    return await memory_stream(0, n)


async def memory_stream_64_pairs(n, _watch):
    return await memory_stream(64, n, PAIRS)


async def event_fan_out(n, watch):
    event = asyncio.Event()
    all_waiting = asyncio.Event()
    waiting = woken = 0

    async def task():
        nonlocal waiting, woken
        waiting += 1
        if waiting == n:
            all_waiting.set()
        await event.wait()
        woken += 1

    async with asyncio.TaskGroup() as group:
        for _ in range(n):
            group.create_task(task())
        await all_waiting.wait()
        await asyncio.sleep(0.001)
        watch.start()
        event.set()
    return woken


async def read_lines(n, _watch):
    stream = asyncio.StreamReader()
    for chunk in chunks_of_lines(n):
        stream.feed_data(chunk)
    lines = 0
    for _ in range(n):
        lines += len(await stream.readuntil(b"\n")) == LINE + 1
    return lines


async def serving(tls, handler, client):
    """Runs `client(connect)` beside a server, and stops the server after it."""
    handlers = set()

    async def handle(reader, writer):
        handlers.add(asyncio.current_task())
        await handler(reader, writer)
        await close(writer)

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=server_context() if tls else None)
    port = server.sockets[0].getsockname()[1]

    def connect():
        return asyncio.open_connection("127.0.0.1", port, ssl=client_context() if tls else None)

    result = await client(connect)
    server.close()
    await asyncio.gather(*handlers)
    return result


async def close(writer):
    writer.close()
    await writer.wait_closed()


async def write(writer, data):
    writer.write(data)
    await writer.drain()


async def receive_message(reader):
    await reader.readexactly(MESSAGE)


async def round_trip(n, tls):
    async def echo(reader, writer):
        while data := await reader.read(CHUNK):
            await write(writer, data)

    async def client(connect):
        reader, writer = await connect()
        done = 0
        while done < n:
            await write(writer, bytes(MESSAGE))
            await receive_message(reader)
            done += 1
        await close(writer)
        return done

    return await serving(tls, echo, client)


async def throughput(n, tls):
    received = 0

    async def count(reader, _writer):
        nonlocal received
        while data := await reader.read(CHUNK):
            received += len(data)

    async def client(connect):
        chunk = bytes(CHUNK)
        _reader, writer = await connect()
        for _ in range(n):
            await write(writer, chunk)
        await close(writer)

    await serving(tls, count, client)
    return received / CHUNK


async def connections(n, tls):
    async def answer(reader, writer):
        await receive_message(reader)
        await write(writer, bytes(MESSAGE))

    async def client(connect):
        left = n
        done = 0

        async def worker():
            nonlocal left, done
            while left > 0:
                left -= 1
                reader, writer = await connect()
                await write(writer, bytes(MESSAGE))
                await receive_message(reader)
                await close(writer)
                done += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(worker())
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

"""The workloads on asyncio alone."""

import asyncio


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

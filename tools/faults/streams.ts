import type { Fault } from "./fault.ts";

const channel = "packages/streams/src/memory/channel.ts";
const end = "packages/streams/src/memory/stream-end.ts";
const pipe = "packages/streams/src/memory/byte-pipe.ts";
const broadcast = "packages/streams/src/memory/create-broadcast-stream.ts";
const queue = "packages/streams/src/memory/create-work-queue.ts";
const buffered = "packages/streams/src/buffered/buffered-byte-receive-stream.ts";
const near = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `packages/streams/test/${name}.test.ts`);

/** Faults of streams in memory and of buffered ones: items lost, doubled or out of order, and ends that are not told. */
export const streams: readonly Fault[] = [
  {
    name: "a-sender-that-waits-overtakes-the-buffer",
    file: channel,
    find: "    const item = buffer.shift();\n    buffer.push(first.item.item);\n    return item;",
    replace: "    return first.item.item;",
    tests: near("memory-object-stream"),
  },
  {
    name: "the-end-comes-before-what-is-buffered",
    file: channel,
    find: "return this.buffer.size > 0 || this.senders.size > 0;",
    replace: "return this.senders.open > 0 && (this.buffer.size > 0 || this.senders.size > 0);",
    tests: near("memory-object-stream"),
  },
  {
    name: "nobody-tells-senders-that-nobody-receives",
    file: channel,
    find: "    this.senders.fail(noneReceives);\n",
    replace: "",
    tests: near("memory-object-stream"),
  },
  {
    name: "all-who-fail-share-one-error",
    file: channel,
    find: "    while (this.size > 0) this.take()?.fail(error());",
    replace: "    const shared = error();\n    while (this.size > 0) this.take()?.fail(shared);",
    tests: near("memory-object-stream"),
  },
  {
    name: "who-was-served-stays-with-its-end",
    file: channel,
    find: "    first?.item.own.delete(first.waiter);\n",
    replace: "",
    tests: near("leaks"),
  },
  {
    name: "a-clone-counts-for-nothing",
    file: end,
    find: "    side.open++;",
    replace: "    side.open = 1;",
    tests: near("memory-object-stream"),
  },
  {
    name: "who-waits-at-a-closed-end-waits-on",
    file: end,
    find: "    for (const waiter of own) waiter.fail(closedHere());\n",
    replace: "",
    tests: near("memory-object-stream"),
  },
  {
    name: "a-closed-end-receives-without-waiting",
    file: "packages/streams/src/memory/receive-end.ts",
    find: "if (!this.open.filled())",
    replace: "if (!this.channel.filled())",
    tests: near("memory-object-stream"),
  },
  {
    name: "a-closed-end-sends-while-others-are-open",
    file: "packages/streams/src/memory/send-end.ts",
    find: "() => (this.open.put(item)",
    replace: "() => (this.channel.put(item)",
    tests: near("memory-object-stream"),
  },
  {
    name: "bytes-beyond-the-buffer-stay-when-their-send-is-cancelled",
    file: pipe,
    find: "        drop(size);\n        cut = true;",
    replace: "        sender = undefined;\n        cut = true;",
    tests: near("memory-byte-streams"),
  },
  {
    name: "bytes-beyond-the-buffer-stay-when-their-sender-is-closed",
    file: pipe,
    find: "      if (sender) drop(size);\n",
    replace: "",
    tests: near("memory-byte-streams"),
  },
  {
    name: "a-send-after-a-cancelled-one-leaves-a-gap",
    file: pipe,
    find: "    cut = true;\n",
    replace: "",
    tests: near("memory-byte-streams"),
  },
  {
    name: "a-sender-goes-on-before-all-it-sent-has-room",
    file: pipe,
    find: "      if (queue.view.length <= size) {\n        sender?.resume();",
    replace: "      {\n        sender?.resume();",
    tests: near("memory-byte-streams"),
  },
  {
    name: "a-laggard-that-is-waited-for-loses-its-oldest",
    file: broadcast,
    find: "used() >= size) return false;",
    replace: "used() > size) return false;",
    tests: near("broadcast-stream"),
  },
  {
    name: "who-leaves-a-broadcast-still-holds-it-up",
    file: broadcast,
    find: "      branches.delete(branch);\n      freed();",
    replace: "      branches.delete(branch);",
    tests: near("broadcast-stream"),
  },
  {
    name: "a-laggard-that-leaves-lets-in-one-sender",
    file: broadcast,
    find: "while (senders.first && put(",
    replace: "if (senders.first && put(",
    tests: near("broadcast-stream"),
  },
  {
    name: "work-that-waits-for-room-counts-twice",
    file: queue,
    find: "if (put) this.unfinished++;",
    replace: "this.unfinished++;",
    tests: near("work-queue"),
  },
  {
    name: "work-is-done-before-it-is-received",
    file: queue,
    find: "if (channel.unfinished <= channel.buffer.size)",
    replace: "if (channel.unfinished === 0)",
    tests: near("work-queue"),
  },
  {
    name: "dropped-work-is-never-done",
    file: queue,
    find: "    this.finish(size);\n",
    replace: "",
    tests: near("work-queue"),
  },
  {
    name: "a-delimiter-that-comes-in-parts-is-missed",
    file: buffered,
    find: "from = Math.max(0, came - length + 1);",
    replace: "from = came;",
    tests: near("buffered-byte-receive-stream"),
  },
  {
    name: "bytes-are-fed-into-a-receive",
    file: buffered,
    find: '    if (this.busy) throw busyError("receive");\n',
    replace: "",
    tests: near("buffered-byte-receive-stream"),
  },
  {
    name: "a-closed-layer-gives-what-it-has",
    file: "packages/streams/src/layer.ts",
    find: "if (!this.closed && goesOn(options)) {",
    replace: "if (goesOn(options)) {",
    tests: near("buffered-byte-receive-stream", "text-streams"),
  },
];

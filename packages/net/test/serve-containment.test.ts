// M8: what `serve` contains by itself, and what it does not.
import { failAfter, moveOnAfter } from "@arborio/cancellation";
import {
  BrokenResourceError,
  comesFrom,
  isError,
  sleep,
  sleepForever,
  type ErrorVocabulary,
} from "@arborio/core";
import { OSError } from "@arborio/core/backend";
import { startDebug, type DebugReport } from "@arborio/core/debug";
import { createMultiListener, SocketAttribute, type TcpStream } from "@arborio/net";
import {
  BufferedByteStream,
  createMemoryByteStreams,
  extra,
  FrameStream,
  fromIterable,
  fromReadable,
  merge,
  receiveThrough,
  stapleByteStreams,
  tee,
  TextStream,
  toReadable,
} from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { errorOf, errorsOf } from "../../testing/test/outcome.ts";
import { containedDuring, ScriptedSocket, type Script } from "./contained.ts";
import { FakeSocket } from "./fake-net.ts";
import { serving, servingSeveral, type Given } from "./serving.ts";

const NEWLINE = new TextEncoder().encode("\n");

/** Serves a connection whose peer does that, beside one that takes 10 ms; gives what was contained. */
async function serveBoth(
  { raw, listener }: Given,
  script: Script,
  handler: (stream: TcpStream) => unknown,
): Promise<unknown[]> {
  const sockets = [raw.arrive(new ScriptedSocket(...script)), raw.arrive(new FakeSocket())];
  let served = 0;
  let whole = false;
  const told = await containedDuring(() =>
    taskGroup(async (group) => {
      group.spawn(() =>
        listener.serve(async (stream) => {
          if (served++ === 0) return void (await handler(stream));
          await sleep(10);
          whole = true;
        }),
      );
      await sleep(20);
      await listener.close();
    }),
  );
  expect([whole, ...sockets.map(({ closed }) => closed !== "no")]).toEqual([true, true, true]);
  return told;
}

type Case = readonly [
  what: string,
  name: keyof ErrorVocabulary,
  script: Script,
  handler: (stream: TcpStream) => unknown,
];

const bySelf: readonly Case[] = [
  ["a reset", "BrokenResourceError", ["RST"], (stream) => stream.receive()],
  ["its end", "EndOfStream", [null], (stream) => stream.receive()],
  [
    "an end after a half",
    "IncompleteRead",
    ["half", null],
    (stream) => new BufferedByteStream(stream).receiveExactly(9),
  ],
  [
    "a reset after a half",
    "BrokenResourceError",
    ["half", "RST"],
    (stream) => new BufferedByteStream(stream).receiveUntil(NEWLINE, 99),
  ],
  [
    "a line too long, of bytes",
    "DelimiterNotFound",
    ["a".repeat(100)],
    (stream) => new BufferedByteStream(stream).receiveUntil(NEWLINE, 9),
  ],
  [
    "a line too long that is there already",
    "DelimiterNotFound",
    ["a\n" + "b".repeat(100)],
    async (stream) => {
      const buffered = new BufferedByteStream(stream);
      for (;;) await buffered.receiveUntil(NEWLINE, 9);
    },
  ],
  [
    "a line too long, of text",
    "DelimiterNotFound",
    ["a".repeat(100)],
    (stream) => new TextStream(stream).lines({ maxLength: 9 }).next(),
  ],
  [
    "bytes that are no text",
    "BrokenResourceError",
    ["\xff\xff"],
    (stream) => new TextStream(stream).receive(),
  ],
  [
    "a frame too long",
    "BrokenResourceError",
    ["\xff\xff\xff\xff"],
    (stream) => new FrameStream(stream).receive(),
  ],
  ["an end within a frame", "IncompleteRead", ["\0\0", null], (stream) => new FrameStream(stream).receive()],
  [
    "bytes that a transform does not take",
    "BrokenResourceError",
    ["no gzip at all, whatever comes"],
    (stream) => receiveThrough(stream, new DecompressionStream("gzip")).receive(),
  ],
  [
    "a reset below a transform",
    "BrokenResourceError",
    ["RST"],
    (stream) => receiveThrough(stream, new DecompressionStream("gzip")).receive(),
  ],
  [
    "a reset below streams of the platform that someone else has joined",
    "BrokenResourceError",
    ["RST"],
    (stream) => fromReadable(toReadable(stream).pipeThrough(new TransformStream())).receive(),
  ],
  [
    "the end of a stream of the platform over it",
    "EndOfStream",
    [null],
    (stream) => fromReadable(toReadable(stream)).receive(),
  ],
  ["the end of it as an iterable", "EndOfStream", [null], (stream) => fromIterable(stream).receive()],
  [
    "a reset of a staple's half",
    "BrokenResourceError",
    ["RST"],
    (stream) => stapleByteStreams(createMemoryByteStreams()[0], stream).receive(),
  ],
  [
    "an end that each of two copies tells",
    "EndOfStream",
    [null],
    async (stream) => {
      const [one, other] = tee(new TextStream(stream));
      await errorOf(one!.receive());
      await other!.receive();
    },
  ],
  [
    "the end of what it was merged to",
    "EndOfStream",
    [null],
    (stream) => merge(new TextStream(stream)).receive(),
  ],
];

for (const [what, name, script, handler] of bySelf) {
  serving(`M8: ${what} ends that connection alone: ${name}`, async (given) => {
    const told = await serveBoth(given, script, handler);
    expect(told).toHaveLength(1);
    expect(isError(told[0], name), String(told[0])).toBe(true);
  });
}

serving("M8: a send after one that was cut off ends that connection alone", async (given) => {
  const told = await serveBoth(given, ["x"], async (stream) => {
    const socket = extra(stream, SocketAttribute.rawSocket) as FakeSocket;
    socket.write = () => new Promise(() => {});
    await moveOnAfter(1, () => stream.send(new Uint8Array(1)));
    await stream.send(new Uint8Array(1));
  });
  expect(told.map((error) => isError(error, "BrokenResourceError"))).toEqual([true]);
});

serving("M8: a group of what comes from the connection alone is contained, and told whole", async (given) => {
  const told = await serveBoth(given, ["half", "RST"], (stream) =>
    taskGroup((group) => {
      group.spawn(() => new BufferedByteStream(stream).receiveExactly(9));
      group.spawn(() => sleepForever());
    }),
  );
  expect(told.map((error) => isError(error, "TaskGroupError"))).toEqual([true]);
});

serving("M8: a SuppressedError is contained if both of it come from the connection", async (given) => {
  const told = await serveBoth(given, ["RST"], async (stream) => {
    const [error, suppressed] = [await errorOf(stream.receive()), await errorOf(stream.receive())];
    throw Object.assign(new Error("two"), { name: "SuppressedError", error, suppressed });
  });
  expect(told).toHaveLength(1);
});

/** What serve fails with if a handler does that. */
async function failuresOf(
  { raw, listener }: Given,
  handler: (stream: TcpStream) => unknown,
): Promise<unknown[]> {
  raw.arrive(new ScriptedSocket("RST"));
  return errorsOf(listener.serve(handler));
}

const peer = (): Promise<unknown> => {
  const [upstream, other] = createMemoryByteStreams();
  other.closeForcefully();
  return upstream.send(new Uint8Array(1));
};
const missing = new OSError({ code: "ENOENT", syscall: "open", path: "a.txt" });

const programs: readonly (readonly [string, string, (stream: TcpStream) => unknown])[] = [
  ["a proxy's upstream that went away", "BrokenResourceError", peer],
  ["a file that is not there", "OSError", () => Promise.reject(missing)],
  ["a failAfter", "TimeoutError", () => failAfter(5, () => sleepForever())],
  [
    "a stream that the handler closed itself",
    "ClosedResourceError",
    async (stream) => {
      await stream.close();
      await stream.send(new Uint8Array(1));
    },
  ],
  [
    "two tasks in one direction",
    "BusyResourceError",
    async (stream) => {
      const held = stream.receive();
      await errorOf(held);
      await Promise.all([stream.receive().catch(() => {}), stream.receive()]);
    },
  ],
  [
    "an error that wraps one of the connection",
    "Error",
    async (stream) => {
      throw new Error("own", { cause: await errorOf(stream.receive()) });
    },
  ],
  [
    "the same class, made by the program",
    "BrokenResourceError",
    () => {
      throw new BrokenResourceError("own");
    },
  ],
  ["a mistake", "TypeError", (stream) => stream.send("text" as never)],
];

for (const [what, name, handler] of programs) {
  serving(`M8: ${what} ends the group as before: ${name}`, async (given) => {
    const errors: unknown[] = [];
    const told = await containedDuring(async () => errors.push(...(await failuresOf(given, handler))));
    expect(errors.map((error) => (error as Error).name)).toEqual([name]);
    expect(told).toEqual([]);
  });
}

serving("M8: what is thrown and is no error ends the group as before", async (given) => {
  expect(await failuresOf(given, () => Promise.reject(undefined))).toEqual([undefined]);
});

serving(
  "M8: another connection's error ends the group, though that was accepted too",
  async ({ raw, listener }) => {
    raw.arrive(new ScriptedSocket("RST"));
    raw.arrive(new FakeSocket());
    let first: TcpStream | undefined;
    let served = 0;
    const errors = await errorsOf(
      listener.serve(async (stream) => {
        if (served++ > 0) return void (await first!.receive());
        first = stream;
        await sleepForever();
      }),
    );
    expect(errors.map((error) => isError(error, "BrokenResourceError"))).toEqual([true]);
  },
);

serving(
  "M8: of a group the connection's leaves are taken out and told, the rest fails the group, with its cause",
  async (given) => {
    const cause = new Error("why");
    let own: unknown;
    let errors: unknown[] = [];
    const told = await containedDuring(async () => {
      errors = await failuresOf(given, async (stream) => {
        own = await errorOf(stream.receive());
        const [upstream, late] = [await errorOf(peer()), await errorOf(failAfter(1, () => sleepForever()))];
        throw new AggregateError([own, new AggregateError([upstream, missing, late, own])], "several", {
          cause,
        });
      });
    });
    expect(told).toMatchObject([{ message: "several", errors: [own, { errors: [own] }] }]);
    expect(errors).toMatchObject([
      {
        message: "several",
        cause,
        errors: [{ errors: [{ name: "BrokenResourceError" }, missing, { name: "TimeoutError" }] }],
      },
    ]);
  },
);

serving("M8: onError is told all of it, and by `throw error` the group ends", async ({ raw, listener }) => {
  raw.arrive(new ScriptedSocket("RST"));
  const given: unknown[] = [];
  let errors: unknown[] = [];
  const told = await containedDuring(async () => {
    errors = await errorsOf(
      listener.serve((stream) => stream.receive(), {
        onError: (error, stream) => {
          given.push(comesFrom(error, stream));
          throw error;
        },
      }),
    );
  });
  expect([given, told, errors.length]).toEqual([[true], [], 1]);
});

serving("M8: it holds in a group of the caller's", async ({ raw, listener }) => {
  const socket = raw.arrive(new ScriptedSocket("RST"));
  const told = await containedDuring(() =>
    taskGroup(async (group) => {
      group.spawn(() => listener.serve((stream) => stream.receive(), { group }));
      await sleep(5);
      await listener.close();
    }),
  );
  expect([told.length, socket.closed]).toEqual([1, "closed"]);
});

servingSeveral("M8: it holds for one listener of several", async ({ raws, both }) => {
  const sockets = raws.map((raw) => raw.arrive(new ScriptedSocket("RST")));
  const told = await containedDuring(() =>
    taskGroup(async (group) => {
      group.spawn(() => createMultiListener([both]).serve((stream) => stream.receive()));
      await sleep(50);
      await both.close();
    }),
  );
  expect([told.length, sockets.map(({ closed }) => closed)]).toEqual([2, ["closed", "closed"]]);
});

serving("M8: what the closing of a connection meets ends nothing else", async ({ raw, listener }) => {
  const socket = raw.arrive(new FakeSocket());
  const refused = new OSError({ code: "ECONNRESET", syscall: "close" });
  socket.close = () => Promise.reject(refused);
  const told = await containedDuring(() => listener.serve(() => listener.close()));
  expect(told).toEqual([refused]);
});

serving("M8: debug mode names it, once for each kind", async ({ raw, listener }) => {
  const reports: DebugReport[] = [];
  const stop = startDebug({ report: (report) => void reports.push(report) });
  try {
    for (let i = 0; i < 3; i++) raw.arrive(new ScriptedSocket("RST"));
    await taskGroup(async (group) => {
      group.spawn(() => listener.serve((stream) => stream.receive()));
      await sleep(5);
      await listener.close();
    });
  } finally {
    stop();
  }
  expect(reports.map(({ kind, message, task }) => [kind, message.split("\n")[0], task?.name])).toEqual([
    [
      "connection-failed",
      "a connection ended by an error of its own, and no other: BrokenResourceError: Cannot receive: the connection is broken",
      "connection",
    ],
  ]);
});

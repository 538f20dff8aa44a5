import { expect, test } from "vitest";
import { BufferedByteStream, CancelScope, isError, leaves, run, sleepForever, taskGroup } from "arborio";
import { connectTo, serving } from "./loopback.ts";
import { RedisClient, type Command } from "./redis/client.ts";
import { RedisError, show } from "./redis/replies.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A client of a server that answers each connection with that, whatever is asked, in pieces of one byte or whole. */
function answered<T>(reply: string, use: (client: RedisClient) => Promise<T>, piece = Infinity): Promise<T> {
  return run(() =>
    serving(
      (listener) =>
        listener.serve(async (stream) => {
          await stream.receive();
          for (let at = 0; at < reply.length; at += piece)
            await stream.send(bytes(reply.slice(at, at + piece)));
          await stream.sendEof();
          await stream.receive().catch(() => {});
        }),
      async (port) => {
        await using client = new RedisClient(await connectTo(port));
        return await use(client);
      },
    ),
  );
}

const replies: readonly [text: string, shown: string][] = [
  ["+OK\r\n", "OK"],
  [":42\r\n", "42"],
  [":-9223372036854775808\r\n", "-9223372036854775808"],
  ["$0\r\n\r\n", ""],
  ["$6\r\na\r\nb\r\n\r\n", "a\r\nb\r\n"],
  ["$-1\r\n", "(nil)"],
  ["*-1\r\n", "(nil)"],
  ["*0\r\n", "[]"],
  ["*3\r\n:1\r\n*2\r\n$1\r\nx\r\n-no\r\n$-1\r\n", "[1, [x, (error) no], (nil)]"],
];

test.each(replies)("redis: the reply %j is read, however it is cut", async (text, shown) => {
  for (const piece of [1, Infinity])
    expect(await answered(text, (client) => client.command("X").then(show), piece)).toBe(shown);
});

test("redis: an error is thrown by command, and is one of the replies of a pipeline", async () => {
  const thrown = await answered("-ERR no\r\n", (client) =>
    client.command("X").catch((error: unknown) => error),
  );
  expect(thrown).toEqual(new RedisError("ERR no"));
  const both = await answered("-ERR no\r\n+OK\r\n", (client) => client.pipeline([["X"], ["Y"]]));
  expect(both.map(show)).toEqual(["(error) ERR no", "OK"]);
});

const hostile: readonly [what: string, text: string, error: RegExp][] = [
  ["no RESP", "HTTP/1.1 400 Bad Request\r\n\r\n", /begins with one of/],
  ["an empty line", "\r\n", /begins with one of/],
  ["a length that is none", "$x\r\n", /no integer/],
  ["a negative length", "$-2\r\n", /a length is/],
  ["a length beyond all bounds", "$99999999999999999999\r\n", /a length is/],
  ["an array beyond all bounds", "*4294967296\r\n", /a length is/],
  ["a bulk string that is longer than it says", "$1\r\nabc\r\n", /longer than its length/],
  ["arrays without end", "*1\r\n".repeat(10_000), /nested deeper/],
  ["a line without end", "+".repeat(100_000), /delimiter is not within/],
  ["half a reply", "$10\r\nabc", /ended/],
];

test.each(hostile)("redis: %s is refused, and the connection closed", async (_, text, message) => {
  const [error, later] = await answered(text, async (client) => {
    const first = await client.command("X").catch((thrown: unknown) => thrown);
    return [first, await client.command("X").catch((thrown: unknown) => thrown)];
  });
  expect(leaves(error).map(String).join()).toMatch(message);
  expect(leaves(later).some((leaf) => isError(leaf, "ClosedResourceError"))).toBe(true);
});

test("redis: a cancelled command closes the connection, for its reply may still come", async () => {
  const scope = new CancelScope();
  const later = await run(() =>
    serving(
      (listener) =>
        listener.serve(async (stream) => {
          await stream.receive();
          scope.cancel();
          await sleepForever();
        }),
      async (port) => {
        await using client = new RedisClient(await connectTo(port));
        await scope.run(() => client.command("X"));
        return await client.command("Y").catch((error: unknown) => leaves(error));
      },
    ),
  );
  expect((later as unknown[]).every((leaf) => isError(leaf, "ClosedResourceError"))).toBe(true);
});

test("redis: tasks share a client, each has its own replies; a pipeline may be larger than buffers", async () => {
  const count = 20_000;
  const result = await run(() =>
    serving(
      // Answers each command with its last word.
      (listener) =>
        listener.serve(async (stream) => {
          const buffered = new BufferedByteStream(stream);
          const crlf = bytes("\r\n");
          const line = async (): Promise<Uint8Array> => buffered.receiveUntil(crlf, 1024);
          for (;;) {
            const first = await line().catch(() => undefined);
            if (first === undefined) return;
            let word = new Uint8Array();
            for (let left = Number(new TextDecoder().decode(first).slice(1)); left > 0; left--) {
              await line();
              word = Uint8Array.from(await line());
            }
            await buffered.send(bytes(`+${new TextDecoder().decode(word)}\r\n`));
          }
        }),
      async (port) => {
        await using client = new RedisClient(await connectTo(port));
        const commands = (name: string): Command[] =>
          Array.from({ length: count }, (_, at) => ["ECHO", `${name}${String(at)}`]);
        return await taskGroup(async (group) => {
          const tasks = ["a", "b"].map((name) => group.spawn(() => client.pipeline(commands(name))));
          return Promise.all(tasks.map((task) => task.result()));
        });
      },
    ),
  );
  const shown = result.map((replies) => [replies.length, show(replies.at(-1) ?? null)]);
  expect(shown).toEqual([
    [count, `a${String(count - 1)}`],
    [count, `b${String(count - 1)}`],
  ]);
});

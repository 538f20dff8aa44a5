// Plays our client of Redis through against a server: `redis-session.ts PORT`. Throws where an answer is not as it should be.
import { connectTcp, host, leaves, isError, main, taskGroup } from "arborio";
import { RedisClient, type Command } from "../../../examples/redis/client.ts";
import { RedisError, show } from "../../../examples/redis/replies.ts";

const PIPELINED = 100_000;

const connect = async (): Promise<RedisClient> =>
  new RedisClient(await connectTcp("127.0.0.1", Number(host().args[0])));

function equal(what: string, actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${what}: expected ${should}, received ${is}`);
}

/** Commands, and their replies as a person reads them. */
const commands: readonly (readonly [Command, string])[] = [
  [["PING"], "PONG"],
  [["SET", "k", "värde"], "OK"],
  [["GET", "k"], "värde"],
  [["GET", "nothing"], "(nil)"],
  [["INCR", "n"], "1"],
  [["INCRBY", "n", "9223372036854775806"], "9223372036854775807"],
  [["RPUSH", "list", "a", "", "c"], "3"],
  [["LRANGE", "list", 0, -1], "[a, , c]"],
  [["LRANGE", "nothing", 0, -1], "[]"],
  [["BLPOP", "nothing", "0.01"], "(nil)"],
  [
    ["EVAL", "return {1, {'two', {3, false}}, redis.error_reply('ERR no')}", 0],
    "[1, [two, [3, (nil)]], (error) ERR no]",
  ],
];

async function answers(client: RedisClient): Promise<void> {
  for (const [command, shown] of commands)
    equal(command.join(" "), show(await client.command(...command)), shown);
  const error = await client.command("INCR", "k").catch((thrown: unknown) => thrown);
  equal("an error", error instanceof RedisError, true);
  equal("after it", await client.command("PING"), "PONG");
}

async function binary(client: RedisClient): Promise<void> {
  const bytes = crypto.getRandomValues(new Uint8Array(65_536)).fill(13, 0, 3).fill(10, 1, 2).fill(0, 9, 20);
  const large = new Uint8Array(128 * 65_536);
  for (let at = 0; at < large.length; at += bytes.length) large.set(bytes, at);
  await client.command("SET", "large", large);
  const got = await client.command("GET", "large");
  equal("a large value", got instanceof Uint8Array && got.every((byte, at) => byte === large[at]), true);
}

async function pipeline(client: RedisClient): Promise<number> {
  const began = performance.now();
  const replies = await client.pipeline(Array.from({ length: PIPELINED }, () => ["INCR", "count"]));
  equal(
    "a pipeline",
    replies.every((reply, at) => reply === at + 1),
    true,
  );
  return (performance.now() - began) / 1000;
}

/** Each has its own replies. */
async function shared(client: RedisClient): Promise<void> {
  await taskGroup((group) => {
    for (let n = 0; n < 100; n++)
      group.spawn(async () => equal("shared", show(await client.command("ECHO", n)), String(n)));
  });
}

async function killed(client: RedisClient): Promise<void> {
  await using victim = await connect();
  const id = show(await victim.command("CLIENT", "ID"));
  await taskGroup(async (group) => {
    const waiting = group.spawn(() =>
      victim.command("BLPOP", "nothing", "0").catch((error: unknown) => error),
    );
    while (!show(await client.command("CLIENT", "LIST")).includes("cmd=blpop"));
    await client.command("CLIENT", "KILL", "ID", id);
    const errors = leaves(await waiting.result());
    equal(
      "killed",
      errors.some((error) => isError(error, "IncompleteRead") || isError(error, "BrokenResourceError")),
      true,
    );
  });
}

await main(async () => {
  await using client = await connect();
  for (const part of [answers, binary, shared, killed]) await part(client);
  const seconds = await pipeline(client);
  console.log(`${String(PIPELINED)} pipelined commands in ${seconds.toFixed(2)} s`);
});

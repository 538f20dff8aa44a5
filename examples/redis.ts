/**
 * A small client of Redis: RESP2 on a buffered stream, with pipelining.
 *
 *     node redis.ts HOST PORT COMMAND [WORD…]
 */
import { connectTcp, host, main } from "arborio";
import { RedisClient } from "./redis/client.ts";
import { show } from "./redis/replies.ts";

async function program(): Promise<void> {
  const [name = "127.0.0.1", port = "6379", ...command] = host().args;
  await using client = new RedisClient(await connectTcp(name, Number(port)));
  console.log(show(await client.command(...command)));
}

if (import.meta.main) await main(program);

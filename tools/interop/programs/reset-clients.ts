// Connects to peers that reset, and says how sending and receiving ended, each with its cause: `reset-clients.ts PORT`.
import { connectTcp, host, isError, main, taskGroup, type TcpStream } from "arborio";

const ROUNDS = 20;
const STAGES = 4;

await main(async () => {
  const port = Number(host().args[0]);
  const ends = new Set<string>();
  for (let n = 0; n < ROUNDS * STAGES; n++) {
    const stage = n % STAGES;
    await using stream = await connectTcp("127.0.0.1", port);
    await stream.send(Uint8Array.of(stage));
    await taskGroup((group) => {
      group.spawn(async () => ends.add(`${String(stage)} receive ${await endOf(() => stream.receive())}`));
      group.spawn(async () => ends.add(`${String(stage)} send ${await flood(stream)}`));
    });
  }
  console.log([...ends].sort().join("\n"));
});

function flood(stream: TcpStream): Promise<string> {
  return endOf(() => stream.send(new Uint8Array(1 << 20)));
}

async function endOf(act: () => Promise<unknown>): Promise<string> {
  try {
    for (;;) await act();
  } catch (error) {
    const { name, cause } = error as Error;
    return isError(cause, "OSError") ? `${name} ${cause.code}` : name;
  }
}

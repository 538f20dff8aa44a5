// The server's side of the load: what a connection's first byte says is what it is served.
import { createTcpListener, main, sleep, type ByteStream } from "arborio";
import { echo } from "../../../examples/echo.ts";
import { measure } from "./measures.ts";

const modes: Readonly<Record<string, (stream: ByteStream) => Promise<void>>> = {
  echo,
  /** Reads nothing, for as long as it is looked at; so it never learns that the other side has gone. */
  idle: () => sleep(4_000),
  /** Sends without end. */
  flood: async (stream) => {
    for (const chunk = new Uint8Array(65_536); ;) await stream.send(chunk);
  },
  measure: async (stream) => stream.send(new TextEncoder().encode(JSON.stringify(await measure()))),
};

await main(async () => {
  await using listener = await createTcpListener({ backlog: 4096 });
  console.log(`load on port ${String(listener.localAddress.port)}`);
  await listener.serve(async (stream) => {
    const [first] = await stream.receive(1);
    const mode = Object.entries(modes).find(([name]) => name.charCodeAt(0) === first);
    await mode?.[1](stream);
  });
});

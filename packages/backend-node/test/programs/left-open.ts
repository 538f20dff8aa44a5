import { run } from "@arborio/core";
import { connectTcp, createTcpListener } from "@arborio/net";
import { backend } from "./backend.ts";

// Two ends of a connection, both used, and closed by nobody.
await run(
  async () => {
    const listener = await createTcpListener();
    const client = await connectTcp("127.0.0.1", listener.localAddress.port);
    const server = await listener.accept();
    await client.send(new Uint8Array(1));
    await server.send(await server.receive());
    await client.receive();
    await listener.close();
  },
  { backend },
);
console.log("done");

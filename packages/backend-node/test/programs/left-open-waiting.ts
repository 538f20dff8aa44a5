import { moveOnAfter } from "@arborio/cancellation";
import { run } from "@arborio/core";
import { connectTcp, createTcpListener, createUdpSocket } from "@arborio/net";
import { backend } from "./backend.ts";

// What is asked still when its wait was cancelled, and closed by nobody.
await run(
  async () => {
    const listener = await createTcpListener();
    const client = await connectTcp("127.0.0.1", listener.localAddress.port);
    await listener.accept();
    await moveOnAfter(1, () => listener.accept());
    await moveOnAfter(1, () => client.receive());
    if (backend.net!.udp === undefined) return;
    const socket = await createUdpSocket({ host: "127.0.0.1" });
    await moveOnAfter(1, () => socket.receive());
  },
  { backend },
);
console.log("done");

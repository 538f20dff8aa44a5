import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A port of the loopback that was free just now. */
export async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return String(port);
}

/** For programs that do not say when they listen: asks until one does, for at most 10 s. */
export async function untilListening(port: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const socket = connect(Number(port), "127.0.0.1");
    try {
      await once(socket, "connect");
      return;
    } catch (error) {
      if (attempt === 100) throw error;
      await sleep(100);
    } finally {
      socket.destroy();
    }
  }
}

import type { AddressInfo, Server, Socket } from "node:net";
import type { Program } from "../../program.ts";
import { AT_ONCE, CHUNK, MESSAGE } from "../sizes.ts";

/** `node:net`, or `node:tls`. */
export interface NodeTransport {
  createServer(onSocket: (socket: Socket) => void): Server;
  connect(port: number, onConnect: () => void): Socket;
}

const message = new Uint8Array(MESSAGE);
const chunk = new Uint8Array(CHUNK);

/** As its documentation has it: callbacks for data, no promise a message. */
export function roundTrip(transport: NodeTransport): Program {
  const server = (): Server =>
    transport.createServer((socket) => socket.on("data", (bytes) => socket.write(bytes)));
  return {
    runtime: "node",
    run: (n) =>
      serving(server(), (port, resolve, reject) => {
        let done = 0;
        const client = transport.connect(port, () => client.write(message)).on("error", reject);
        onMessage(client, () => {
          if (++done < n) client.write(message);
          else client.end();
        });
        client.on("close", () => resolve(done));
      }),
  };
}

export function throughput(transport: NodeTransport): Program {
  return {
    runtime: "node",
    run(n) {
      let received = 0;
      const server = transport.createServer((socket) => {
        socket.on("data", (bytes) => (received += bytes.length));
      });
      return serving(server, (port, resolve, reject) => {
        let left = n;
        const write = (): void => {
          while (left > 0) {
            left--;
            if (!client.write(chunk)) return;
          }
          client.end();
        };
        // It closes when the server, having read all, has ended too.
        const client = transport.connect(port, write).on("error", reject).on("drain", write).resume();
        client.on("close", () => resolve(received / CHUNK));
      });
    },
  };
}

export function connections(transport: NodeTransport): Program {
  const server = (): Server =>
    transport.createServer((socket) => onMessage(socket, () => socket.write(message)));
  return {
    runtime: "node",
    run: (n) =>
      serving(server(), (port, resolve, reject) => {
        let [left, done] = [n, 0];
        const open = (): void => {
          if (left-- <= 0) return;
          const client = transport.connect(port, () => client.write(message)).on("error", reject);
          onMessage(client, () => client.end());
          client.on("close", () => {
            if (++done === n) resolve(done);
            else open();
          });
        };
        for (let i = 0; i < AT_ONCE; i++) open();
      }),
  };
}

/** Runs `client` beside a server, and stops the server after it. */
function serving(
  server: Server,
  client: (port: number, resolve: (value: number) => void, reject: (error: Error) => void) => void,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const end = (done: number): void => void server.close(() => resolve(done));
    server.on("error", reject).listen(0, "127.0.0.1", () => {
      client((server.address() as AddressInfo).port, end, reject);
    });
  });
}

/** A message may come in pieces. */
function onMessage(socket: Socket, act: () => void): void {
  let received = 0;
  socket.on("data", (bytes) => {
    received += bytes.length;
    if (received < MESSAGE) return;
    received -= MESSAGE;
    act();
  });
}

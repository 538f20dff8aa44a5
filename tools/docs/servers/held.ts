// Preloaded into a program that serves: says where it listens, and, if HOLD is 1, holds what it connects itself until stdin
// ends. So its servers can be attacked while they serve, and its own client is then the good one.
import { Socket as UdpSocket } from "node:dgram";
import { Server, Socket } from "node:net";

type Call = () => unknown;

const say = (what: string, where: unknown): void =>
  void process.stdout.write(`@${what} ${JSON.stringify(where)}\n`);
const released = new Promise<void>((resolve) => process.stdin.once("end", resolve).resume());

/** Calls `instead` in place of a method: with what it is called on, its arguments, and the call itself. */
function around<T extends object>(
  { prototype }: { readonly prototype: T },
  name: string,
  instead: (self: T, args: readonly unknown[], call: Call) => unknown,
): void {
  const methods = prototype as Record<string, (this: T, ...args: unknown[]) => unknown>;
  const method = methods[name]!;
  methods[name] = function (...args) {
    return instead(this, args, () => method.apply(this, args));
  };
}

/** Datagrams from where no answer can go, which only raw sockets send: from no port, and from everybody. */
function forgeTo(sockets: readonly UdpSocket[]): void {
  for (const [address, port] of [
    ["127.0.0.1", 0],
    ["255.255.255.255", 9],
  ] as const) {
    const from = { address, port, family: "IPv4", size: 1 } as const;
    for (const socket of sockets) socket.emit("message", Buffer.of(255), from);
  }
}

around(Server, "listen", (server, _, listen) => {
  server.once("listening", () => say("listens", server.address()));
  return listen();
});

const bound: UdpSocket[] = [];
around(UdpSocket, "bind", (socket, _, bind) => {
  bound.push(socket);
  socket.once("listening", () => say("udp", socket.address()));
  return bind();
});

function hold(socket: object, args: readonly unknown[], connect: Call): object {
  const { path } = Object(args.flat()[0]) as { path?: string };
  say("held", { path });
  forgeTo(bound.filter((other) => other !== socket));
  void released.then(connect);
  return socket;
}

if (process.env["HOLD"] === "1") {
  around(Socket, "connect", hold);
  around(UdpSocket, "connect", hold);
}

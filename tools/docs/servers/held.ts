// Preloaded into a program that serves: says where it listens, and, if HOLD is 1, holds what it connects itself until stdin
// ends. So its servers can be attacked while they serve, and its own client is then the good one.
import { Socket as UdpSocket } from "node:dgram";
import { Server, Socket } from "node:net";

const say = (what: string, where: unknown): void =>
  void process.stdout.write(`@${what} ${JSON.stringify(where)}\n`);
const released = new Promise<void>((resolve) => process.stdin.once("end", resolve).resume());

const { listen } = Server.prototype;
Server.prototype.listen = function (this: Server, ...args: never[]) {
  this.once("listening", () => say("listens", this.address()));
  return listen.apply(this, args as never);
} as typeof listen;

const bound: UdpSocket[] = [];
const { bind } = UdpSocket.prototype;
UdpSocket.prototype.bind = function (this: UdpSocket, ...args: never[]) {
  bound.push(this);
  this.once("listening", () => say("udp", this.address()));
  return bind.apply(this, args as never);
} as typeof bind;

/** Datagrams from where no answer can go, which only raw sockets send: from no port, and from everybody. */
function forge(): void {
  for (const [address, port] of [
    ["127.0.0.1", 0],
    ["255.255.255.255", 9],
  ] as const) {
    const from = { address, port, family: "IPv4", size: 1 } as const;
    for (const socket of bound) socket.emit("message", Buffer.of(255), from);
  }
}

if (process.env["HOLD"] === "1") {
  for (const { prototype } of [Socket, UdpSocket] as {
    prototype: { connect(...args: unknown[]): unknown };
  }[]) {
    const { connect } = prototype;
    prototype.connect = function (...args) {
      const [first] = args.flat();
      say("held", Object(first) === first ? { path: (first as { path?: string }).path } : {});
      forge();
      void released.then(() => connect.apply(this, args));
      return this;
    };
  }
}

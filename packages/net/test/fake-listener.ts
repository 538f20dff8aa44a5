import { OSError, type RawListener, type SocketAddress } from "@arborio/core/backend";
import type { FakeSocket } from "./fake-net.ts";

interface Accept {
  resolve(socket: FakeSocket): void;
  reject(error: unknown): void;
}

/** A listener whose connections, and refusals, arrive when the test says so. */
export class FakeListener implements RawListener {
  readonly localAddress: SocketAddress;
  readonly handle: unknown = this;
  closed = false;
  /** How often it was asked for a connection. */
  asked = 0;
  private readonly arrived: (FakeSocket | string)[] = [];
  private accepting: Accept | undefined;

  constructor(localAddress: SocketAddress = { address: "127.0.0.1", port: 7, family: "ipv4" }) {
    this.localAddress = localAddress;
  }

  /** Whether it is being asked. */
  get busy(): boolean {
    return this.accepting !== undefined;
  }

  /** @param next a connection, or the code of what accept fails with */
  arrive<T extends FakeSocket | string>(next: T): T {
    this.arrived.push(next);
    this.deliver();
    return next;
  }

  accept(): Promise<FakeSocket> {
    this.asked++;
    return new Promise((resolve, reject) => {
      this.accepting = { resolve, reject };
      this.deliver();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const one of this.arrived.splice(0)) if (typeof one !== "string") void one.close({ abort: true });
    this.deliver();
  }

  private deliver(): void {
    const { accepting } = this;
    const next = this.closed ? "EBADF" : this.arrived.shift();
    if (accepting === undefined || next === undefined) return this.putBack(next);
    this.accepting = undefined;
    if (typeof next === "string") accepting.reject(new OSError({ code: next, syscall: "accept" }));
    else accepting.resolve(next);
  }

  private putBack(next: FakeSocket | string | undefined): void {
    if (next !== undefined && !this.closed) this.arrived.unshift(next);
  }
}

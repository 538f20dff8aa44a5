import {
  OSError,
  type NetBackend,
  type RawDatagram,
  type RawUdpOptions,
  type RawUdpSocket,
} from "@arborio/core/backend";
import { simulation } from "@arborio/testing";
import { fakeNet } from "./fake-net.ts";

const PEER = { address: "127.0.0.1", port: 9, family: "ipv4" } as const;

/** A UDP socket whose operations end when the test says so. */
export class FakeUdpSocket implements RawUdpSocket {
  readonly localAddress = { address: "127.0.0.1", port: 7, family: "ipv4" } as const;
  readonly handle = undefined;
  dropped = 0;
  closed = false;
  /** What was sent, and to where. */
  readonly sent: string[] = [];
  /** Sends wait for this. */
  taking: Promise<void> = Promise.resolve();
  private receiving: { resolve(datagram: RawDatagram): void; reject(error: unknown): void } | undefined;

  receive(): Promise<RawDatagram> {
    return new Promise((resolve, reject) => (this.receiving = { resolve, reject }));
  }

  arrive(byte: number): void {
    this.receiving?.resolve({ bytes: Uint8Array.of(byte), from: PEER });
  }

  fail(code: string): void {
    this.receiving?.reject(new OSError({ code, syscall: "receive" }));
  }

  async send(bytes: Uint8Array, to?: { readonly address: string; readonly port: number }): Promise<void> {
    this.sent.push(
      `${String(bytes)} to ${to === undefined ? "the peer" : `${to.address} ${String(to.port)}`}`,
    );
    await this.taking;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.receiving?.reject(new OSError({ code: "EBADF", syscall: "receive" }));
  }
}

/** A backend with UDP that `open` opens. */
export function udpBackend(
  open: (options: RawUdpOptions) => Promise<RawUdpSocket>,
  net: Partial<NetBackend> = {},
): ReturnType<typeof simulation> {
  return simulation({
    backend: { name: "fake", net: { ...fakeNet({}), udp: { open }, ...net } },
    patience: 20,
  });
}

import type { Backend } from "@arborio/core/backend";
import {
  createMultiListener,
  createTcpListener,
  type MultiListener,
  type TcpListener,
  type TcpStream,
} from "@arborio/net";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { FakeListener } from "./fake-listener.ts";
import { fakeNet } from "./fake-net.ts";

/** A backend on which that is what listens. */
export function listeningOn(raw: FakeListener): Backend {
  return { name: "fake", net: fakeNet({ listener: raw }) };
}

/** Real ms that a pending accept of the fake holds the virtual clock. */
export const PATIENCE = 5;

export interface Given {
  readonly raw: FakeListener;
  readonly listener: TcpListener;
}

/** A test with a listener over a fake one, in virtual time; it is closed after it. */
export function serving(title: string, fn: (given: Given) => unknown): void {
  let raw: FakeListener;
  const backend = (): Backend => {
    raw = new FakeListener();
    return simulation({ backend: listeningOn(raw), patience: PATIENCE });
  };
  createTest({ backend })(title, async () => {
    const listener = await createTcpListener();
    try {
      await fn({ raw, listener });
    } finally {
      await listener.close();
    }
  });
}

export interface GivenSeveral {
  readonly raws: readonly FakeListener[];
  readonly both: MultiListener<TcpStream>;
}

/** A test with one listener of two over fake ones, in virtual time; it is closed after it. */
export function servingSeveral(title: string, fn: (given: GivenSeveral) => unknown): void {
  let raws: FakeListener[];
  const backend = (): Backend => {
    raws = [];
    const listenTcp = async (): Promise<FakeListener> => {
      const raw = new FakeListener();
      raws.push(raw);
      return raw;
    };
    const net = { ...fakeNet({}), listenTcp };
    return simulation({ backend: { name: "fake", net }, patience: PATIENCE });
  };
  createTest({ backend })(title, async () => {
    await using both = createMultiListener<TcpStream>([await createTcpListener(), await createTcpListener()]);
    await fn({ raws, both });
  });
}

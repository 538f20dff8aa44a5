import { run, type RootHandle } from "@arborio/core";
import type { Backend } from "@arborio/core/backend";
import { createTcpListener, type TcpListener } from "@arborio/net";
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

/** Runs it with a listener over a fake one, outside any test. */
export function runServing(fn: (given: Given, root: RootHandle) => Promise<void>): Promise<void> {
  const raw = new FakeListener();
  const backend = simulation({ backend: listeningOn(raw), patience: PATIENCE });
  return run(async (root) => fn({ raw, listener: await createTcpListener() }, root), { backend });
}

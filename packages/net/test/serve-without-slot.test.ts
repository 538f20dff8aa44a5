// Serving on a runtime without an ambient context: by `{ signal }`.
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { run, sleep, type WaitOptions } from "@arborio/core";
import { addInstrument } from "@arborio/core/debug";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import { createMultiListener, createTcpListener, type TcpStream } from "@arborio/net";
import { BufferedByteStream } from "@arborio/streams";
import { simulation } from "@arborio/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ScriptedSocket } from "./contained.ts";
import { FakeListener } from "./fake-listener.ts";
import { fakeNet, FakeSocket } from "./fake-net.ts";
import { listeningOn, PATIENCE } from "./serving.ts";

const OTHER = { address: "127.0.0.1", port: 8, family: "ipv4" } as const;

describe("without an ambient slot", () => {
  const warn = vi.spyOn(console, "warn");
  beforeAll(() => setAmbientSlot(null));
  afterAll(() => setAmbientSlot(undefined));
  beforeEach(() => void warn.mockReset().mockImplementation(() => undefined));
  afterAll(() => warn.mockRestore());

  /** Serves two connections, one of them twice refused, until the scope is cancelled; closes them. */
  async function serveUntilCancelled(
    signal: AbortSignal,
    scope: CancelScope,
  ): Promise<readonly FakeSocket[]> {
    const sockets = raws.map((raw) => {
      raw.arrive("EMFILE");
      return raw.arrive(new FakeSocket());
    });
    let served = 0;
    const handler = async (stream: TcpStream, task: WaitOptions): Promise<void> => {
      if (++served === sockets.length) scope.cancel();
      await stream.receive(1, task);
    };
    const listeners = raws.map(() => createTcpListener({ signal }));
    const all = createMultiListener<TcpStream>(await Promise.all(listeners));
    try {
      await all.serve(handler, { limit: 2, grace: 10, onError: () => {}, signal });
    } finally {
      all.closeForcefully();
    }
    return sockets;
  }

  let raws: FakeListener[];

  test("C17: serve ends by the signal of a scope of ours, in the time of its run", async () => {
    raws = [new FakeListener(), new FakeListener()];
    const left = [...raws];
    const net = { ...fakeNet({}), listenTcp: async () => left.shift()! };
    const backend = simulation({ backend: { name: "fake", net }, patience: PATIENCE });
    const began = backend.clock!.now();
    const scope = new CancelScope();
    await run(({ signal }) => scope.run((own) => serveUntilCancelled(own.signal, scope), { signal }), {
      backend,
    });
    expect([scope.cancelledCaught, backend.clock!.now() - began]).toEqual([true, 100]);
    expect(raws.map(({ closed }) => closed)).toEqual([true, true]);
    expect(warn).not.toHaveBeenCalled();
  });

  test("T18: onError is told of a Cancelled that came through a shared promise; the others live", async () => {
    const raw = new FakeListener();
    const backend = simulation({ backend: listeningOn(raw), patience: PATIENCE });
    const [log, told]: unknown[][] = [[], []];
    let loading: Promise<void> | undefined;
    const load = ({ signal }: WaitOptions): Promise<void> => (loading ??= sleep(1_000, { signal }));
    const handlers = [
      (task: WaitOptions) => moveOnAfter(50, load, task).then(() => log?.push("first")),
      (task: WaitOptions) => sleep(10, task).then(() => load(task)),
      (task: WaitOptions) => sleep(100, task).then(() => log?.push("third")),
    ];
    for (let count = 0; count < handlers.length; count++) raw.arrive(new FakeSocket());
    const serve = async ({ signal }: WaitOptions): Promise<void> => {
      const listener = await createTcpListener({ signal });
      const onError = (error: unknown): unknown => told?.push(error);
      const handler = (_: TcpStream, task: WaitOptions): unknown => handlers.shift()?.(task);
      await moveOnAfter(200, (scope) => listener.serve(handler, { onError, signal: scope.signal }), {
        signal,
      });
      listener.closeForcefully();
    };
    await run(serve, { backend });
    expect(log).toEqual(["first", "third"]);
    expect(told).toMatchObject([{ code: "ERR_TASK_CANCELLED", cause: { of: "handler" } }]);
    expect(warn).not.toHaveBeenCalled();
  });

  test("M8: an error of a connection ends that alone, and the instruments are told of its task", async () => {
    const raw = new FakeListener();
    const sockets = [raw.arrive(new ScriptedSocket("line", "RST")), raw.arrive(new FakeSocket(OTHER))];
    const backend = simulation({
      backend: { name: "fake", net: fakeNet({ listener: raw }) },
      patience: PATIENCE,
    });
    const told: unknown[] = [];
    const remove = addInstrument({ errorContained: ({ task }) => void told.push(task?.name) });
    await run(
      async ({ signal }) => {
        const listener = await createTcpListener({ signal });
        const handler = async (stream: TcpStream, task: WaitOptions): Promise<void> => {
          if (stream.remoteAddress.port === 8) await sleep(5, task).then(() => listener.close(task));
          else await new BufferedByteStream(stream).receiveExactly(9, task);
        };
        await listener.serve(handler, { signal });
      },
      { backend },
    );
    remove();
    expect([told, sockets.map(({ closed }) => closed)]).toEqual([["handler"], ["closed", "closed"]]);
    expect(warn).not.toHaveBeenCalled();
  });
});

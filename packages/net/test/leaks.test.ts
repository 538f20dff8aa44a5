import { run } from "@arborio/core";
import { createMultiListener, createTcpListener, type TcpStream } from "@arborio/net";
import type { Listener } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect, test } from "vitest";
import { growth, MOST } from "../../testing/test/heap-growth.ts";
import { FakeListener } from "./fake-listener.ts";
import { FakeSocket } from "./fake-net.ts";
import { listeningOn } from "./serving.ts";

/** How many MB the heap grows by in so many connections, each served before the next comes. */
async function grown(count: number, listen: () => Promise<Listener<TcpStream>>): Promise<number> {
  const raw = new FakeListener();
  let result = NaN;
  const program = async (): Promise<void> => {
    const listener = await listen();
    let served = (): void => {};
    await taskGroup(async (group) => {
      group.spawn(() => listener.serve(() => served(), { limit: 3, onError: () => {} }));
      result = await growth(count, async () => {
        const over = new Promise<void>((resolve) => (served = resolve));
        raw.arrive(new FakeSocket());
        await over;
      });
      await listener.close();
    });
  };
  await run(program, { backend: listeningOn(raw) });
  return result;
}

test(
  "F3: 1e5 connections served leave the heap flat, of one listener and of several",
  { timeout: 120_000 },
  async () => {
    expect(await grown(100_000, () => createTcpListener())).toBeLessThan(MOST);
    const several = async (): Promise<Listener<TcpStream>> =>
      createMultiListener<TcpStream>([await createTcpListener()]);
    expect(await grown(100_000, several)).toBeLessThan(MOST);
  },
);

test("F3: 1e5 connections accepted from several leave the heap flat", { timeout: 120_000 }, async () => {
  const raw = new FakeListener();
  const program = async (): Promise<void> => {
    await using both = createMultiListener<TcpStream>([await createTcpListener()]);
    const step = async (): Promise<void> => {
      raw.arrive(new FakeSocket());
      await (await both.accept()).close();
    };
    expect(await growth(100_000, step)).toBeLessThan(MOST);
  };
  await run(program, { backend: listeningOn(raw) });
});

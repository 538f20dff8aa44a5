import { run } from "@arborio/core";
import { OSError, type UnixBackend } from "@arborio/core/backend";
import { createUnixListener, type UnixListener } from "@arborio/net";
import { expect, test } from "vitest";
import { fakeListener, fakeNet, FakeSocket } from "./fake-net.ts";

const PATH = "/d/x";

/** A socket of the file system. */
interface Socket {
  readonly identity: string;
  listens: boolean;
}

interface Step {
  readonly starter: Starter;
  act(): void;
}

/** One that may die at any step: what it has listened on then listens no more, and no name is removed. */
class Starter {
  dead = false;
  readonly own: Socket[] = [];
  outcome: UnixListener | string | undefined;

  die(): void {
    this.dead = true;
    for (const socket of this.own) socket.listens = false;
  }
}

/** A directory, in which the steps of its users come one by one, in an order that the seed decides. */
class Directory {
  readonly names = new Map<string, Socket>();
  private readonly steps: Step[] = [];
  private readonly reuse: boolean;
  private made = 1;
  private state: number;

  /** @param reuse identities are used again as soon as they can be, which is harder than what systems do */
  constructor(seed: number, reuse: boolean) {
    this.state = seed + 1;
    this.reuse = reuse;
  }

  make(): Socket {
    const used = new Set([...this.names.values()].map(({ identity }) => identity));
    let number = this.reuse ? 1 : ++this.made;
    while (used.has(String(number))) number++;
    return { identity: String(number), listens: true };
  }

  random(below: number): number {
    this.state = (Math.imul(this.state, 1_103_515_245) + 12_345) >>> 0;
    return (this.state >>> 8) % below;
  }

  /** Lets one of those that wait take its step. */
  async next(): Promise<boolean> {
    for (let i = 0; i < 40; i++) await Promise.resolve();
    // A root that has held the event loop for long goes on in a macrotask.
    for (let i = 0; i < 5 && this.steps.length === 0; i++) await new Promise(setImmediate);
    const [step] = this.steps.splice(this.random(this.steps.length || 1), 1);
    if (step?.starter.dead === false) step.act();
    return step !== undefined;
  }

  unixOf(starter: Starter): UnixBackend {
    const step = <T>(syscall: string, act: () => T): Promise<T> =>
      new Promise((resolve, reject) => {
        const run = (): void => {
          try {
            resolve(act());
          } catch (code) {
            reject(new OSError({ code: String(code), syscall }));
          }
        };
        this.steps.push({ starter, act: run });
      });
    const at = (path: string): Socket | undefined => this.names.get(path);
    return {
      listen: async ({ path }) => {
        const socket = await step("listen", () => this.make());
        starter.own.push(socket);
        await step("link", () => {
          if (at(path) !== undefined) throw "EADDRINUSE";
          this.names.set(path, socket);
        });
        const close = (): Promise<void> =>
          step("close", () => {
            if (at(path) === socket) this.names.delete(path);
            socket.listens = false;
          });
        return { ...fakeListener([]), localAddress: { path }, handle: socket, close } as never;
      },
      connect: (path) =>
        step("connect", () => {
          if (at(path) === undefined) throw "ENOENT";
          if (!at(path)!.listens) throw "ECONNREFUSED";
          return new FakeSocket() as never;
        }),
      identify: (path) => step("identify", () => at(path)?.identity),
      remove: (path, identity) =>
        step("remove", () => {
          if (at(path)?.identity === identity) this.names.delete(path);
        }),
    };
  }
}

/** Starters over a socket that was left; each may die with that probability at each step. */
async function start(
  seed: number,
  count: number,
  deaths: number,
  reuse = true,
): Promise<[Directory, Starter[]]> {
  const directory = new Directory(seed, reuse);
  directory.names.set(PATH, { identity: "1", listens: false });
  const starters = Array.from({ length: count }, () => new Starter());
  for (const starter of starters) {
    const backend = { name: "fake", net: { ...fakeNet({}), unix: directory.unixOf(starter) } };
    const ended = run(() => createUnixListener(PATH), { backend });
    ended.then(
      (listener) => void (starter.outcome = listener),
      (error: OSError) => void (starter.outcome = error.code),
    );
  }
  while (await directory.next()) {
    const starter = starters[directory.random(count)]!;
    if (starter.outcome === undefined && directory.random(1_000) < deaths) starter.die();
  }
  return [directory, starters.filter(({ dead }) => !dead)];
}

const listening = ({ outcome }: Starter): boolean => typeof outcome === "object";

for (const count of [2, 3, 4]) {
  test(`of ${String(count)} that start over a socket that was left, in any order one listens, and no claim is left`, async () => {
    for (let seed = 0; seed < 150; seed++) {
      const [directory, starters] = await start(seed, count, 0);
      const outcomes = starters.map((one) => (listening(one) ? "listening" : one.outcome)).sort();
      const expected = [...Array(count - 1).fill("EADDRINUSE"), "listening"];
      expect(outcomes, `seed ${String(seed)}`).toEqual(expected);
      expect([...directory.names.keys()], `seed ${String(seed)}`).toEqual([PATH]);
      expect(directory.names.get(PATH)!.listens).toBe(true);
    }
  });
}

test("where some of four die at any step, never do two listen, and the path is whose listens", async () => {
  let died = 0;
  for (let seed = 0; seed < 400; seed++) {
    const [directory, alive] = await start(seed, 4, 30);
    died += 4 - alive.length;
    const winners = alive.filter(listening);
    expect(winners.length, `seed ${String(seed)}`).toBeLessThan(2);
    for (const { own } of winners) expect(own, `seed ${String(seed)}`).toContain(directory.names.get(PATH));
  }
  expect(died).toBeGreaterThan(100);
});

test("what died in any way does not keep the next from its path", async () => {
  for (let seed = 0; seed < 200; seed++) {
    const [directory, alive] = await start(seed, 3, 60, false);
    for (const starter of alive) starter.die();
    const starter = new Starter();
    const backend = { name: "fake", net: { ...fakeNet({}), unix: directory.unixOf(starter) } };
    const attempt = run(() => createUnixListener(PATH), { backend });
    while (await directory.next());
    expect(typeof (await attempt), `seed ${String(seed)}`).toBe("object");
  }
});

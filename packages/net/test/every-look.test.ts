// What has no look of its own between two others is what a deadline can pass in: on sockets that keep what they are asked for.
import { abortable, shield } from "@arborio/cancellation";
import { isError } from "@arborio/core";
import { OSError } from "@arborio/core/backend";
import { connectTcp } from "@arborio/net";
import type { ByteStream } from "@arborio/streams";
import { deadlineAtEveryLook, simulation } from "@arborio/testing";
import { describe, expect, test } from "vitest";
import { fakeNet, FakeTls, fakeTls } from "./fake-net.ts";
import { underDeadline } from "../../testing/test/under-deadline.ts";

/** A turn of the event loop, outside of the library's. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A connection, of TCP or TLS, whose operations end a turn later: well, or, once it is closed, not. */
class Slow extends FakeTls {
  readonly begun: string[] = [];

  override write(): Promise<void> {
    return this.begin("write");
  }

  override shutdown(): Promise<void> {
    return this.begin("shutdown");
  }

  private async begin(syscall: string): Promise<void> {
    this.begun.push(syscall);
    await turn();
    if (this.closed !== "no") throw new OSError({ code: "EBADF", syscall });
  }
}

type Use = (stream: ByteStream, raw: Slow) => Promise<void>;

let socket: Slow;
let secure: Slow;
const kinds: Readonly<Record<string, (use: Use) => Promise<void>>> = {
  TCP: async (use) => use(await shield(() => connectTcp("h", 1)), socket),
  TLS: async (use) => use(await shield(() => connectTcp("h", 1, { tls: true })), secure),
};

const fake = { name: "fake", net: fakeNet({}) };
const clocks = {
  "the real clock": () => ({ ...fake, net: fresh() }),
  "a virtual clock": () => simulation({ backend: { ...fake, net: fresh() }, patience: 5 }),
};

function fresh(): typeof fake.net {
  [socket, secure] = [new Slow(), new Slow()];
  return fakeNet({ connectTcp: async () => socket, tls: fakeTls([], secure) });
}

describe.each(Object.entries(clocks))("a deadline that passes at any look at %s", (_, backend) => {
  describe.each(Object.entries(kinds))("%s", (_, connected) => {
    const everyLook = (title: string, use: Use): void =>
      test(title, async () => {
        expect(await deadlineAtEveryLook(() => connected(use), { backend })).toBeGreaterThan(0);
      });

    everyLook(
      "M7: a send is begun, and then later ones are refused, or it has never been",
      async (stream, raw) => {
        await underDeadline(
          () => stream.send(Uint8Array.of(1)),
          async (done) => {
            const begun = raw.begun.length === 1;
            const later = await errorOf(stream.send(Uint8Array.of(2)));
            if (begun && !done) expect(isError(later, "BrokenResourceError")).toBe(true);
            else expect(later).toBe(undefined);
          },
        );
        await stream.close();
      },
    );

    everyLook("the failure of a send that was left is no unhandled rejection", async (stream) => {
      const sending = stream.send(Uint8Array.of(1)).catch(unlessBroken);
      stream.closeForcefully();
      await sending;
      await shield(() => abortable(turn()));
    });

    everyLook("M7: sendEof is said, and then nothing more, or never has been", async (stream, raw) => {
      await underDeadline(
        () => stream.sendEof(),
        async () => {
          const begun = raw.begun.length === 1;
          expect((await errorOf(stream.send(Uint8Array.of(2)))) !== undefined).toBe(begun);
        },
      );
      await stream.close();
    });

    everyLook("M5: close closes", async (stream, raw) => {
      await underDeadline(
        () => stream.close(),
        () => expect(raw.closed).not.toBe("no"),
      );
    });
  });
});

function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

function unlessBroken(error: unknown): void {
  if (!isError(error, "BrokenResourceError") && !isError(error, "ClosedResourceError")) throw error;
}

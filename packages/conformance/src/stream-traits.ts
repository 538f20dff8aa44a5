import { CancelScope, failAfter, moveOnAfter } from "@arborio/cancellation";
import { checkpoint, isCancelled, isError } from "@arborio/core";
import { equal, fails, ok } from "./assert.ts";
import { bytes, countReceived, receiveText, text, TOO_MUCH } from "./bytes.ts";
import { cancelWaiting, inCancelledScope } from "./cancelled.ts";
import type { PairTest } from "./stream-pair.ts";

const MEBIBYTE = 1 << 20;

/** What holds of every byte stream between two programs, besides the table. */
export function streamTraits(pair: PairTest): void {
  bytesTests(pair);
  endTests(pair);
  closingTests(pair);
  cancelledReceiveTests(pair);
}

function bytesTests(pair: PairTest): void {
  pair("what is sent arrives, both ways", async ({ client, server }) => {
    await client.send(bytes("ping"));
    equal(await receiveText(server, 4), "ping", "at the server");
    await server.send(bytes("pong"));
    equal(await receiveText(client, 4), "pong", "at the client");
  });

  pair("a mebibyte arrives as it was sent, both ways at once", async ({ client, server }) => {
    const sent = Uint8Array.from({ length: MEBIBYTE }, (_, i) => i * 31 + (i >> 8));
    const [atServer, atClient] = await Promise.all([
      receiveBytes(server, MEBIBYTE),
      receiveBytes(client, MEBIBYTE),
      client.send(sent),
      server.send(sent),
    ]);
    for (const received of [atServer, atClient])
      ok(
        received.every((byte, i) => byte === sent[i]),
        "every byte",
      );
  });

  pair("M4: both directions at once are not busy", async ({ client, server }) => {
    const receiving = client.receive();
    await client.send(bytes("a"));
    await server.send(bytes("b"));
    equal([text(await receiving), text(await server.receive())], ["b", "a"], "what arrived");
  });

  pair("a send waits until the peer reads", async ({ client, server }) => {
    const sending = client.send(new Uint8Array(TOO_MUCH)).then(() => client.sendEof());
    equal(await countReceived(server), TOO_MUCH, "bytes received");
    await sending;
  });

  pair("a receive that nothing comes for obeys a timeout", async ({ client }) => {
    await fails(
      failAfter(20, () => client.receive()),
      "TimeoutError",
      "failAfter",
    );
  });
}

function endTests(pair: PairTest): void {
  pair("a half-close ends one direction, either one; the other goes on", async (open) => {
    for (const [one, other] of [
      [open.client, open.server],
      [open.server, open.client],
    ] as const) {
      await one.send(bytes("last"));
      await one.sendEof();
      equal(await receiveText(other, 4), "last", "what was sent before");
      await fails(other.receive(), "EndOfStream", "after that");
      if (other === open.server) await other.send(bytes("still open"));
      else continue;
      equal(await receiveText(one, 10), "still open", "the other direction");
    }
  });

  pair("a loop over it gives chunks, and ends when the peer closes", async ({ client, server }) => {
    await server.send(bytes("all of it"));
    await server.close();
    let received = "";
    for await (const chunk of client) received += text(chunk) ?? "";
    equal(received, "all of it", "what came");
  });

  pair("M4: what breaks it is the cause, with the system's code", async (open) => {
    if (!open.resets) return;
    const waiting = fails(open.client.receive(), "BrokenResourceError", "receive");
    open.server.closeForcefully();
    const { cause } = await waiting;
    ok(isError(cause, "OSError") && cause.code === "ECONNRESET", `its cause, received ${String(cause)}`);
  });
}

function closingTests(pair: PairTest): void {
  pair("M5: close in a cancelled scope throws, and the connection is closed", async ({ client, server }) => {
    ok(isCancelled(await inCancelledScope(() => client.close())), "a Cancelled");
    await fails(client.receive(), "ClosedResourceError", "receive");
    await fails(server.receive(), "EndOfStream", "the peer");
  });

  pair(
    "M5: disposal in a cancelled scope does not throw; the next checkpoint does",
    async ({ client, server }) => {
      const scope = new CancelScope();
      await scope.run(async () => {
        scope.cancel();
        await client[Symbol.asyncDispose]();
        await fails(checkpoint(), "Cancelled", "the checkpoint");
      });
      await fails(server.receive(), "EndOfStream", "the peer");
    },
  );

  pair("M5: closing is idempotent, in any order", async ({ client }) => {
    await client.close();
    client.closeForcefully();
    await client[Symbol.asyncDispose]();
    await client.close();
  });

  pair("M5: closed forcefully while the end of sending is under way, it is released", async ({ client }) => {
    const ending = client.sendEof().catch(() => {});
    client.closeForcefully();
    equal(await moveOnAfter(5_000, () => client.close().then(() => "closed")), "closed", "the closing");
    await ending;
  });
}

function cancelledReceiveTests(pair: PairTest): void {
  pair(
    "M6: a cancelled receive loses no bytes, also when the next asks for fewer",
    async ({ client, server }) => {
      await cancelWaiting(() => server.receive(100));
      await client.send(bytes("abcdef"));
      equal(
        [await receiveText(server, 2), await receiveText(server, 4)],
        ["ab", "cdef"],
        "the next receives",
      );
      await cancelWaiting(() => server.receive());
      await client.send(bytes("g"));
      await client.sendEof();
      const rest = [];
      for await (const chunk of server) rest.push(text(chunk));
      equal(rest, ["g"], "the rest");
    },
  );

  pair("M6: many cancelled receives lose no bytes", async ({ client, server }) => {
    let received = "";
    for (let i = 0; i < 10; i++) {
      const scope = new CancelScope();
      const waiting = scope.run(() => server.receive());
      scope.cancel();
      // What had come before the cancellation is given all the same (C5).
      received += text((await waiting) ?? null) ?? "";
      await client.send(bytes(String(i)));
    }
    received += await receiveText(server, 10 - received.length);
    equal(received, "0123456789", "all of them");
  });

  pair("M6: the end that came for a cancelled receive is told to the next", async ({ client, server }) => {
    await cancelWaiting(() => server.receive());
    await client.sendEof();
    await fails(server.receive(), "EndOfStream", "the next");
  });
}

async function receiveBytes(stream: { receive(): Promise<Uint8Array> }, length: number): Promise<Uint8Array> {
  const received = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const chunk = await stream.receive();
    received.set(chunk, at);
    at += chunk.length;
  }
  return received;
}

import { CancelScope } from "@arborio/cancellation";
import { isCancelled, waitAllTasksBlocked } from "@arborio/core";
import type { TcpStream } from "@arborio/net";
import type { Listener } from "@arborio/streams";
import { equal, fails, ok } from "./assert.ts";
import { cancelWaiting, inCancelledScope } from "./cancelled.ts";
import { onEachKind, seesItsEnd, type Listening } from "./listening.ts";
import type { Register } from "./suite.ts";

/** `accept` in each state of the listener and of the scope. */
export function acceptStateTests(register: Register): void {
  const state = (title: string, fn: (given: Listening) => Promise<void>): void => {
    onEachKind(register, `accept: ${title}`, fn);
  };

  state("it gives a connection, which speaks both ways", async ({ listener, connect }) => {
    for (let i = 0; i < 4; i++) {
      const client = await connect();
      await expectAccepted(listener, client);
    }
  });

  state("C2: in a cancelled scope it throws, and accepts nothing", async ({ listener, connect }) => {
    const client = await connect();
    ok(isCancelled(await inCancelledScope(() => listener.accept())), "a Cancelled");
    await expectAccepted(listener, client);
  });

  state(
    "M6: a connection that comes for a cancelled call goes to the next",
    async ({ listener, connect }) => {
      for (let i = 0; i < 2; i++) await cancelWaiting(() => listener.accept());
      for (let i = 0; i < 2; i++) await expectAccepted(listener, await connect());
    },
  );

  state(
    "C5: cancelled as the connection comes, this call has it or the next",
    async ({ listener, connect }) => {
      for (let turns = 0; turns < 12; turns++) {
        const scope = new CancelScope();
        let accepted: TcpStream | undefined;
        const accepting = scope.run(async () => void (accepted = await listener.accept()));
        const client = await connect();
        for (let i = 0; i < turns; i++) await Promise.resolve();
        scope.cancel();
        await accepting;
        accepted ??= await listener.accept();
        equal(accepted.remoteAddress, client.localAddress, "who was accepted");
        await Promise.all([accepted.close(), client.close()]);
      }
    },
  );

  state("C17: a foreign signal ends it with its reason, and loses nothing", async ({ listener, connect }) => {
    const controller = new AbortController();
    const accepting = listener.accept({ signal: controller.signal }).catch((error: unknown) => error);
    controller.abort("enough");
    equal(await accepting, "enough", "the reason");
    await expectAccepted(listener, await connect());
  });

  state("M4: of a listener closed here it is ClosedResourceError", async ({ listener }) => {
    await listener.close();
    await fails(listener.accept(), "ClosedResourceError", "accept");
    await fails(
      listener.serve(() => {}),
      "ClosedResourceError",
      "serve",
    );
  });

  state("M4: closing while it waits wakes it with ClosedResourceError", async ({ listener }) => {
    const waiting = fails(listener.accept(), "ClosedResourceError", "accept");
    await waitAllTasksBlocked();
    await listener.close();
    await waiting;
  });

  state("M5: closeForcefully does so at once", async ({ listener }) => {
    const waiting = fails(listener.accept(), "ClosedResourceError", "accept");
    listener.closeForcefully();
    await waiting;
    await listener.close();
  });

  state("M4: a second task that accepts is told so; the first goes on", async ({ listener, connect }) => {
    const first = listener.accept();
    await fails(listener.accept(), "BusyResourceError", "the second");
    const client = await connect();
    const server = await first;
    equal(server.remoteAddress, client.localAddress, "who was accepted");
    await Promise.all([server.close(), client.close()]);
  });

  state("what came for a cancelled call is closed with the listener", async ({ listener, connect }) => {
    await cancelWaiting(() => listener.accept());
    const client = await connect();
    await listener.close();
    await seesItsEnd(client, "the client");
  });
}

/** Checks that this client is accepted next, and that both hear each other; closes both. */
async function expectAccepted(listener: Listener<TcpStream>, client: TcpStream): Promise<void> {
  const server = await listener.accept();
  equal(server.remoteAddress, client.localAddress, "the server's peer");
  equal(client.remoteAddress, server.localAddress, "the client's peer");
  await client.send(new Uint8Array([1]));
  equal(await server.receive(), new Uint8Array([1]), "what the server received");
  await server.send(new Uint8Array([2]));
  equal(await client.receive(), new Uint8Array([2]), "what the client received");
  await Promise.all([server.close(), client.close()]);
}

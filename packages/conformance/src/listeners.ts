import { CancelScope } from "@arborio/cancellation";
import { isCancelled, sleepForever } from "@arborio/core";
import { connectTcp, createTcpListener, type TcpListener, type TcpStream } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, refuses, rejection } from "./assert.ts";
import { bytes, echo, receiveText } from "./bytes.ts";
import { cancelWaiting } from "./cancelled.ts";
import type { Register } from "./suite.ts";

/** Listeners through the public package. */
export function listenerTests({ run }: Register): void {
  const listening = (
    title: string,
    fn: (listener: TcpListener, connect: () => Promise<TcpStream>) => Promise<void>,
  ): void => {
    run(title, async () => {
      const listener = await createTcpListener();
      const connect = (): Promise<TcpStream> => connectTcp("127.0.0.1", listener.localAddress.port);
      try {
        await fn(listener, connect);
      } finally {
        await listener[Symbol.asyncDispose]();
      }
    });
  };

  listening(
    "createTcpListener: by default it listens on the loopback, at a port the system chose",
    async ({ localAddress }) => {
      equal(localAddress.address, "127.0.0.1", "the address");
      ok(localAddress.port > 0, "a port");
    },
  );

  listening("createTcpListener: a port in use is an OSError EADDRINUSE", async ({ localAddress }) => {
    await refuses(createTcpListener({ port: localAddress.port }), "EADDRINUSE", "createTcpListener");
  });

  listening("C3: accept in a cancelled scope throws and accepts nothing", async (listener, connect) => {
    const client = await connect();
    const scope = new CancelScope();
    await scope.run(async () => {
      scope.cancel();
      ok(isCancelled(await rejection(listener.accept(), "accept")), "a Cancelled");
    });
    const server = await listener.accept();
    equal(server.remoteAddress, client.localAddress, "who is accepted next");
    await Promise.all([client.close(), server.close()]);
  });

  listening(
    "accept: a connection that comes for a cancelled accept goes to the next",
    async (listener, connect) => {
      await cancelWaiting(() => listener.accept());
      const client = await connect();
      const server = await listener.accept();
      equal(server.remoteAddress, client.localAddress, "who is accepted");
      await Promise.all([client.close(), server.close()]);
    },
  );

  listening(
    "accept: a connection that came for a cancelled accept is closed with the listener",
    async (listener, connect) => {
      await cancelWaiting(() => listener.accept());
      const client = await connect();
      await listener.close();
      const error = await rejection(client.receive(), "receive");
      ok(
        ["EndOfStream", "BrokenResourceError"].includes((error as Error).name),
        `an end, received ${String(error)}`,
      );
      await client.close();
    },
  );

  listening("M4: closing while accept waits wakes it with ClosedResourceError", async (listener) => {
    const waiting = fails(listener.accept(), "ClosedResourceError", "accept");
    await listener.close();
    await waiting;
    await fails(listener.accept(), "ClosedResourceError", "a later accept");
    await fails(
      listener.serve(() => {}),
      "ClosedResourceError",
      "a later serve",
    );
  });

  listening("M4: a second task that accepts is told so", async (listener) => {
    const first = fails(listener.accept(), "ClosedResourceError", "the first");
    await fails(listener.accept(), "BusyResourceError", "the second");
    await listener.close();
    await first;
  });

  listening(
    "serve: it runs a task for each connection, at the same time, and closes each",
    async (listener, connect) => {
      await taskGroup(async (group) => {
        group.spawn(() => listener.serve(echo));
        const clients = [await connect(), await connect()];
        for (const client of clients.toReversed()) {
          await client.send(bytes("ping"));
          equal(await receiveText(client, 4), "ping", "the echo");
          await client.sendEof();
          await fails(client.receive(), "EndOfStream", "after the handler");
          await client.close();
        }
        group.cancel();
      }).catch(cancelledItself);
    },
  );

  listening(
    "serve: closing the listener ends it when the running handlers have ended",
    async (listener, connect) => {
      const ended: string[] = [];
      await taskGroup(async (group) => {
        group.spawn(() =>
          listener
            .serve(async (stream) => ended.push(await receiveText(stream, 3)))
            .then(() => ended.push("serve")),
        );
        const client = await connect();
        await client.send(bytes("a"));
        await listener.close();
        await client.send(bytes("bc"));
        await fails(client.receive(), "EndOfStream", "the handler's end");
        await client.close();
      });
      equal(ended, ["abc", "serve"], "what ended, in order");
    },
  );

  listening(
    "serve: a handler's failure ends it, and the other connections are closed",
    async (listener, connect) => {
      const serving = rejection(
        listener.serve(async (stream) => {
          await stream.receive();
          throw new Error("the handler failed");
        }),
        "serve",
      );
      const [idle, busy] = [await connect(), await connect()];
      await busy.send(bytes("x"));
      const error = await serving;
      ok(
        error instanceof AggregateError && (error.errors[0] as Error).message === "the handler failed",
        `a group with it, received ${String(error)}`,
      );
      for (const client of [idle, busy]) {
        ok(
          ["EndOfStream", "BrokenResourceError"].includes(
            ((await rejection(client.receive(), "receive")) as Error).name,
          ),
          "its end",
        );
        await client.close();
      }
    },
  );

  listening("serve: with a group, handlers are its tasks", async (listener, connect) => {
    await taskGroup(async (group) => {
      const scope = new CancelScope();
      const serving = scope.run(() => listener.serve(echo, { group }));
      const client = await connect();
      await client.send(bytes("a"));
      equal(await receiveText(client, 1), "a", "the echo");
      scope.cancel();
      await serving;
      await client.send(bytes("b"));
      equal(await receiveText(client, 1), "b", "the echo after serve has ended");
      await client.close();
    });
  });

  listening(
    "serve: a connection accepted for a group that is cancelled is closed",
    async (listener, connect) => {
      const client = await connect();
      await taskGroup(async (group) => {
        group.spawn(() => listener.serve(() => sleepForever()));
        await client.send(bytes("x"));
        group.cancel();
        await sleepForever();
      }).catch(cancelledItself);
      await listener.close();
      ok(
        ["EndOfStream", "BrokenResourceError"].includes(
          ((await rejection(client.receive(), "receive")) as Error).name,
        ),
        "its end",
      );
      await client.close();
    },
  );
}

function cancelledItself(error: unknown): void {
  if ((error as Error).name !== "TaskCancelled") throw error;
}

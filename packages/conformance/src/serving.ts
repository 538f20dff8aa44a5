import { moveOnAfter } from "@arborio/cancellation";
import { sleepForever, waitAllTasksBlocked } from "@arborio/core";
import type { TcpStream } from "@arborio/net";
import { forEach, taskGroup } from "@arborio/task-group";
import { equal, fails } from "./assert.ts";
import { bytes, echo, receiveText } from "./bytes.ts";
import { onEachKind, seesItsEnd, type Listening } from "./listening.ts";
import { checkSharing } from "./shared-promise.ts";
import type { Register } from "./suite.ts";

/** Far more than are open at a time. */
const MANY = 100;

/** `serve` over real sockets. What only takes time is tested under the virtual clock. */
export function servingTests(register: Register): void {
  const serving = (title: string, fn: (given: Listening) => Promise<void>): void => {
    onEachKind(register, `serve: ${title}`, fn);
  };

  serving("many connections, some at a time, each as a task", async ({ listener, connect }) => {
    const [open, most] = [new Set<TcpStream>(), { count: 0 }];
    await taskGroup(async (group) => {
      group.spawn(() =>
        listener.serve(async (stream) => {
          open.add(stream);
          most.count = Math.max(most.count, open.size);
          await echo(stream);
          open.delete(stream);
        }),
      );
      await forEach(Array.from({ length: MANY }), () => speak(connect), { limit: 8 });
      await listener.close();
    });
    equal([open.size, most.count > 1], [0, true], "what is open, and whether they overlapped");
  });

  serving("a handler can answer after the client's half-close", async ({ listener, connect }) => {
    await taskGroup(async (group) => {
      group.spawn(() =>
        listener.serve(async (stream) => {
          equal(await receiveText(stream, 4), "last", "data before the end");
          await fails(stream.receive(), "EndOfStream", "the end");
          await stream.send(bytes("answer"));
        }),
      );
      const client = await connect();
      await client.send(bytes("last"));
      await client.sendEof();
      equal(await receiveText(client, 6), "answer", "the answer");
      await seesItsEnd(client, "the client");
      await listener.close();
    });
  });

  serving("onError contains a handler's failure, and may answer", async ({ listener, connect }) => {
    await taskGroup(async (group) => {
      const onError = (error: unknown, stream: TcpStream): Promise<void> =>
        stream.send(bytes((error as Error).message));
      group.spawn(() =>
        listener.serve(
          async (stream) => {
            await stream.receive();
            throw new Error("sorry");
          },
          { onError },
        ),
      );
      for (let i = 0; i < 3; i++) {
        const client = await connect();
        await client.send(bytes("x"));
        equal(await receiveText(client, 5), "sorry", "what onError sent");
        await seesItsEnd(client, "the client");
      }
      await listener.close();
    });
  });

  serving(
    "T18: a Cancelled that comes through a promise two handlers share goes to onError, and the others live",
    ({ listener, connect }) => checkSharing(listener, [connect]),
  );

  serving(
    "at the limit further connections wait, and are served in the end",
    async ({ listener, connect }) => {
      let [now, most] = [0, 0];
      await taskGroup(async (group) => {
        group.spawn(() =>
          listener.serve(
            async (stream) => {
              most = Math.max(most, ++now);
              await echo(stream);
              now--;
            },
            { limit: 2 },
          ),
        );
        const clients = await Promise.all(Array.from({ length: 7 }, connect));
        // Whichever two are served: each that ends lets in another.
        await Promise.all(clients.map((client) => speakOn(client)));
        await listener.close();
      });
      equal(most, 2, "the most at once");
    },
  );

  serving("grace is all the time that handlers have once it is closed", async ({ listener, connect }) => {
    await taskGroup(async (group) => {
      group.spawn(() => listener.serve(() => sleepForever(), { grace: 20 }));
      const client = await connect();
      await client.send(bytes("x"));
      await waitAllTasksBlocked();
      await listener.close();
      await seesItsEnd(client, "the client");
    });
  });

  serving("it can be cancelled, and then serves again", async ({ listener, connect }) => {
    for (let i = 0; i < 2; i++) await moveOnAfter(5, () => listener.serve(echo));
    await taskGroup(async (group) => {
      group.spawn(() => listener.serve(echo));
      await speak(connect);
      await listener.close();
    });
  });
}

async function speak(connect: () => Promise<TcpStream>): Promise<void> {
  await speakOn(await connect());
}

async function speakOn(client: TcpStream): Promise<void> {
  await client.send(bytes("ping"));
  equal(await receiveText(client, 4), "ping", "the echo");
  await client.sendEof();
  await seesItsEnd(client, "the client");
}

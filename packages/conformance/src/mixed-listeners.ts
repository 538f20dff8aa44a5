import { isError, sleepForever } from "@arborio/core";
import type { NetBackend } from "@arborio/core/backend";
import { temporaryDirectory } from "@arborio/fs";
import {
  connectTcp,
  connectUnix,
  createMultiListener,
  createTcpListener,
  createTlsListener,
  createUnixListener,
  type MultiListener,
} from "@arborio/net";
import type { ByteStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok } from "./assert.ts";
import { bytes, echo, receiveText } from "./bytes.ts";
import { certificates } from "./certificates.ts";
import { checkSharing } from "./shared-promise.ts";
import type { Register } from "./suite.ts";

/** One listener of all kinds that the host has, and how to connect to each. */
interface Mixed {
  readonly listener: MultiListener<ByteStream>;
  readonly ways: Readonly<Record<string, () => Promise<ByteStream>>>;
}

/** Listeners of different kinds as one. */
export function mixedListenerTests({ run }: Register, net: NetBackend): void {
  const kinds = [
    "TCP",
    ...(net.unix === undefined ? [] : ["UNIX"]),
    ...(net.tls === undefined ? [] : ["TLS"]),
  ];
  if (kinds.length === 1) return;
  const mixed = (title: string, fn: (given: Mixed) => Promise<void>): void =>
    run(`a listener of ${kinds.join(", ")}: ${title}`, () => useMixed(net, fn));

  mixed("accept takes connections to any of them", async ({ listener, ways }) => {
    for (const [kind, connect] of Object.entries(ways)) {
      const [client, server] = await Promise.all([connect(), listener.accept()]);
      await client.send(bytes("hello"));
      equal(await receiveText(server, 5), "hello", `what arrived by ${kind}`);
      for (const open of [client, server]) await open.close();
    }
  });

  mixed("serve serves all of them, and ends when it is closed", async ({ listener, ways }) => {
    await taskGroup(async (group) => {
      group.spawn(() => listener.serve(echo));
      for (const connect of Object.values(ways)) await speak(await connect());
      await listener.close();
    });
    for (const connect of Object.values(ways))
      ok(isError(await connect().catch((error: unknown) => error), "OSError"), "nobody listens any more");
    await fails(listener.serve(echo), "ClosedResourceError", "a later serve");
  });

  mixed("serve: onError contains the failure of any handler", async ({ listener, ways }) => {
    await taskGroup(async (group) => {
      const fail = async (stream: ByteStream): Promise<never> => {
        await stream.receive();
        throw new Error("sorry");
      };
      const onError = (error: unknown, stream: ByteStream): Promise<void> =>
        stream.send(bytes((error as Error).message));
      group.spawn(() => listener.serve(fail, { onError }));
      for (const [kind, connect] of Object.entries(ways)) {
        await using client = await connect();
        await client.send(bytes("x"));
        equal(await receiveText(client, 5), "sorry", `what onError sent by ${kind}`);
        await fails(client.receive(), "EndOfStream", "the end");
      }
      await listener.close();
    });
  });

  mixed(
    "serve: T18: a Cancelled that comes through a promise two handlers share goes to onError",
    ({ listener, ways }) => checkSharing(listener, Object.values(ways)),
  );

  mixed("serve: at the limit, over all of them, others wait", async ({ listener, ways }) => {
    let [now, most, served] = [0, 0, 0];
    await taskGroup(async (group) => {
      const count = async (stream: ByteStream): Promise<void> => {
        most = Math.max(most, ++now);
        await echo(stream);
        now--;
        served++;
      };
      group.spawn(() => listener.serve(count, { limit: 1 }));
      await Promise.all(Object.values(ways).map(async (connect) => speak(await connect())));
      await listener.close();
    });
    equal([most, served], [1, Object.keys(ways).length], "at once, and in all");
  });

  mixed(
    "serve: after the grace handlers of all are cancelled, and connections closed",
    async ({ listener, ways }) => {
      const clients: ByteStream[] = [];
      await taskGroup(async (group) => {
        group.spawn(() =>
          listener.serve(
            async (stream) => {
              await stream.send(bytes("!"));
              await sleepForever();
            },
            { grace: 1 },
          ),
        );
        for (const connect of Object.values(ways)) clients.push(await connect());
        for (const client of clients) equal(await receiveText(client, 1), "!", "that it is served");
        await listener.close();
      });
      for (const client of clients) {
        const end = await client.receive().catch((error: unknown) => error);
        ok(
          isError(end, "EndOfStream") || isError(end, "BrokenResourceError"),
          `an end, received ${String(end)}`,
        );
        client.closeForcefully();
      }
    },
  );

  mixed("serve: handlers can be a group's of the caller's, and outlive it", async ({ listener, ways }) => {
    await taskGroup(async (group) => {
      const serving = listener.serve(echo, { group });
      const clients = await Promise.all(Object.values(ways).map((connect) => connect()));
      for (const client of clients) {
        await client.send(bytes("a"));
        equal(await receiveText(client, 1), "a", "the echo");
      }
      await listener.close();
      await serving;
      await Promise.all(clients.map(speak));
    });
  });
}

async function useMixed(net: NetBackend, fn: (given: Mixed) => Promise<void>): Promise<void> {
  await temporaryDirectory(async (folder) => {
    const { authority, server } = await certificates();
    const tcp = await createTcpListener();
    const unix = net.unix === undefined ? undefined : await createUnixListener(`${folder}/socket`);
    const tls = net.tls === undefined ? undefined : await createTlsListener(server);
    const all = [tcp, unix, tls].filter((one) => one !== undefined);
    await using listener = createMultiListener<ByteStream>(all);
    const client = { ca: authority, serverName: "localhost" };
    const ways = {
      TCP: () => connectTcp("127.0.0.1", tcp.localAddress.port),
      ...(unix && { UNIX: () => connectUnix(unix.localAddress.path!) }),
      ...(tls && { TLS: () => connectTcp("127.0.0.1", tls.listener.localAddress.port, { tls: client }) }),
    };
    await fn({ listener, ways });
  });
}

/** Sends, and reads what comes back, to the end. */
async function speak(client: ByteStream): Promise<void> {
  await client.send(bytes("ping"));
  equal(await receiveText(client, 4), "ping", "the echo");
  await client.close();
}

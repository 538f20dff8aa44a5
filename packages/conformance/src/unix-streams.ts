import { CancelScope } from "@arborio/cancellation";
import { isError } from "@arborio/core";
import { temporaryDirectory } from "@arborio/fs";
import { connectUnix, createUnixListener, SocketAttribute, UnixConnectable } from "@arborio/net";
import { attributesOf, extra } from "@arborio/streams";
import { equal, fails, ok, refuses } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";
import { cancelWaiting } from "./cancelled.ts";
import { whatCameFirstTests } from "./what-came-first.ts";
import type { Register } from "./suite.ts";
import { streamTable } from "./stream-table.ts";
import { streamTraits } from "./stream-traits.ts";
import { withName, withUnixPair, type UnixPair } from "./unix-pair.ts";

/** UNIX connections through the public package. */
export function unixStreamTests(register: Register): void {
  const pair = (title: string, fn: (pair: UnixPair) => Promise<void>): void =>
    withUnixPair(register, title, fn);
  const { run } = register;

  streamTable(pair);
  streamTraits(pair);
  whatCameFirstTests(pair);

  pair("both ends know the listener's name", async ({ path, client, server, listener }) => {
    equal(
      [listener.localAddress, client.remoteAddress, server.localAddress].map((one) => one.path),
      [path, path, path],
      "the name",
    );
    equal([client.localAddress.path, server.remoteAddress.path], [undefined, undefined], "the other");
  });

  pair("attributes: the family, names, the host's socket, and no ports", async ({ path, client, server }) => {
    const { family, localAddress, remoteAddress, localPort, remotePort, rawSocket } = SocketAttribute;
    equal([extra(client, family), extra(client, remoteAddress)], ["unix", { path }], "the client's");
    equal(extra(server, localAddress), { path }, "the server's");
    ok(extra(client, rawSocket) !== undefined, "a socket");
    for (const port of [localPort, remotePort]) ok(!attributesOf(client).has(port), `no ${port.name}`);
  });

  pair("M5: closing right after a receive was cancelled is clean", async ({ client }) => {
    await cancelWaiting(() => client.receive());
    await client.close();
    await fails(client.receive(), "ClosedResourceError", "receive");
  });

  withName(register, "connectUnix: where nobody listens it is an OSError that names it", async (path) => {
    const error = await refuses(connectUnix(path), ["ENOENT", "ECONNREFUSED"], "connectUnix");
    equal([error.syscall, error.path], ["connect", path], "what it names");
  });

  run("UNIX: connectUnix: a path that is not there is ENOENT, what is no socket ECONNREFUSED", () =>
    temporaryDirectory(async (folder) => {
      await refuses(connectUnix(`${folder}/missing`), "ENOENT", "a path that is not there");
      await refuses(connectUnix(folder), "ECONNREFUSED", "a directory");
    }),
  );

  withName(register, "connectUnix: a cancelled attempt leaves no connection open", async (path) => {
    await using listener = await createUnixListener(path);
    const scope = new CancelScope();
    const attempt = scope.run(() => connectUnix(path));
    scope.cancel();
    equal(await attempt, undefined, "the value");
    await using client = await connectUnix(path);
    await client.send(bytes("own"));
    for (;;) {
      // The attempt may have reached the listener; then it is closed.
      await using server = await listener.accept();
      const first = await server.receive().catch((error: unknown) => error);
      if (first instanceof Uint8Array) return equal(new TextDecoder().decode(first), "own", "who it is");
      ok(isError(first, "EndOfStream") || isError(first, "BrokenResourceError"), "the attempt's has ended");
    }
  });

  withName(register, "UnixConnectable: it connects, and an OSError is a ConnectionFailed", async (path) => {
    const connectable = new UnixConnectable(path);
    const { cause } = await fails(connectable.connect(), "ConnectionFailed", "nobody listens");
    ok(isError(cause, "OSError"), "its cause");
    await using listener = await createUnixListener(path);
    await using client = await connectable.connect();
    await using server = await listener.accept();
    await client.send(bytes("hello"));
    equal(await receiveText(server, 5), "hello", "what arrived");
  });
}

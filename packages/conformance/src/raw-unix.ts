import type { Backend, RawListener, RawSocket, UnixAddress, UnixBackend } from "@arborio/core/backend";
import { equal, ok, refuses, rejection } from "./assert.ts";
import { bytes, text, TOO_MUCH } from "./bytes.ts";
import type { Register } from "./suite.ts";

interface Pair {
  readonly unix: UnixBackend;
  readonly path: string;
  readonly listener: RawListener<RawSocket<UnixAddress>, UnixAddress>;
  readonly client: RawSocket<UnixAddress>;
  readonly server: RawSocket<UnixAddress>;
}

/** The contract's UNIX sockets. */
export function rawUnixTests({ raw }: Register): void {
  const withPair = (title: string, fn: (pair: Pair) => Promise<void>): void => {
    raw(`UNIX sockets: ${title}`, (backend) => usePair(backend, fn));
  };

  raw("UNIX sockets: an aborted signal rejects with its reason", async ({ net }) => {
    const reason = new Error("not now");
    const error = await rejection(net!.unix!.connect("/nowhere", AbortSignal.abort(reason)), "connect");
    ok(error === reason, `the reason, received ${String(error)}`);
  });

  withPair(
    "a half-close ends one direction, and a write after it is EPIPE",
    async ({ client, server, path }) => {
      await client.write(bytes("last"));
      await client.shutdown();
      await client.shutdown();
      equal(text(await server.read(100)), "last", "what was sent before");
      equal([await server.read(100), await server.read(100)], [null, null], "the end");
      await server.write(bytes("still open"));
      equal(text(await client.read(100)), "still open", "the other direction");
      const error = await refuses(client.write(bytes("x")), "EPIPE", "a write after the end");
      equal([error.syscall, error.path], ["write", path], "what it names");
    },
  );

  withPair("close rejects what is under way with EBADF, and all that comes later", async (pair) => {
    const { client, listener } = pair;
    const waiting = [
      refuses(client.read(1), "EBADF", "read"),
      refuses(client.write(new Uint8Array(TOO_MUCH)), "EBADF", "write"),
      refuses(listener.accept(), "EBADF", "accept"),
    ];
    await Promise.all([client.close({ abort: true }), listener.close()]);
    await Promise.all(waiting);
    for (const call of [() => client.read(1), () => client.write(bytes("x")), () => listener.accept()])
      await refuses(call(), "EBADF", "a later call");
    await Promise.all([client.close(), listener.close()]);
  });

  withPair("a path that is there is EADDRINUSE", async ({ unix, path }) => {
    for (const mode of [undefined, 0o600]) {
      const error = await refuses(unix.listen({ path, mode }), "EADDRINUSE", "listen");
      equal([error.syscall, error.path], ["listen", path], "what it names");
    }
  });

  withPair("remove removes that socket; then the path may be listened on again", async (pair) => {
    const { unix, path, client, listener } = pair;
    await unix.remove(path, (await unix.identify(path))!);
    await refuses(unix.connect(path, new AbortController().signal), "ENOENT", "connect");
    const second = await unix.listen({ path });
    await listener.close();
    const again = await unix.connect(path, new AbortController().signal);
    await client.close();
    await Promise.all([again.close(), second.close()]);
  });

  withPair("remove leaves another socket, and closing does too", async ({ unix, path, client, listener }) => {
    const first = (await unix.identify(path))!;
    await unix.remove(path, first);
    const second = await unix.listen({ path });
    const identity = await unix.identify(path);
    ok(identity !== first, `another identity, received ${String(identity)}`);
    await unix.remove(path, first);
    await listener.close();
    equal(await unix.identify(path), identity, "what is there");
    await client.close();
    await second.close();
    equal(await unix.identify(path), undefined, "what is there when it is closed");
  });

  raw("UNIX sockets: what is no socket has no identity; remove does nothing where nothing is", (backend) =>
    inFolder(backend, async (unix, folder) => {
      equal(await unix.identify(folder), undefined, "a directory's");
      equal(await unix.identify(`${folder}/missing`), undefined, "that of nothing");
      await unix.remove(folder, "1:1:1");
      ok((await backend.fs!.stat(folder, false)).kind === "directory", "the directory");
      await unix.remove(`${folder}/missing`, "1:1:1");
    }),
  );
}

async function inFolder(
  { net, fs }: Backend,
  fn: (unix: UnixBackend, folder: string) => Promise<void>,
): Promise<void> {
  const folder = await fs!.makeTemporaryDirectory({ prefix: "arborio-" });
  try {
    await fn(net!.unix!, folder);
  } finally {
    await fs!.remove(folder, { recursive: true });
  }
}

function usePair(backend: Backend, fn: (pair: Pair) => Promise<void>): Promise<void> {
  return inFolder(backend, async (unix, folder) => {
    const path = `${folder}/socket`;
    const listener = await unix.listen({ path });
    const { signal } = new AbortController();
    const [client, server] = await Promise.all([unix.connect(path, signal), listener.accept()]);
    try {
      await fn({ unix, path, listener, client, server });
    } finally {
      await Promise.all([client, server, listener].map((open) => open.close()));
    }
  });
}

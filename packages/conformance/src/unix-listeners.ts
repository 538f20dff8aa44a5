import { CancelScope } from "@arborio/cancellation";
import { isCancelled, isError } from "@arborio/core";
import {
  exists,
  readDirectory,
  readTextFile,
  remove,
  stat,
  temporaryDirectory,
  writeFile,
} from "@arborio/fs";
import { connectUnix, createUnixListener, SocketAttribute, type UnixStream } from "@arborio/net";
import { attributesOf, extra } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, refuses } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";
import { cancelWaiting, inCancelledScope } from "./cancelled.ts";
import type { Register } from "./suite.ts";
import { withName } from "./unix-pair.ts";

/** UNIX listeners through the public package. */
export function unixListenerTests(register: Register): void {
  const { run } = register;
  const inFolder = (title: string, fn: (path: string, folder: string) => Promise<void>): void =>
    run(`UNIX: ${title}`, () => temporaryDirectory((folder) => fn(`${folder}/socket`, folder)));

  withName(register, "createUnixListener: it accepts, and serves", async (path) => {
    await taskGroup(async (group) => {
      const listener = await createUnixListener(path, { backlog: 5 });
      group.spawn(() =>
        listener.serve(async (stream) => {
          for await (const chunk of stream) await stream.send(chunk);
        }),
      );
      await using client = await connectUnix(path);
      await client.send(bytes("echo"));
      await client.sendEof();
      equal(await receiveText(client, 4), "echo", "what came back after the end");
      await listener.close();
    });
  });

  inFolder(
    "a client that connects as soon as the path is there is accepted, with a mode too",
    async (path) => {
      const connecting = (async (): Promise<UnixStream> => {
        for (;;) {
          try {
            return await connectUnix(path);
          } catch (error) {
            if (!isError(error, "OSError") || error.code !== "ENOENT") throw error;
          }
        }
      })();
      await using listener = await createUnixListener(path, { mode: 0o600 });
      await using client = await connecting;
      await client.send(bytes("first"));
      await using server = await listener.accept();
      equal(await receiveText(server, 5), "first", "what arrived");
    },
  );

  withName(register, "attributes of a listener: the family and its name, and no port", async (path) => {
    await using listener = await createUnixListener(path);
    const { family, localAddress, localPort } = SocketAttribute;
    equal([extra(listener, family), extra(listener, localAddress)], ["unix", { path }], "attributes");
    ok(!attributesOf(listener).has(localPort), "no port");
  });

  withName(register, "M4: closing while accept waits wakes it with ClosedResourceError", async (path) => {
    const listener = await createUnixListener(path);
    const waiting = fails(listener.accept(), "ClosedResourceError", "accept");
    await listener.close();
    await waiting;
    await fails(listener.accept(), "ClosedResourceError", "a later accept");
  });

  withName(register, "M4: a second task that accepts is told so", async (path) => {
    const listener = await createUnixListener(path);
    const first = fails(listener.accept(), "ClosedResourceError", "the first");
    await fails(listener.accept(), "BusyResourceError", "the second");
    await listener.close();
    await first;
  });

  withName(register, "a connection that comes for a cancelled accept goes to the next", async (path) => {
    await using listener = await createUnixListener(path);
    await cancelWaiting(() => listener.accept());
    await using client = await connectUnix(path);
    await client.send(bytes("x"));
    await using server = await listener.accept();
    equal(await receiveText(server, 1), "x", "what arrived");
  });

  withName(register, "C3: in a cancelled scope it does not listen", async (path) => {
    ok(isCancelled(await inCancelledScope(() => createUnixListener(path))), "a Cancelled");
    await refuses(connectUnix(path), ["ENOENT", "ECONNREFUSED"], "connectUnix");
  });

  withName(register, "a listener that is ready for a cancelled call is closed", async (path) => {
    const scope = new CancelScope();
    const attempt = scope.run(() => createUnixListener(path));
    scope.cancel();
    equal(await attempt, undefined, "the value");
    // The name is free again in the end; there is nothing to wait for it by.
    for (;;) {
      const listener = await createUnixListener(path).catch(() => undefined);
      if (listener !== undefined) return listener.close();
    }
  });

  withName(register, "the name of a listener that lives is EADDRINUSE, and stays its own", async (path) => {
    await using listener = await createUnixListener(path);
    const error = await refuses(createUnixListener(path), "EADDRINUSE", "createUnixListener");
    equal([error.syscall, error.path], ["listen", path], "what it names");
    await (await connectUnix(path)).close();
    equal(listener.localAddress.path, path, "its name");
  });

  withName(register, "after close the name is free", async (path) => {
    await (await createUnixListener(path)).close();
    await (await createUnixListener(path)).close();
  });

  inFolder("closing removes the path", async (path) => {
    const listener = await createUnixListener(path);
    ok(await exists(path), "it is there");
    await listener.close();
    ok(!(await exists(path)), "it is gone");
  });

  inFolder("closing leaves what is at the path by then", async (path, folder) => {
    const listener = await createUnixListener(path);
    await remove(path);
    await writeFile(path, "another's");
    await listener.close();
    equal(await readTextFile(path), "another's", "what is there");
    equal((await readDirectory(folder)).length, 1, "entries");
  });

  inFolder("closing leaves another listener at the path its name", async (path) => {
    const first = await createUnixListener(path);
    await remove(path);
    await using second = await createUnixListener(path);
    await first.close();
    const [client, server] = await Promise.all([connectUnix(path), second.accept()]);
    await Promise.all([client.close(), server.close()]);
  });

  for (const mode of [undefined, 0o600]) {
    inFolder(
      `a file at the path is EADDRINUSE, and stays, with mode ${String(mode)}`,
      async (path, folder) => {
        await writeFile(path, "a file");
        await refuses(createUnixListener(path, { mode }), "EADDRINUSE", "createUnixListener");
        equal(await readTextFile(path), "a file", "what is there");
        equal((await readDirectory(folder)).length, 1, "entries");
      },
    );
  }

  inFolder(
    "mode: the socket has those permissions, and nothing else is left behind",
    async (path, folder) => {
      for (const mode of [0o600, 0o666, 0o777]) {
        await using listener = await createUnixListener(path, { mode });
        equal((await stat(path)).mode, mode, "the permissions");
        equal((await readDirectory(folder)).length, 1, "entries");
        const [client, server] = await Promise.all([connectUnix(path), listener.accept()]);
        equal([client.remoteAddress.path, server.localAddress.path], [path, path], "the name");
        await Promise.all([client.close(), server.close()]);
        await listener.close();
        equal(await readDirectory(folder), [], "entries after close");
      }
    },
  );

  inFolder("errors of the directory are OSErrors that name the path", async (path) => {
    for (const mode of [undefined, 0o600]) {
      const below = `${path}/below`;
      const error = await refuses(
        createUnixListener(below, { mode }),
        ["ENOENT", "EACCES"],
        "createUnixListener",
      );
      equal([error.syscall, error.path], ["listen", below], "what it names");
    }
  });

  withName(register, "a name that is too long is ENAMETOOLONG, and never cut", async (path) => {
    const long = path + "é".repeat(54);
    for (const attempt of [() => createUnixListener(long), () => connectUnix(long)])
      await refuses(attempt(), "ENAMETOOLONG", "a name too long");
  });

  inFolder("a path in any script is one", async (path) => {
    const named = `${path} żółć 木`;
    await using listener = await createUnixListener(named);
    await using client = await connectUnix(named);
    equal([listener.localAddress.path, client.remoteAddress.path], [named, named], "the path");
    ok(await exists(named), "it is there");
    await (await listener.accept()).close();
  });

  inFolder("the longest path is not too long", async (path) => {
    const longest = path.padEnd(103, "x");
    await using listener = await createUnixListener(longest);
    await using client = await connectUnix(longest);
    equal(client.remoteAddress.path, longest, "the path");
    await (await listener.accept()).close();
  });
}

import { CancelScope } from "@arborio/cancellation";
import { checkpoint, isCancelled } from "@arborio/core";
import {
  exists,
  mkdir,
  openFile,
  openTemporaryDirectory,
  readDirectory,
  readFile,
  readTextFile,
  remove,
  stat,
  temporaryDirectory,
  walk,
  writeFile,
  type File,
  type OpenMode,
} from "@arborio/fs";
import { equal, fails, ok, refuses, rejection } from "./assert.ts";
import { bytes, text } from "./bytes.ts";
import type { Register } from "./suite.ts";

const CHANGES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  writeFile: (path) => writeFile(`${path}/new`, "x"),
  mkdir: (path) => mkdir(`${path}/new`),
  remove: (path) => remove(`${path}/file`),
  openFile: (path) => openFile(`${path}/new`, { mode: "w" }),
};

/** Mode: may read, may write, what is in the file after writing `HE` at once, error if it is missing, if it is there. */
const MODES: readonly (readonly [
  OpenMode,
  boolean,
  string | undefined,
  missing: string | undefined,
  there: string | undefined,
])[] = [
  ["r", true, undefined, "ENOENT", undefined],
  ["r+", true, "HEllo", "ENOENT", undefined],
  ["w", false, "HE", undefined, undefined],
  ["w+", true, "HE", undefined, undefined],
  ["a", false, "helloHE", undefined, undefined],
  ["a+", true, "helloHE", undefined, undefined],
  ["x", false, undefined, undefined, "EEXIST"],
  ["x+", true, undefined, undefined, "EEXIST"],
];

const OPERATIONS: Readonly<Record<string, (file: File) => Promise<unknown>>> = {
  read: (file) => file.read(),
  write: (file) => file.write(bytes("x")),
  stat: (file) => file.stat(),
  seek: (file) => file.seek(0),
  truncate: (file) => file.truncate(0),
  sync: (file) => file.sync(),
};

/** Files through the public package. */
export function filesTests({ run }: Register): void {
  const folder = (title: string, fn: (path: string) => Promise<void>): void => {
    run(title, () =>
      temporaryDirectory(async (path) => {
        await writeFile(`${path}/file`, "hello");
        await fn(path);
      }),
    );
  };
  const file = (title: string, fn: (file: File, path: string) => Promise<void>): void => {
    folder(title, async (path) => {
      const open = await openFile(`${path}/file`, { mode: "r+" });
      try {
        await fn(open, path);
      } finally {
        await open[Symbol.asyncDispose]();
      }
    });
  };

  for (const [mode, reads, written, missing, there] of MODES) {
    folder(`openFile: mode '${mode}'`, async (path) => {
      await tryMode(`${path}/none`, mode, missing, async () => {});
      await tryMode(`${path}/file`, mode, there, async (open) => {
        if (!reads) await refuses(open.read(), "EBADF", "read");
        if (written === undefined) return void (await refuses(open.write(bytes("HE")), "EBADF", "write"));
        await open.write(bytes("HE"));
        equal(await readTextFile(`${path}/file`), written, "what is in it");
      });
    });
  }

  for (const [name, operation] of Object.entries(OPERATIONS)) {
    file(`M4: ${name} on a closed file is ClosedResourceError`, async (open) => {
      await open.close();
      await open.close();
      await fails(operation(open), "ClosedResourceError", name);
    });

    file(`M4: ${name} while another task reads is BusyResourceError, and the first goes on`, async (open) => {
      const first = open.read();
      await fails(operation(open), "BusyResourceError", name);
      equal(text(await first), "hello", "the first");
    });

    file(`C3: ${name} in a cancelled scope throws and does nothing`, async (open, path) => {
      ok(isCancelled(await inCancelledScope(() => operation(open))), "a Cancelled");
      equal(
        [text(await open.read()), await readTextFile(`${path}/file`)],
        ["hello", "hello"],
        "the position, and the file",
      );
    });
  }

  for (const [name, change] of Object.entries(CHANGES)) {
    folder(`C3: ${name} in a cancelled scope throws and does nothing`, async (path) => {
      ok(isCancelled(await inCancelledScope(() => change(path))), "a Cancelled");
      equal(
        (await readDirectory(path)).map((entry) => entry.name),
        ["file"],
        "what is there",
      );
    });
  }

  for (const [name, change, after] of [
    ["writeFile", (path: string) => writeFile(`${path}/new`, new Uint8Array(1 << 22)), ["file", "new"]],
    ["mkdir", (path: string) => mkdir(`${path}/new`), ["file", "new"]],
    ["remove", (path: string) => remove(`${path}/file`), []],
  ] as readonly (readonly [string, (path: string) => Promise<void>, string[]])[]) {
    folder(
      `C5: ${name}, once begun, is waited for; the cancellation is seen at the next checkpoint`,
      async (path) => {
        const scope = new CancelScope();
        let seen: string[] = [];
        const ended = scope.run(async () => {
          const changing = change(path);
          scope.cancel();
          await changing;
          seen = [name];
          await checkpoint();
        });
        await ended;
        equal([seen, scope.cancelledCaught], [[name], true], "it returned, and the checkpoint threw");
        equal(
          (await readDirectory(path)).map((entry) => entry.name),
          after,
          "what is there",
        );
        if (name === "writeFile") equal((await stat(`${path}/new`)).size, 1 << 22, "the size");
      },
    );
  }

  file(
    "M6: what was read for a cancelled read goes to the next, also if that asks for fewer bytes",
    async (open) => {
      await cancelWaiting(() => open.read(100));
      equal([text(await open.read(2)), text(await open.read(100))], ["he", "llo"], "the next reads");
      await fails(open.read(), "EndOfStream", "the end");
    },
  );

  file("M6: a write after a cancelled read is where that began", async (open, path) => {
    await cancelWaiting(() => open.read(3));
    await open.write(bytes("HE"));
    equal(
      [await readTextFile(`${path}/file`), text(await open.read())],
      ["HEllo", "llo"],
      "the file, and what is behind",
    );
  });

  file("M6: seek from the position does not count what a cancelled read read", async (open) => {
    await open.read(1);
    await cancelWaiting(() => open.read(2));
    equal(await open.seek(1, "current"), 2, "the position");
  });

  file("M4: a file ends with EndOfStream, again and again, and goes on when it grows", async (open, path) => {
    equal(text(await open.read()), "hello", "the bytes");
    for (let i = 0; i < 2; i++) await fails(open.read(), "EndOfStream", "the end");
    await writeFile(`${path}/file`, "!", { mode: "a" });
    equal(text(await open.read()), "!", "what was added");
  });

  file("M4: closing while a read waits wakes it with ClosedResourceError", async (open) => {
    const waiting = fails(open.read(), "ClosedResourceError", "read");
    await open.close();
    await waiting;
  });

  file("a file is a byte stream: chunks until the end, send and receive", async (open) => {
    const chunks = [];
    for await (const chunk of open) chunks.push(text(chunk));
    equal(chunks, ["hello"], "the chunks");
    await open.send(bytes("!"));
    await open.seek(-2, "end");
    equal(text(await open.receive(10)), "o!", "what was sent");
  });

  folder("readFile and writeFile: whole files, bytes and text", async (path) => {
    const large = new Uint8Array(1_000_000).map((_, i) => i % 251);
    await writeFile(`${path}/large`, large);
    const read = await readFile(`${path}/large`);
    ok(read.length === large.length && read.every((byte, i) => byte === large[i]), "the bytes are the same");
    await writeFile(`${path}/text`, "häßlich");
    await writeFile(`${path}/text`, " 😀", { mode: "a" });
    equal(await readTextFile(`${path}/text`), "häßlich 😀", "the text");
    equal((await readFile(`${path}/text`)).length, 14, "its bytes");
    await writeFile(`${path}/empty`, "");
    equal((await readFile(`${path}/empty`)).length, 0, "an empty file");
    await refuses(writeFile(`${path}/text`, "", { mode: "x" }), "EEXIST", "writing one that is there anew");
    await refuses(readFile(path), "EISDIR", "reading a directory");
  });

  folder("exists and stat", async (path) => {
    const paths = ["file", "missing", "file/below", "."];
    equal(
      await Promise.all(paths.map((name) => exists(`${path}/${name}`))),
      [true, false, false, true],
      "exists",
    );
    equal((await stat(`${path}/file`, { followLinks: false })).size, 5, "the size");
    await refuses(stat(`${path}/missing`), "ENOENT", "stat");
  });

  folder("walk: each directory before what is in it, by name", async (path) => {
    for (const name of ["b/c", "b/a", "a", "B"]) await mkdir(`${path}/${name}`, { recursive: true });
    for (const name of ["b/c/z", "b-c", "é"]) await writeFile(`${path}/${name}`, "");
    const names = [];
    for await (const entry of walk(path))
      names.push(`${entry.path.slice(path.length + 1).replaceAll("\\", "/")}:${entry.kind[0]!}`);
    equal(names, ["B:d", "a:d", "b:d", "b/a:d", "b/c:d", "b/c/z:f", "b-c:f", "file:f", "é:f"], "the walk");
  });

  folder("walk: a directory that goes meanwhile is passed over; a missing root is ENOENT", async (path) => {
    await mkdir(`${path}/a/b`, { recursive: true });
    const names = [];
    for await (const { name } of walk(path)) {
      names.push(name);
      if (name === "a") await remove(`${path}/a`, { recursive: true });
    }
    equal(names, ["a", "file"], "the walk");
    await refuses(walk(`${path}/a`).next(), "ENOENT", "a missing root");
  });

  folder("walk: it stops in a cancelled scope", async (path) => {
    const scope = new CancelScope();
    const names: string[] = [];
    await mkdir(`${path}/a`);
    await scope.run(async () => {
      for await (const { name } of walk(path)) {
        names.push(name);
        scope.cancel();
      }
    });
    equal([names, scope.cancelledCaught], [["a"], true], "how far it came");
  });

  run("temporaryDirectory: it is there meanwhile and gone after, and gives the value", async () => {
    const path = await temporaryDirectory(async (inside) => {
      await writeFile(`${inside}/file`, "x");
      return inside;
    });
    equal(await exists(path), false, "whether it is there");
  });

  run("temporaryDirectory: a failure or a cancellation inside removes it", async () => {
    const paths: string[] = [];
    const failure = new Error("inside");
    const fail = (path: string): never => {
      paths.push(path);
      throw failure;
    };
    ok((await rejection(temporaryDirectory(fail), "the failure")) === failure, "its error, as it was");
    const scope = new CancelScope();
    await scope.run(() =>
      temporaryDirectory(async (path) => {
        paths.push(path);
        scope.cancel();
        await checkpoint();
      }),
    );
    equal(
      [scope.cancelledCaught, ...(await Promise.all(paths.map((path) => exists(path))))],
      [true, false, false],
      "whether they are there",
    );
  });

  run("temporaryDirectory: one that was removed inside is no error", async () => {
    await temporaryDirectory((path) => remove(path, { recursive: true }));
  });

  run("openTemporaryDirectory: disposal removes it, also in a cancelled scope", async () => {
    const folder = await openTemporaryDirectory({ prefix: "named-" });
    ok(folder.path.includes("named-"), "the prefix");
    const scope = new CancelScope();
    await scope.run(async () => {
      scope.cancel();
      await folder[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    });
    equal(await exists(folder.path), false, "whether it is there");
  });
}

async function tryMode(
  path: string,
  mode: OpenMode,
  code: string | undefined,
  fn: (file: File) => Promise<void>,
): Promise<void> {
  if (code !== undefined) return void (await refuses(openFile(path, { mode }), code, `opening ${path}`));
  const file = await openFile(path, { mode });
  try {
    await fn(file);
  } finally {
    await file.close();
  }
}

async function inCancelledScope(operation: () => Promise<unknown>): Promise<unknown> {
  const scope = new CancelScope();
  let outcome: unknown = "nothing";
  await scope.run(async () => {
    scope.cancel();
    await operation().catch((error: unknown) => (outcome = error));
  });
  return outcome;
}

async function cancelWaiting(operation: () => Promise<unknown>): Promise<void> {
  const scope = new CancelScope();
  const waiting = scope.run(operation);
  scope.cancel();
  await waiting;
  equal(scope.cancelledCaught, true, "cancelledCaught");
}

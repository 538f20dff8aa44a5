import { isCancelled } from "@arborio/core";
import { openFile, readTextFile, writeFile, type File, type OpenMode } from "@arborio/fs";
import { equal, fails, ok, refuses, thrown } from "./assert.ts";
import { bytes, text } from "./bytes.ts";
import { cancelWaiting, inCancelledScope } from "./cancelled.ts";
import { withFolder } from "./folder.ts";
import type { Register } from "./suite.ts";

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
export function filesTests(register: Register): void {
  const folder = (title: string, fn: (path: string) => Promise<void>): void =>
    withFolder(register, title, fn);
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

  file(
    "seek from anything but start, current and end is a TypeError, and the position stays",
    async (open) => {
      await open.read(1);
      for (const from of ["weird", "", "toString", 1, null, {}]) {
        const error = thrown(() => open.seek(1, from as never));
        ok((error as Error).name === "TypeError", `a TypeError, received ${String(error)}`);
      }
      equal(text(await open.read()), "ello", "what is read next");
    },
  );

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

import type { Backend, FsBackend, RawFile, RawOpenOptions } from "@arborio/core/backend";
import { equal, ok, refuses } from "./assert.ts";
import { bytes, text } from "./bytes.ts";
import type { Register } from "./suite.ts";

const NOTHING: RawOpenOptions = {
  read: false,
  write: false,
  append: false,
  create: false,
  exclusive: false,
  truncate: false,
};
const READ: RawOpenOptions = { ...NOTHING, read: true };
const MAKE: RawOpenOptions = { ...NOTHING, read: true, write: true, create: true };

interface Folder {
  readonly fs: FsBackend;
  /** In the test's own directory, where there are `file` (5 bytes: hello), `full/inside` and `empty`. */
  readonly path: (name: string) => string;
}

type Call = (folder: Folder) => Promise<unknown>;

/** Failures: what is tried, on what, and the code. */
const failures: readonly (readonly [string, string, string | readonly string[], Call, how?: string])[] = [
  ["open", "missing", "ENOENT", ({ fs, path }) => fs.open(path("missing"), READ)],
  ["open", "missing/below", "ENOENT", ({ fs, path }) => fs.open(path("missing/below"), MAKE)],
  ["open", "file/below", "ENOTDIR", ({ fs, path }) => fs.open(path("file/below"), READ)],
  ["open", "file", "EEXIST", ({ fs, path }) => fs.open(path("file"), { ...MAKE, exclusive: true })],
  ["open", "empty", "EISDIR", ({ fs, path }) => fs.open(path("empty"), { ...NOTHING, write: true })],
  ["stat", "missing", "ENOENT", ({ fs, path }) => fs.stat(path("missing"), true)],
  ["stat", "file/below", "ENOTDIR", ({ fs, path }) => fs.stat(path("file/below"), false)],
  ["readdir", "missing", "ENOENT", ({ fs, path }) => fs.readDirectory(path("missing"))],
  ["readdir", "file", "ENOTDIR", ({ fs, path }) => fs.readDirectory(path("file"))],
  ["mkdir", "empty", "EEXIST", ({ fs, path }) => fs.makeDirectory(path("empty"), { recursive: false })],
  ["mkdir", "file", "EEXIST", ({ fs, path }) => fs.makeDirectory(path("file"), { recursive: true })],
  [
    "mkdir",
    "missing/below",
    "ENOENT",
    ({ fs, path }) => fs.makeDirectory(path("missing/below"), { recursive: false }),
  ],
  [
    "mkdir",
    "file/below",
    "ENOTDIR",
    ({ fs, path }) => fs.makeDirectory(path("file/below"), { recursive: true }),
  ],
  ["remove", "missing", "ENOENT", ({ fs, path }) => fs.remove(path("missing"), { recursive: false })],
  [
    "remove",
    "missing",
    "ENOENT",
    ({ fs, path }) => fs.remove(path("missing"), { recursive: true }),
    ", recursive,",
  ],
  [
    "remove",
    "full",
    ["ENOTEMPTY", "EEXIST"],
    ({ fs, path }) => fs.remove(path("full"), { recursive: false }),
  ],
  [
    "write",
    "file",
    "EBADF",
    ({ fs, path }) => using(fs.open(path("file"), READ), (file) => file.write(bytes("x"))),
  ],
  [
    "read",
    "file",
    "EBADF",
    ({ fs, path }) => using(fs.open(path("file"), { ...NOTHING, write: true }), (file) => file.read(1)),
  ],
  ["read", "empty", "EISDIR", ({ fs, path }) => using(fs.open(path("empty"), READ), (file) => file.read(1))],
  [
    "seek",
    "file",
    "EINVAL",
    ({ fs, path }) => using(fs.open(path("file"), READ), (file) => file.seek(-1, "start")),
  ],
];

const closedCalls: Readonly<Record<string, (file: RawFile) => Promise<unknown>>> = {
  read: (file) => file.read(1),
  write: (file) => file.write(bytes("x")),
  stat: (file) => file.stat(),
  seek: (file) => file.seek(0, "start"),
  truncate: (file) => file.truncate(0),
  sync: (file) => file.sync(),
};

/** The contract's files. */
export function rawFsTests({ raw }: Register): void {
  const folder = (title: string, fn: (folder: Folder) => Promise<void>): void => {
    raw(`files: ${title}`, (backend) => useFolder(backend, fn));
  };
  const file = (
    title: string,
    how: RawOpenOptions,
    fn: (file: RawFile, folder: Folder) => Promise<void>,
  ): void => {
    folder(title, (inside) => using(inside.fs.open(inside.path("file"), how), (open) => fn(open, inside)));
  };

  for (const [syscall, name, code, call, how = ""] of failures) {
    folder(
      `${syscall} of '${name}'${how} is ${[code].flat().join(" or ")}, and the error names both`,
      async (inside) => {
        const error = await refuses(call(inside), code, syscall);
        equal([error.syscall, error.path], [syscall, inside.path(name)], "what it names");
      },
    );
  }

  for (const [name, call] of Object.entries(closedCalls)) {
    file(`${name} after close is EBADF`, MAKE, async (open) => {
      await open.close();
      equal((await refuses(call(open), "EBADF", name)).syscall, name, "the syscall");
    });
  }

  file(
    "a read gives at most what was asked for, in memory of its own, then null again and again",
    READ,
    async (open) => {
      const first = await open.read(2);
      new Uint8Array(first!.buffer).fill(0);
      equal(
        [text(await open.read(100)), await open.read(1), await open.read(1)],
        ["llo", null, null],
        "the rest",
      );
    },
  );

  file("reads and writes move one position", MAKE, async (open) => {
    await open.read(1);
    await open.write(bytes("EL"));
    equal(text(await open.read(100)), "lo", "what is read behind the write");
    await open.write(bytes("!"));
    equal(await open.seek(0, "start"), 0, "the start");
    equal(text(await open.read(100)), "hELlo!", "the whole");
  });

  file("seek goes from the start, the position and the end, and past it", MAKE, async (open) => {
    equal(
      [await open.seek(2, "start"), await open.seek(-1, "current"), await open.seek(-2, "end")],
      [2, 1, 3],
      "positions",
    );
    equal(await open.seek(2, "end"), 7, "past the end");
    equal(await open.read(1), null, "what is read there");
    await open.write(bytes("x"));
    await open.seek(0, "start");
    equal(text(await open.read(100)), "hello\0\0x", "the whole");
  });

  file(
    "append writes at the end wherever the position is, and leaves it there",
    { ...NOTHING, read: true, append: true },
    async (open) => {
      equal(text(await open.read(2)), "he", "what is read at the start");
      await open.write(bytes("+1"));
      equal([await open.seek(0, "current"), await open.read(1)], [7, null], "the position after it");
      await open.seek(0, "start");
      await open.write(bytes("+2"));
      await open.seek(0, "start");
      equal(text(await open.read(100)), "hello+1+2", "the whole");
    },
  );

  file("truncate makes it shorter and longer, and leaves the position", MAKE, async (open) => {
    await open.seek(3, "start");
    await open.truncate(2);
    equal([(await open.stat()).size, await open.seek(0, "current")], [2, 3], "size and position");
    await open.truncate(4);
    await open.seek(0, "start");
    equal(text(await open.read(100)), "he\0\0", "the whole");
    await open.sync();
  });

  file("truncate on opening empties it", { ...NOTHING, write: true, truncate: true }, async (open) => {
    equal((await open.stat()).size, 0, "the size");
  });

  file("close waits for what is under way, and is idempotent", MAKE, async (open, { fs, path }) => {
    const writing = open.write(new Uint8Array(1 << 20));
    await Promise.all([open.close(), open.close()]);
    await writing;
    equal((await fs.stat(path("file"), true)).size, 1 << 20, "the size");
  });

  folder("stat knows kind, size, permissions and times", async ({ fs, path }) => {
    const [file, directory] = await Promise.all([fs.stat(path("file"), true), fs.stat(path("empty"), true)]);
    equal([file.kind, file.size, directory.kind], ["file", 5, "directory"], "kind and size");
    ok(file.mode >= 0 && file.mode <= 0o7777, "permission bits");
    for (const time of [file.modifiedAt, file.accessedAt, file.createdAt ?? file.modifiedAt])
      ok(time > 1e12, "a time in ms");
    const again = await fs.stat(path("./file"), false);
    equal(again.identity, file.identity, "the identity by another path");
    ok(
      file.identity === undefined || file.identity !== directory.identity,
      "another file's identity is another",
    );
  });

  folder("a file that is made has the permissions asked for", async ({ fs, path }) => {
    await (await fs.open(path("mine"), { ...MAKE, exclusive: true, mode: 0o600 })).close();
    const { mode } = await fs.stat(path("mine"), true);
    ok(mode === 0o600 || mode === 0 || fs.separator === "\\", `0600, received ${mode.toString(8)}`);
  });

  folder("readDirectory gives each entry with its kind", async ({ fs, path }) => {
    const entries = (await fs.readDirectory(path("."))).map(({ name, kind }) => `${name}: ${kind}`);
    equal(entries.sort(), ["empty: directory", "file: file", "full: directory"], "the entries");
  });

  folder(
    "makeDirectory makes parents, and with recursive does not mind that it is there",
    async ({ fs, path }) => {
      await fs.makeDirectory(path("a/b/c"), { recursive: true });
      await fs.makeDirectory(path("a/b/c"), { recursive: true });
      equal((await fs.stat(path("a/b/c"), true)).kind, "directory", "the kind");
    },
  );

  folder("remove takes a file, an empty directory, a whole tree", async ({ fs, path }) => {
    await fs.remove(path("file"), { recursive: false });
    await fs.remove(path("empty"), { recursive: false });
    await fs.remove(path("full"), { recursive: true });
    equal(await fs.readDirectory(path(".")), [], "what is left");
  });

  folder(
    "temporary directories are new, this user's, and where they were asked for",
    async ({ fs, path }) => {
      const parent = path("empty");
      const made = [0, 1].map(() => fs.makeTemporaryDirectory({ prefix: "some-", parent }));
      const paths = await Promise.all(made);
      ok(paths[0] !== paths[1], "two are different");
      for (const one of paths) {
        ok(one.startsWith(`${parent}${fs.separator}some-`), `begins with the prefix, received ${one}`);
        const { kind, mode } = await fs.stat(one, true);
        ok(kind === "directory" && (mode & 0o077) === 0, "a directory, closed to others");
      }
    },
  );
}

async function using<T>(opening: Promise<RawFile>, fn: (file: RawFile) => Promise<T>): Promise<T> {
  const file = await opening;
  try {
    return await fn(file);
  } finally {
    await file.close();
  }
}

async function useFolder({ fs }: Backend, fn: (folder: Folder) => Promise<void>): Promise<void> {
  const root = await fs!.makeTemporaryDirectory({ prefix: "arborio-conformance-" });
  const path = (name: string): string => `${root}/${name}`;
  try {
    for (const name of ["full", "empty"]) await fs!.makeDirectory(path(name), { recursive: false });
    for (const name of ["file", "full/inside"])
      await using(fs!.open(path(name), MAKE), (file) => file.write(bytes("hello")));
    await fn({ fs: fs!, path });
  } finally {
    await fs!.remove(root, { recursive: true });
  }
}

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
} from "@arborio/fs";
import { equal, ok, refuses, rejection } from "./assert.ts";
import { inCancelledScope } from "./cancelled.ts";
import { withFolder } from "./folder.ts";
import type { Register } from "./suite.ts";

const CHANGES: Readonly<Record<string, (path: string) => Promise<unknown>>> = {
  writeFile: (path) => writeFile(`${path}/new`, "x"),
  mkdir: (path) => mkdir(`${path}/new`),
  remove: (path) => remove(`${path}/file`),
  openFile: (path) => openFile(`${path}/new`, { mode: "w" }),
};

/** Operations on paths, through the public package. */
export function pathTests(register: Register): void {
  const folder = (title: string, fn: (path: string) => Promise<void>): void =>
    withFolder(register, title, fn);
  const { run } = register;

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

  for (const prefix of ["", ".", "..", "..."]) {
    run(`temporaryDirectory: it is in its parent, also with the prefix "${prefix}"`, () =>
      temporaryDirectory(async (parent) => {
        await using made = await openTemporaryDirectory({ prefix, parent });
        const [entry] = await readDirectory(parent);
        equal(made.path, `${parent}/${entry?.name ?? "nothing"}`, "where it is");
        ok(entry?.name.startsWith(prefix), `its name begins so, received ${String(entry?.name)}`);
      }),
    );
  }

  run("a path longer than the system takes is an OSError of one short line", async () => {
    const path = `/${"x".repeat(1 << 20)}\n`;
    const { message } = await refuses(stat(path), "ENAMETOOLONG", "stat");
    ok(message.length <= 300 && !message.includes("\n"), `a short line, received ${String(message.length)}`);
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

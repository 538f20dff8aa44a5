import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { locate } from "@arborio-internal/runtimes";
import { describe, expect, test } from "vitest";
import {
  createMemoryByteStreams,
  leaves,
  mkdir,
  readFile,
  run,
  taskGroup,
  temporaryDirectory,
  writeFile,
  type ByteStream,
} from "arborio";
import { start } from "../tools/running.ts";
import { textOf } from "./loopback.ts";
import { mirror, sendFile, type Handler } from "./mirror.ts";

const silent = (): void => {};

/** Runs the mirror over a small tree of files, with that handler. */
function mirrored(handler?: Handler): ReturnType<typeof mirror> {
  return run(() =>
    temporaryDirectory(async (directory) => {
      await mkdir(`${directory}/deep/er`, { recursive: true });
      await writeFile(`${directory}/empty`, new Uint8Array());
      await writeFile(`${directory}/deep/text`, new TextEncoder().encode("a line\n"));
      await writeFile(`${directory}/deep/er/large`, new Uint8Array(300_000).fill(7));
      return mirror(directory, silent, handler);
    }),
  );
}

/** A stream that passes what is sent through `change`. */
function tampering(connection: ByteStream, change: (bytes: Uint8Array) => Uint8Array): ByteStream {
  const send: ByteStream["send"] = (bytes, options) => connection.send(change(bytes), options);
  return new Proxy(connection, {
    get: (target, key) => {
      if (key === "send") return send;
      const member = Reflect.get(target, key) as unknown;
      return typeof member === "function" ? (member.bind(target) as unknown) : member;
    },
  });
}

const OUTSIDE = [
  "../secret",
  "deep/../../secret",
  "%2e%2e/secret",
  "..\\secret",
  "deep/\0",
  "deep/file\0",
  "link",
  "up/secret",
  "up",
  "deep",
  "deep/file/x",
  "/etc/hostname",
  "../../../etc/hostname",
  "missing",
  "x".repeat(4_000),
  ".",
  "",
];

const large = (bytes: Uint8Array): boolean => bytes.length === 300_000;

describe("the mirror", () => {
  test("fetches and verifies every file, and leaves no task", async () => {
    expect(await mirrored()).toMatchObject({ files: 3, bytes: 300_007, verified: 3, tasksLeft: 0 });
  });

  test.each([
    ["truncated", (bytes: Uint8Array) => (large(bytes) ? bytes.subarray(1) : bytes)],
    [
      "corrupted",
      (bytes: Uint8Array) => (large(bytes) ? bytes.map((byte, at) => (at === 150_000 ? 0 : byte)) : bytes),
    ],
  ])("finds a %s transfer", async (fault, change) => {
    const handler: Handler = (directory, connection) => sendFile(directory, tampering(connection, change));
    const error: unknown = await mirrored(handler).catch((thrown: unknown) => thrown);
    expect(leaves(error).map(String)).toEqual([
      expect.stringContaining(`Cannot fetch deep/er/large: ${fault}`),
    ]);
  });

  test("sends what is below the directory, and nothing else, however it is asked for", async () => {
    const answers = await run(() =>
      temporaryDirectory(async (folder) => {
        await mkdir(`${folder}/site/deep`, { recursive: true });
        await writeFile(`${folder}/secret`, new Uint8Array(1));
        await writeFile(`${folder}/site/deep/file`, new TextEncoder().encode("hello"));
        await symlink("../secret", `${folder}/site/link`);
        await symlink("..", `${folder}/site/up`);
        const ask = async (path: string): Promise<string> => {
          const [client, server] = createMemoryByteStreams();
          return await taskGroup(async (group) => {
            group.spawn(() => sendFile(`${folder}/site`, server).finally(() => server.close()));
            await client.send(new TextEncoder().encode(`${path}\n`));
            return textOf(client);
          });
        };
        const found: Record<string, string> = {};
        for (const path of ["deep/file", ...OUTSIDE, `${folder}/secret`])
          found[path.replace(folder, "")] = (await ask(path)).replace(/ \w+\n/, " ");
        return found;
      }),
    );
    const none = [...OUTSIDE, "/secret"].map((path) => [path, "none\n"]);
    expect(answers).toEqual({ "deep/file": "5 hello", ...Object.fromEntries(none) });
  });

  test("a failure ends the server and removes the directory", async () => {
    let kept = "";
    const handler: Handler = () => Promise.reject(new Error("no"));
    await run(() =>
      temporaryDirectory(async (directory) => {
        kept = directory;
        await writeFile(`${directory}/one`, new Uint8Array(1));
        await mirror(directory, silent, handler);
      }),
    ).catch(() => undefined);
    await expect(run(() => readFile(`${kept}/one`))).rejects.toMatchObject({ code: "ENOENT" });
  });
});

const here = "Deno" in globalThis ? "these run on Deno too, from the run on Node" : undefined;

for (const runtime of ["node", "deno"] as const) {
  const { reason = here } = locate(runtime);
  test.skipIf(reason !== undefined)(
    `Ctrl-C in the middle removes the directory and exits 130, on ${runtime}`,
    async () => {
      const scratch = await mkdtemp(path.join(tmpdir(), "mirror-test-"));
      const program = start(runtime, "examples/mirror.ts", [path.resolve("packages")], {
        env: { TMPDIR: scratch },
      });
      await program.printed(/^100 of /);
      const during = await readdir(scratch);
      program.signal("SIGINT");
      const { code, stderr } = await program.ended;
      const after = await readdir(scratch);
      await rm(scratch, { recursive: true });
      expect({ during: during.length, code, stderr, after }).toEqual({
        during: 1,
        code: 130,
        stderr: "",
        after: [],
      });
    },
  );
}

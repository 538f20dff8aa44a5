import { lstatSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { backend } from "./programs/backend.ts";

const unix = backend.net!.unix!;

async function inFolder(fn: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "arborio-"));
  try {
    await fn(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("UNIX: closing does not move the socket of another that has the path by then, not for a moment", async () => {
  await inFolder(async (folder) => {
    const path = join(folder, "socket");
    const first = await unix.listen({ path });
    await unix.remove(path, (await unix.identify(path))!);
    const second = await unix.listen({ path });
    // It changes with each change of a name.
    const { ctimeMs, ino } = lstatSync(path);
    await first.close();
    const after = lstatSync(path);
    expect([after.ctimeMs, after.ino]).toEqual([ctimeMs, ino]);
    await second.close();
    expect(await readdir(folder)).toEqual([]);
  });
});

test("UNIX: where there is no room for another name beside the path, it is listened at and closed all the same", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/${"d".repeat(101 - folder.length - 1)}/s`;
    await backend.fs!.makeDirectory(path.slice(0, -2), { recursive: false });
    expect(path.length).toBe(103);
    const listener = await unix.listen({ path });
    await (await unix.connect(path, new AbortController().signal)).close();
    await expect(unix.listen({ path })).rejects.toMatchObject({ code: "EADDRINUSE", path });
    await (await listener.accept()).close();
    await listener.close();
    expect(await readdir(path.slice(0, -2))).toEqual([]);
  });
});

import { CancelScope } from "@arborio/cancellation";
import { openFile, type File } from "@arborio/fs";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { expect } from "vitest";
import { FakeFile, fakeFs, Manual } from "./fake-fs.ts";

let raw: FakeFile;
let opening: Manual<FakeFile> | undefined;

const test = createTest({
  backend: () => {
    raw = new FakeFile();
    opening = undefined;
    const open = (): Promise<FakeFile> => opening?.start() ?? Promise.resolve(raw);
    return simulation({ backend: { name: "fake", fs: fakeFs({ open }) }, patience: 20 });
  },
});

const open = (): Promise<File> => openFile("/there/file");
const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

async function cancelWaiting(operation: () => Promise<unknown>): Promise<void> {
  const scope = new CancelScope();
  const waiting = scope.run(operation);
  scope.cancel();
  await waiting;
}

test("C4: a file that is open after its open was cancelled is closed", async () => {
  opening = new Manual();
  await cancelWaiting(open);
  opening.end(raw);
  await turns();
  expect(raw.log).toEqual(["close"]);
});

test("arguments are checked first, synchronously", async () => {
  const file = await open();
  expect(() => file.read(0)).toThrow(
    new RangeError("Cannot read the file: maxBytes must be an integer of at least 1, received 0"),
  );
  expect(() => file.write("text" as never)).toThrow(
    new TypeError("Cannot write the file: it takes a Uint8Array, received string"),
  );
  expect(() => file.seek(1.5)).toThrow(
    new RangeError("Cannot seek in the file: offset must be an integer, received 1.5"),
  );
  expect(() => file.truncate(-1)).toThrow(
    new RangeError("Cannot truncate the file: size must be an integer of at least 0, received -1"),
  );
});

test("M4: messages name the file, what cannot be done and why", async () => {
  const file = await open();
  const first = file.read();
  await expect(file.write(new Uint8Array(1))).rejects.toThrow(
    "Cannot write /there/file: another task is using the file",
  );
  raw.reading.end(null);
  await expect(first).rejects.toThrow("Cannot read /there/file: the file has ended");
  await file.close();
  await expect(file.sync()).rejects.toThrow("Cannot sync /there/file: the file was closed on this side");
});

test("M6: a read after a cancelled one begins none of its own", async () => {
  const file = await open();
  await cancelWaiting(() => file.read());
  const next = file.read(1);
  raw.reading.end(new Uint8Array([1, 2]));
  expect([[...(await next)], [...(await file.read(9))]]).toEqual([[1], [2]]);
  expect(raw.log).toEqual(["read"]);
});

test("M6: a change after a cancelled read waits for its end, and goes back over what it read", async () => {
  const file = await open();
  await cancelWaiting(() => file.read());
  const change = file.truncate(3);
  await turns();
  expect(raw.log).toEqual(["read"]);
  raw.reading.end(new Uint8Array([1, 2]));
  await change;
  expect(raw.log).toEqual(["read", "seek -2 current", "truncate"]);
});

test("C5: a write, once begun, is waited for", async () => {
  const file = await open();
  const scope = new CancelScope();
  let written = false;
  const writing = scope.run(async () => {
    await file.write(new Uint8Array(1));
    written = true;
  });
  scope.cancel();
  await turns();
  expect(written).toBe(false);
  raw.writing.end();
  await writing;
  expect([written, scope.cancelledCaught]).toEqual([true, false]);
});

import { shield } from "@arborio/cancellation";
import { openFile, openTemporaryDirectory, readFile, type File } from "@arborio/fs";
import { equal } from "./assert.ts";
import { bytes, receiveText, text } from "./bytes.ts";
import { underDeadline, type LookTest } from "./under-deadline.ts";

/** Reading and writing files. */
export function fileLooks(test: LookTest): void {
  test("M6: a read of a file loses nothing", () =>
    withFile("abcdef", async (file) => {
      let came = "";
      await underDeadline(
        async () => (came = text(await file.read(3))!),
        async () => equal(came + (await receiveText(file, 6 - came.length)), "abcdef", "what came"),
      );
    }));

  test("a write to a file is whole, or nothing, and a later one comes after it", () =>
    withFile("", async (file, path) => {
      await underDeadline(
        () => file.write(bytes("first ")),
        async (done) => {
          await file.write(bytes("later"));
          equal(text(await readFile(path)), done ? "first later" : "later", "what is in it");
        },
      );
    }));
}

/** Uses a file, open for reading and writing, that has `content`, from its beginning. */
async function withFile(content: string, use: (file: File, path: string) => Promise<void>): Promise<void> {
  const folder = await shield(() => openTemporaryDirectory());
  const path = `${folder.path}/file`;
  const file = await shield(() => openFile(path, { mode: "w+" }));
  try {
    await shield(() => file.write(bytes(content)).then(() => file.seek(0)));
    await use(file, path);
  } finally {
    file.closeForcefully();
    await shield(() => folder[Symbol.asyncDispose]());
  }
}

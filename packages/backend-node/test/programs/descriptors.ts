// Serves; uses up its descriptors, and gives them back, one step for each byte it reads.
import { host, isError, run } from "@arborio/core";
import { openFile, type File } from "@arborio/fs";
import { createTcpListener } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { backend } from "./backend.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

async function useUp(): Promise<File[]> {
  const files: File[] = [];
  try {
    for (;;) files.push(await openFile("/dev/null"));
  } catch (error) {
    if (isError(error, "OSError") && error.code === "EMFILE") return files;
    throw error;
  }
}

await run(
  async () => {
    const { stdin, stdout } = host();
    const step = async (what: string): Promise<void> => {
      await stdout.write(encode(`${what}\n`));
      await stdin.read(1);
    };
    const listener = await createTcpListener();
    await taskGroup(async (group) => {
      group.spawn(() => listener.serve((stream) => stream.send(encode("hello"))));
      await step(`port ${String(listener.localAddress.port)}`);
      const files = await useUp();
      await step("none left");
      for (const file of files) await file.close();
      await step("all back");
      await listener.close();
    });
  },
  { backend },
);

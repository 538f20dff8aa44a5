// Starts at each path it is told, if it can, says what came of it, and closes when it is told the next line. It greets who connects.
import { isError, run } from "@arborio/core";
import { createUnixListener, type UnixListener } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { backend } from "./backend.ts";

const { args, stdin } = backend.host!;
const name = new TextEncoder().encode(args[0]);

async function line(): Promise<string | undefined> {
  const bytes = await stdin.read(1_000);
  return bytes === null ? undefined : new TextDecoder().decode(bytes).trimEnd();
}

function codeOf(error: unknown): string {
  if (isError(error, "OSError")) return error.code;
  throw error;
}

async function greet(listener: UnixListener): Promise<void> {
  console.log(`${String(round)} listening`);
  await taskGroup(async (group) => {
    // The other one may have connected to see whether it lives, and left.
    const onError = (): void => {};
    group.spawn(() => listener.serve((client) => client.send(name), { onError }));
    await line();
    await listener.close();
  });
}

let round = 0;
console.log("ready");
await run(
  async () => {
    for (let path = await line(); path !== undefined; path = await line()) {
      round++;
      const listener = await createUnixListener(path).catch(codeOf);
      if (typeof listener !== "string") await greet(listener);
      else {
        console.log(`${String(round)} ${listener}`);
        await line();
      }
      console.log(`${String(round)} closed`);
    }
  },
  { backend },
);

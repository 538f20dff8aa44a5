// Writes its argument, a variable, and what it reads, to stdout; what it read in how many bytes to stderr; ends with 3.
import { host, run } from "@arborio/core";
import { backend } from "./backend.ts";

await run(
  async () => {
    const process = host();
    const { args, stdin, stdout, stderr } = process;
    await stdout.write(new TextEncoder().encode(`${args.join()} ${String(process.env("GREETING"))} `));
    let count = 0;
    for (let chunk = await stdin.read(3); chunk !== null; chunk = await stdin.read(3)) {
      count += chunk.length;
      await stdout.write(chunk);
    }
    await stderr.write(new TextEncoder().encode(String(count)));
    process.setExitCode(3);
  },
  { backend },
);

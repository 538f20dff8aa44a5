// Writes its argument, a variable, and what it reads, to stdout; what it read in how many bytes to stderr; ends with 3.
import { host, run } from "@arborio/core";
import { backend } from "./backend.ts";

await run(
  async () => {
    const { args, env, stdin, stdout, stderr, setExitCode } = host();
    await stdout.write(new TextEncoder().encode(`${args.join()} ${String(env("GREETING"))} `));
    let count = 0;
    for (let chunk = await stdin.read(3); chunk !== null; chunk = await stdin.read(3)) {
      count += chunk.length;
      await stdout.write(chunk);
    }
    await stderr.write(new TextEncoder().encode(String(count)));
    setExitCode(3);
  },
  { backend },
);

import { host } from "@arborio/core";
import { equal, ok, thrown } from "./assert.ts";
import type { Register } from "./suite.ts";

/** The contract's host, as far as it can be tested from within; streams and exits are tested in processes of their own. */
export function hostTests({ run }: Register): void {
  run("host: arguments are strings", async () => {
    ok(
      host().args.every((argument) => typeof argument === "string"),
      "all are strings",
    );
  });

  run("host: a variable that is not set is undefined", async () => {
    for (const name of ["ARBORIO_NO_SUCH_VARIABLE", "NO_SUCH_VARIABLE"])
      equal(host().env(name), undefined, `the value of "${name}"`);
  });

  run("host: what can name no variable is a TypeError: none is read in its place", async () => {
    for (const name of ["PATH\0", "PATH\0B", "", "=", "PATH=", 5, Symbol("PATH")]) {
      const error = thrown(() => host().env(name as never));
      ok((error as Error).name === "TypeError", `a TypeError, received ${String(error)}`);
    }
    equal(host().env("x".repeat(1 << 20)), undefined, "one of a long name");
  });

  run("host: the platform is named in Node's words", async () => {
    const { platform } = host();
    ok(/^[a-z]+[0-9]*$/.test(platform) && platform !== "windows", `a platform, received ${platform}`);
  });

  run("host: columns are a number only where stdout is a terminal", async () => {
    const { stdin, stdout, stderr, columns } = host().terminal;
    ok(
      [stdin, stdout, stderr].every((terminal) => typeof terminal === "boolean"),
      "each is true or false",
    );
    if (!stdout) equal(columns, undefined, "columns");
    else ok(columns !== undefined && columns >= 0, "columns are a number");
  });

  run("host: writing nothing resolves", async () => {
    await host().stdout.write(new Uint8Array());
    await host().stderr.write(new Uint8Array());
  });
}

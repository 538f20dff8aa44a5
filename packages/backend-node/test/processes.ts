import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { connect, type Socket } from "node:net";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect as connectTls } from "node:tls";
import { fileURLToPath } from "node:url";
import { certificates } from "@arborio/conformance";
import { expect, test } from "vitest";
import { expectOneWinner } from "./starters.ts";

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Tests of a backend by programs in processes of their own; `flags` come before the program's path. */
export function processTests(name: string, flags: readonly string[]): void {
  const start = (program: string, ...args: string[]): Child => new Child(flags, program, args);

  for (const [signal, code] of [
    ["SIGTERM", 143],
    ["SIGINT", 130],
  ] as const) {
    test(`F5: ${name}: a root that sleeps forever stays up, and ${signal} runs its cleanup`, async () => {
      const child = start("forever.ts");
      await child.says("ready");
      child.kill(signal);
      const ended = await child.ended;
      expect(ended).toMatchObject({ code, signal: null, stdout: "ready\ngoodbye\n" });
    });
  }

  test(`signals: ${name}: a listener is called in place of the default action`, async () => {
    const child = start("signal.ts");
    await child.says("ready");
    child.kill("SIGUSR2");
    await child.says("again");
    child.kill("SIGUSR2");
    expect(await child.ended).toMatchObject({ code: 0, stdout: "ready\none\nagain\ntwo\n", stderr: "" });
  });

  test(`host: ${name}: arguments, environment, standard streams and exit code`, async () => {
    const child = start("echo.ts", "a", "b c");
    child.process.stdin.end("häßlich");
    expect(await child.ended).toMatchObject({ code: 3, stdout: "a,b c hi häßlich", stderr: "9" });
  });

  test(`host: ${name}: exit ends the process at once`, async () => {
    expect(await start("exit.ts").ended).toMatchObject({ code: 4 });
  });

  test.skipIf(process.platform === "win32")(
    `serve: ${name}: out of descriptors, it serves again when some come back`,
    async () => {
      const child = Child.withDescriptors(128, flags, "descriptors.ts");
      await child.says("port");
      const port = Number(/port (\d+)/.exec(child.said)?.[1]);
      const step = (): boolean => child.process.stdin.write(".");
      expect(await ask(port)).toBe("hello");
      step();
      await child.says("none left");
      const [during, reset] = [ask(port), ask(port)];
      step();
      await child.says("all back");
      expect(await ask(port)).toBe("hello");
      // Node's libuv closes what it has no descriptor for; elsewhere it waits in the system's queue.
      for (const answer of [await during, await reset]) expect(["hello", ""]).toContain(answer);
      step();
      expect(await child.ended).toMatchObject({ code: 0, stderr: "" });
    },
  );

  test.skipIf(process.platform === "win32")(
    `TLS: ${name}: more silent clients than descriptors: when their time is over a good client is served`,
    { timeout: 20_000 },
    async () => {
      const { authority, server } = await certificates();
      const { certificate, key } = server;
      const child = Child.withDescriptors(90, flags, "silent-clients.ts", certificate, key);
      await child.says("\n");
      const port = Number(child.said);
      const silent = Array.from({ length: 100 }, () => connect(port, "127.0.0.1").on("error", () => {}));
      await Promise.all(silent.map((socket) => new Promise((resolve) => socket.once("connect", resolve))));
      // Node closes what it has no descriptor for: then it is tried again.
      let answer = "";
      while (answer === "")
        answer = await asked(connectTls({ port, host: "127.0.0.1", ca: authority, servername: "localhost" }));
      expect(answer).toBe("hello");
      for (const socket of silent) socket.destroy();
      child.process.stdin.write(".");
      expect(await child.ended).toMatchObject({ code: 0, stderr: "" });
    },
  );

  test(`UNIX: ${name}: the socket that a killed listener left is taken by the next`, async () => {
    const folder = await mkdtemp(join(tmpdir(), "arborio-"));
    const path = join(folder, "socket");
    try {
      for (let i = 0; i < 2; i++) {
        const child = start("unix-listener.ts", path);
        await child.says("ready");
        child.kill("SIGKILL");
        await child.ended;
        expect(await readdir(folder)).toEqual(["socket"]);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test(`UNIX: ${name}: of two that start over the socket of a third, one has the path`, async () => {
    await expectOneWinner([start("unix-starter.ts", "0"), start("unix-starter.ts", "1")], 40);
  });

  test(`F3: ${name}: what a root leaves does not keep the process alive`, async () => {
    expect(await start("quiet.ts").ended).toMatchObject({ code: 0, stderr: "" });
  });

  test(`F3: ${name}: what a root leaves open, asked still by cancelled waits, does not keep the process alive`, async () => {
    expect(await start("left-open-waiting.ts").ended).toMatchObject({ code: 0, stdout: "done\n" });
  });

  test(`F3: ${name}: connections that a root leaves open do not keep the process alive`, async () => {
    expect(await start("left-open.ts").ended).toMatchObject({ code: 0, stdout: "done\n" });
  });
}

/** Tests of what functions come to without the permission for them; `flags` deny it. */
export function denialTests(name: string, flags: readonly string[], permissions: readonly string[]): void {
  for (const permission of permissions) {
    test(`permissions: ${name}: denied ${permission}, each function rejects with EACCES, and names the flag`, async () => {
      const { code, stdout, stderr } = await new Child(flags, "denied.ts", [permission]).ended;
      expect({ code, stderr: stderr.replace(/.*Warning.*\n/g, "") }).toEqual({ code: 0, stderr: "" });
      const lines = stdout.trimEnd().split("\n");
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines)
        expect(line).toMatch(
          /^[\w ,]+: OSError: Cannot .* (model|permissions) den(y|ies) it, and --allow-[a-z-]+ allows it \(EACCES\)$/,
        );
    });
  }
}

/** What a server sends until its end. */
function ask(port: number): Promise<string> {
  return asked(connect(port, "127.0.0.1"));
}

function asked(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    let received = "";
    socket.on("data", (chunk) => (received += String(chunk)));
    for (const end of ["end", "error"]) socket.on(end, () => socket.destroy());
    socket.on("close", () => resolve(received));
  });
}

/** A program, from its start to its end. */
export class Child {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Ended>;
  private stdout = "";
  private stderr = "";

  constructor(
    flags: readonly string[],
    program: string,
    args: readonly string[] = [],
    shell: readonly string[] = [],
    runtime: string = process.execPath,
  ) {
    const path = fileURLToPath(new URL(`./programs/${program}`, import.meta.url));
    const env = { ...process.env, GREETING: "hi", NO_COLOR: "1" };
    const [command = runtime, ...words] = [...shell, runtime, ...flags, path, ...args];
    this.process = spawn(command, words, { env, stdio: "pipe" });
    this.process.stdout.on("data", (chunk) => (this.stdout += String(chunk)));
    this.process.stderr.on("data", (chunk) => (this.stderr += String(chunk)));
    this.ended = new Promise((resolve) => {
      this.process.on("close", (code, signal) =>
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr }),
      );
    });
  }

  /** One that may have so many descriptors open. */
  static withDescriptors(count: number, flags: readonly string[], program: string, ...args: string[]): Child {
    return new Child(flags, program, args, ["sh", "-c", `ulimit -n ${String(count)}; exec "$@"`, "sh"]);
  }

  get said(): string {
    return this.stdout;
  }

  // Not ChildProcess.kill: Deno's then reports the signal as the one that ended the child, and sends no second one.
  kill(signal: string): void {
    process.kill(this.process.pid!, signal);
  }

  /** Resolves when it has said the word. */
  async says(word: string | RegExp): Promise<void> {
    while (this.stdout.search(word) < 0) {
      const more = new Promise((resolve) => this.process.stdout.once("data", resolve));
      const over = this.ended.then(({ stderr }) => Promise.reject(new Error(`it ended first: ${stderr}`)));
      await Promise.race([more, over]);
    }
  }
}

import { randomBytes } from "node:crypto";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import type { RuntimeName } from "@arborio-internal/runtimes";
import { Faults, portOf, sha256Of, type Bench } from "./bench.ts";
import type { Running } from "../running.ts";
import { issueCertificates } from "./certificates.ts";
import type { Peer } from "./peer.ts";

const REQUESTS = 2_000;
const SECURE_REQUESTS = 500;
const LARGE = 64 << 20;

/** curl against our HTTP server. */
export const curl: Peer = {
  name: "curl",
  needs: { curl: "curl" },
  async run(runtime, bench) {
    const faults = new Faults();
    const site = await makeSite(bench);
    const server = bench.ours(runtime, "examples/http.ts", site);
    const base = `http://127.0.0.1:${await portOf(server, /^http:.*:(\d+)\//)}`;
    const get = (...args: string[]): Promise<string> =>
      bench.call("curl", ["-sS", "--max-time", "60", ...args]);

    await exercise(bench, get, base, REQUESTS, faults);
    await stop(server, faults);
    return faults.found;
  },
};

/** curl against the same by TLS. */
export const https: Peer = {
  name: "https",
  needs: { curl: "curl", openssl: "openssl" },
  async run(runtime, bench) {
    const faults = new Faults();
    const [site, folder] = [await makeSite(bench), await issueCertificates(bench)];
    const pair = ["pem", "key"].map((ending) => `${folder}/server.${ending}`);
    const server = bench.ours(runtime, "tools/interop/programs/https.ts", site, ...pair);
    const base = `https://127.0.0.1:${await portOf(server, /port (\d+)/)}`;
    const get = (...args: string[]): Promise<string> =>
      bench.call("curl", ["-sS", "--max-time", "60", "--cacert", "tls/authority.pem", ...args]);

    await exercise(bench, get, base, SECURE_REQUESTS, faults);
    const strange = await get("--cacert", "tls/stranger.pem", base).catch((error: unknown) => String(error));
    faults.equal("an authority that curl does not know", /ended with 60/.test(strange), true);
    faults.equal("after it", await get("-r", "5-9", `${base}/small.txt`), "56789");
    await stop(server, faults);
    return faults.found;
  },
};

async function stop(server: Running, faults: Faults): Promise<void> {
  server.signal("SIGINT");
  faults.equal("exit code after Ctrl-C", (await server.ended).code, 130);
  faults.equal("stderr", (await server.ended).stderr, "");
}

type Get = (...args: string[]) => Promise<string>;

async function exercise(
  bench: Bench,
  get: Get,
  base: string,
  requests: number,
  faults: Faults,
): Promise<void> {
  await keepAlive(get, base, requests, faults);
  await parallel(get, base, requests, faults);
  await largeBodies(bench, get, base, faults);
  await small(get, base, faults);
}

async function makeSite(bench: Bench): Promise<string> {
  const site = bench.file("site");
  await mkdir(site);
  await writeFile(`${site}/small.txt`, "0123456789".repeat(20));
  await writeFile(`${site}/large.bin`, randomBytes(LARGE));
  await writeFile(bench.file("secret"), "secret");
  await symlink("../secret", `${site}/link`);
  return site;
}

/** All requests on one connection. */
async function keepAlive(get: Get, base: string, requests: number, faults: Faults): Promise<void> {
  const url = `${base}/small.txt?[1-${String(requests)}]`;
  const text = await get("-o", "/dev/null", "-w", "%{http_code} %{num_connects} %{size_download}\n", url);
  const lines = text.trim().split("\n");
  const connects = lines.reduce((sum, line) => sum + Number(line.split(" ")[1]), 0);
  faults.equal(
    "answers on one connection",
    lines.filter((line) => /^200 \d 200$/.test(line)).length,
    requests,
  );
  faults.equal("connections", connects, 1);
}

async function parallel(get: Get, base: string, requests: number, faults: Faults): Promise<void> {
  const url = `${base}/small.txt?[1-${String(requests)}]`;
  const flags = ["--parallel", "--parallel-immediate", "--parallel-max", "50", "--no-progress-meter"];
  const text = await get(...flags, "-o", "/dev/null", "-w", "%{http_code} %{size_download}\n", url);
  faults.equal("answers in parallel", text.split("\n").filter((line) => line === "200 200").length, requests);
}

async function largeBodies(bench: Bench, get: Get, base: string, faults: Faults): Promise<void> {
  const large = bench.file("site/large.bin");
  const [expected, out] = [await sha256Of(large), bench.file("out")];
  const bodies: Readonly<Record<string, readonly string[]>> = {
    "a download": [`${base}/large.bin`],
    "an upload and what comes back": ["--data-binary", `@${large}`, base],
    "an upload in chunks": ["-X", "POST", "-H", "Transfer-Encoding: chunked", "-T", large, base],
    "an upload without asking": ["-H", "Expect:", "--data-binary", `@${large}`, base],
    "a slow upload": ["--limit-rate", "40M", "--data-binary", `@${large}`, base],
    "a download by HTTP/1.0": ["-0", `${base}/large.bin`],
  };
  for (const [what, args] of Object.entries(bodies)) {
    await get("-o", out, ...args);
    faults.equal(what, await sha256Of(out), expected);
  }
  await get("-o", out, "-r", "0-999999", `${base}/large.bin`);
  await get("-o", out, "-C", "-", `${base}/large.bin`);
  faults.equal("a download that is resumed", await sha256Of(out), expected);
}

async function small(get: Get, base: string, faults: Faults): Promise<void> {
  const head = await get("-I", `${base}/large.bin`);
  faults.equal("HEAD", /content-length: (\d+)/.exec(head)?.[1], String(LARGE));
  faults.equal("a range", await get("-r", "5-9", `${base}/small.txt`), "56789");
  const status = (...args: string[]): Promise<string> =>
    get("-o", "/dev/null", "-w", "%{http_code}", ...args);
  const targets: Readonly<Record<string, string>> = {
    "/nothing": "404",
    "/link": "404",
    "/../secret": "400",
    "/%2e%2e/secret": "400",
    "/small.txt%00": "400",
  };
  for (const [target, code] of Object.entries(targets))
    faults.equal(target, await status("--path-as-is", base + target), code);
  faults.equal("PUT", await status("-T", "/dev/null", `${base}/small.txt`), "405");
  faults.equal("a header beyond the limit", await status("-H", `A: ${"a".repeat(20_000)}`, base), "431");
}

/** Ours against ours, and against Python's. */
export const httpClient: Peer = {
  name: "http client",
  needs: { python3: "python3" },
  async run(runtime, bench) {
    const faults = new Faults();
    const site = await makeSite(bench);
    const servers: readonly [string, Promise<string>][] = [
      ["ours", portOf(bench.ours(runtime, "examples/http.ts", site), /^http:.*:(\d+)\//)],
      ...["HTTP/1.0", "HTTP/1.1"].map((version): [string, Promise<string>] => [
        `Python's, ${version}`,
        portOf(
          bench.theirs(
            "python3",
            "-m",
            "http.server",
            "0",
            "--bind",
            "127.0.0.1",
            "-d",
            site,
            "--protocol",
            version,
          ),
          /port (\d+)/,
        ),
      ]),
    ];
    for (const [name, port] of servers) await fetchFrom(runtime, bench, name, await port, faults);
    return faults.found;
  },
};

async function fetchFrom(
  runtime: RuntimeName,
  bench: Bench,
  name: string,
  port: string,
  faults: Faults,
): Promise<void> {
  const base = `http://127.0.0.1:${port}`;
  const files = ["small.txt", "large.bin", "small.txt"];
  const client = bench.ours(
    runtime,
    "examples/http.ts",
    "--get",
    ...files.map((file) => `${base}/${file}`),
    `${base}/no`,
  );
  const { code, stdout, stderr } = await client.ended;
  const sums = await Promise.all(files.map((file) => sha256Of(bench.file(`site/${file}`))));
  const got = stdout.trim().split("\n");
  faults.equal(`${name}: exit code and stderr`, [code, stderr], [0, ""]);
  faults.equal(
    `${name}: SHA-256`,
    got.slice(0, 3).map((line) => line.split(" ")[2]),
    sums,
  );
  faults.equal(`${name}: what is not there`, got[3]?.slice(0, 3), "404");
}

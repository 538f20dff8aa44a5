import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { RuntimeName } from "@arborio-internal/runtimes";
import type { TlsClientOptions } from "arborio";
import type { Running } from "../running.ts";
import { Faults, portOf, sha256Of, type Bench } from "./bench.ts";
import { issueCertificates, pem, showing, speaking } from "./certificates.ts";
import type { Peer } from "./peer.ts";
import { freePort } from "./ports.ts";
import type { Plan } from "./tls-plan.ts";

const LARGE = 16 << 20;

/** Our client against openssl's server. */
export const tlsClient: Peer = {
  name: "tls client",
  needs: { openssl: "openssl" },
  async run(runtime, bench) {
    await issueCertificates(bench);
    const client = new Client(runtime, bench, await pem(bench, "authority.pem"));
    for (const call of await callsOf(bench)) await client.call(call);
    await transfers(client);
    await killed(client);
    return client.faults.found;
  },
};

/** A server of openssl's, what our client does there, and what each of its connections should tell. */
interface Call {
  readonly what: string;
  readonly server?: readonly string[];
  readonly tls?: Partial<TlsClientOptions>;
  readonly tells: readonly object[];
}

const refused = (error: string): readonly object[] => [{ error, syscall: "handshake" }];
/** A line there and, reversed, back. */
const WELL = { end: "EndOfStream", bytes: 6 };

async function callsOf(bench: Bench): Promise<readonly Call[]> {
  const [stranger, client, strange] = await Promise.all([
    pem(bench, "stranger.pem"),
    pair(bench, "client"),
    pair(bench, "strange"),
  ]);
  const demand = ["-Verify", "1", "-verify_return_error", "-CAfile", "tls/authority.pem"];
  return [
    ...["1.2", "1.3"].flatMap((number): Call[] => {
      const [server, version] = [[speaking(number)], `TLSv${number}` as const];
      const only = { minVersion: version, maxVersion: version } as TlsClientOptions;
      const others = number === "1.2" ? ["-tls1_3"] : ["-tls1_2"];
      // From TLS 1.3 on a client learns it when it receives.
      const unwanted = number === "1.2" ? refused("EPROTO") : [{ end: "BrokenResourceError", bytes: 0 }];
      return [
        { what: `TLS ${number}`, server, tells: [{ ...WELL, version }] },
        { what: `TLS ${number} alone`, tls: only, tells: [{ ...WELL, version }] },
        { what: `TLS ${number} alone, not there`, server: others, tls: only, tells: refused("EPROTO") },
        { what: `a certificate, TLS ${number}`, server: [...server, ...demand], tls: client, tells: [WELL] },
        {
          what: `a certificate that is refused, TLS ${number}`,
          server: [...server, ...demand],
          tls: strange,
          tells: unwanted,
        },
        { what: `no certificate, TLS ${number}`, server: [...server, ...demand], tells: unwanted },
        {
          what: `resumption, TLS ${number}`,
          server,
          tls: {},
          tells: [
            { ...WELL, resumed: false },
            { ...WELL, resumed: true },
          ],
        },
      ];
    }),
    {
      what: "TLS 1.1",
      server: ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"],
      tells: refused("EPROTO"),
    },
    {
      what: "ALPN, the client's choice",
      server: ["-alpn", "h2,http/1.1"],
      tls: { alpn: ["http/1.1"] },
      tells: [{ ...WELL, alpn: "http/1.1" }],
    },
    {
      what: "ALPN with nothing in common",
      server: ["-alpn", "h2"],
      tls: { alpn: ["ftp"] },
      tells: refused("EPROTO"),
    },
    { what: "an address as its name", tls: { serverName: "127.0.0.1" }, tells: [WELL] },
    {
      what: "a certificate of another name",
      server: showing("other"),
      tells: refused("ERR_TLS_CERTIFICATE"),
    },
    { what: "an expired certificate", server: showing("expired"), tells: refused("ERR_TLS_CERTIFICATE") },
    { what: "another authority", tls: { ca: stranger }, tells: refused("ERR_TLS_CERTIFICATE") },
    { what: "no authority but the system's", tls: { ca: [] }, tells: refused("ERR_TLS_CERTIFICATE") },
    {
      what: "an expired certificate, unverified",
      server: showing("expired"),
      tls: { verify: false },
      tells: [WELL],
    },
  ];
}

async function pair(bench: Bench, name: string): Promise<{ certificate: string; key: string }> {
  return { certificate: await pem(bench, `${name}.pem`), key: await pem(bench, `${name}.key`) };
}

/** Our client, and what it should have told. */
class Client {
  readonly bench: Bench;
  readonly faults = new Faults();
  readonly #runtime: RuntimeName;
  readonly #ca: string;

  constructor(runtime: RuntimeName, bench: Bench, ca: string) {
    this.bench = bench;
    this.#runtime = runtime;
    this.#ca = ca;
  }

  async call({ what, server = [], tls = {}, tells }: Call): Promise<void> {
    const flags = ["s_server", "-accept", "127.0.0.1:0", "-rev", ...showing("server"), ...server];
    const peer = this.bench.theirs("openssl", ...flags);
    const port = await portOf(peer, /^ACCEPT .*:(\d+)/);
    const plan = { tls, send: "hello\n", expect: 6, times: tells.length };
    await this.tells(what, this.start(port, plan), tells);
    peer.signal("SIGKILL");
    await peer.ended;
  }

  start(port: string, plan: Plan): Running {
    const whole: Plan = { ...plan, tls: { ca: this.#ca, ...plan.tls } };
    return this.bench.ours(
      this.#runtime,
      "tools/interop/programs/tls-client.ts",
      port,
      JSON.stringify(whole),
    );
  }

  /** What it tells of each connection, as far as the host knows. */
  async tells(what: string, client: Running, expected: readonly object[]): Promise<void> {
    const { code, stdout, stderr } = await client.ended;
    this.faults.equal(`${what}: exit code and stderr`, [code, stderr], [0, ""]);
    const told = stdout
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    const lack = told.map(({ lacks }) => lacks).find((lacks) => typeof lacks === "string");
    if (lack !== undefined && this.#runtime !== "node")
      return console.log(`  ${what}: not on ${this.#runtime}: ${lack}`);
    for (const [at, one] of expected.entries())
      for (const [key, value] of Object.entries(one))
        if (!(UNTOLD.has(key) && told[at]?.[key] === undefined && this.#runtime !== "node"))
          this.faults.equal(`${what}: ${key}, of ${JSON.stringify(told)}`, told[at]?.[key], value);
  }
}

/** What some hosts know and do not tell. */
const UNTOLD: ReadonlySet<string> = new Set(["version", "resumed"]);

async function transfers(client: Client): Promise<void> {
  const { bench } = client;
  const text = randomBytes(LARGE / 2).toString("hex");
  const large: Large = { text, file: bench.file("large"), whole: { end: "EndOfStream", bytes: LARGE } };
  await writeFile(large.file, text);
  const sum = await sha256Of(large.file);
  for (const version of ["-tls1_2", "-tls1_3"]) {
    await download(client, version, { ...large.whole, sha256: sum });
    await bothWays(client, version, large, sum);
  }
}

interface Large {
  readonly text: string;
  readonly file: string;
  readonly whole: object;
}

/** It says close_notify at the end. */
async function download(client: Client, version: string, whole: object): Promise<void> {
  const flags = ["-accept", "127.0.0.1:0", "-HTTP", "-http_server_binmode", version, ...showing("server")];
  const server = client.bench.theirs("openssl", "s_server", ...flags);
  const plan = { tls: {}, send: "GET /large HTTP/1.0\r\n\r\n", hold: true };
  await client.tells(`download, ${version}`, client.start(await portOf(server, /^ACCEPT .*:(\d+)/), plan), [
    whole,
  ]);
  server.signal("SIGKILL");
  await server.ended;
}

async function bothWays(client: Client, version: string, large: Large, sum: string): Promise<void> {
  const port = await freePort();
  const flags = `-accept 127.0.0.1:${port} -quiet ${version} ${showing("server").join(" ")}`;
  const server = client.bench.theirs("sh", "-c", `exec openssl s_server ${flags} > out`);
  // Not its end: there it would leave.
  server.write(large.text);
  const plan = { tls: {}, file: large.file, expect: LARGE };
  await client.tells(`both ways, ${version}`, client.start(port, plan), [{ ...large.whole, sha256: sum }]);
  client.faults.equal(`both ways, ${version}: SHA-256`, await sha256Of(client.bench.file("out")), sum);
  server.signal("SIGKILL");
  await server.ended;
}

/** Killed, it says no close_notify. */
async function killed(client: Client): Promise<void> {
  const flags = ["-quiet", ...showing("server")];
  const port = await freePort();
  const server = client.bench.theirs("openssl", "s_server", "-accept", `127.0.0.1:${port}`, ...flags);
  server.write("so far");
  const waiting = client.start(port, { tls: {}, hold: true });
  await waiting.printed("receiving");
  server.signal("SIGKILL");
  await client.tells("a server that is killed", waiting, [{ end: "BrokenResourceError", bytes: 6 }]);
}

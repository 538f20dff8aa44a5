import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import type { RuntimeName } from "@arborio-internal/runtimes";
import type { Running } from "../running.ts";
import { Faults, sha256Of, type Bench } from "./bench.ts";
import { issueCertificates, showing, speaking } from "./certificates.ts";
import type { Peer } from "./peer.ts";

const LARGE = 16 << 20;
const OLDEST = ["-tls1_1", "-cipher", "DEFAULT@SECLEVEL=0"];

/** openssl's client against our server. */
export const tlsServer: Peer = {
  name: "tls server",
  needs: { openssl: "openssl" },
  async run(runtime, bench) {
    const folder = await issueCertificates(bench);
    const program = "tools/interop/programs/tls-server.ts";
    const server = new Server(runtime, bench, bench.ours(runtime, program, folder, String(LARGE)));
    for (const visit of VISITS) await server.visit(visit);
    await resumption(server);
    await transfers(server);
    await cut(server);
    return server.end();
  },
};

/** A connection of openssl's, and what it should come to. */
interface Visit {
  readonly what: string;
  /** The manner of our server. */
  readonly to: string;
  readonly with?: readonly string[];
  /** In what openssl prints. */
  readonly prints?: RegExp;
  /** In what our server tells. */
  readonly tells: object;
  readonly fails?: boolean;
}

const other = (name: string): readonly string[] => ["-servername", name, "-verify_hostname", name];
const failed = (code: string): Pick<Visit, "tells" | "fails"> => ({
  tells: { handshake: code },
  fails: true,
});

const VISITS: readonly Visit[] = [
  ...["1.2", "1.3"].flatMap((version): Visit[] => {
    const flag = speaking(version);
    const manners = { "1.2": ["old", "new"], "1.3": ["new", "old"] }[version]!;
    const well = { prints: new RegExp(`^New, TLSv${version},`, "m"), tells: { version: `TLSv${version}` } };
    return [
      { what: `TLS ${version}`, to: "any", with: [flag], ...well },
      { what: `TLS ${version}, where no other is allowed`, to: manners[0]!, with: [flag], ...well },
      { what: `TLS ${version}, where it is not allowed`, to: manners[1]!, with: [flag], ...failed("EPROTO") },
      {
        what: `a client's certificate, TLS ${version}`,
        to: "require",
        with: [flag, ...showing("client")],
        tells: { client: true },
      },
      {
        what: `a client's certificate of a stranger, TLS ${version}`,
        to: "ask",
        with: [flag, ...showing("strange")],
        ...failed("ERR_TLS_CERTIFICATE"),
      },
      { what: `no client's certificate, TLS ${version}`, to: "require", with: [flag], ...failed("EPROTO") },
      { what: `STARTTLS, TLS ${version}`, to: "starttls", with: [flag, "-starttls", "smtp"], ...well },
    ];
  }),
  { what: "TLS 1.1", to: "any", with: OLDEST, ...failed("EPROTO") },
  { what: "no client's certificate, but asked for one", to: "ask", tells: { client: false } },
  { what: "the name asked for", to: "any", tells: { serverName: "localhost" } },
  {
    what: "another name",
    to: "names",
    with: other("other.example"),
    prints: /^subject=CN = other$/m,
    tells: { serverName: "other.example" },
  },
  {
    what: "a name with the default certificate",
    to: "names",
    prints: /^subject=CN = server$/m,
    tells: { serverName: "localhost" },
  },
  { what: "a name that is refused", to: "names", with: other("nobody.example"), ...failed("EPROTO") },
  {
    what: "ALPN, the server's choice",
    to: "any",
    with: ["-alpn", "http/1.1,h2"],
    prints: /^ALPN protocol: h2$/m,
    tells: { alpn: "h2" },
  },
  { what: "ALPN with nothing in common", to: "any", with: ["-alpn", "ftp"], ...failed("EPROTO") },
  {
    what: "a client that does not know the authority",
    to: "any",
    with: ["-CAfile", "tls/stranger.pem"],
    ...failed("EPROTO"),
  },
  {
    what: "a client that expects another name",
    to: "any",
    with: ["-verify_hostname", "b"],
    ...failed("EPROTO"),
  },
];

/** Our server, and what it tells, in order. */
class Server {
  readonly bench: Bench;
  readonly faults = new Faults();
  readonly #runtime: RuntimeName;
  readonly #server: Running;
  #connections = 0;

  constructor(runtime: RuntimeName, bench: Bench, server: Running) {
    this.bench = bench;
    this.#runtime = runtime;
    this.#server = server;
  }

  /** The port of a manner; undefined, and said, where the host lacks something. */
  async port(manner: string, what: string): Promise<string | undefined> {
    const [, port, why] =
      new RegExp(`^${manner} (?:(\\d+)|lacks: (.*))$`).exec(
        await this.#server.printed(new RegExp(`^${manner} `)),
      ) ?? [];
    if (why !== undefined) this.#lacks(what, why);
    return port;
  }

  /** What became of the next connection. */
  async next(): Promise<Record<string, unknown>> {
    const line = new RegExp(`^#${String(++this.#connections)} `);
    return JSON.parse((await this.#server.printed(line)).replace(line, "")) as Record<string, unknown>;
  }

  /** When it takes the first bytes of the next connection. */
  async taking(): Promise<void> {
    await this.#server.printed(`taking ${String(this.#connections + 1)}`);
  }

  async visit({ what, to, with: args = [], prints, tells, fails = false }: Visit): Promise<void> {
    const port = await this.port(to, what);
    if (port === undefined) return;
    const client = this.bench.theirs("openssl", "s_client", ...connecting(port), "-ign_eof", ...args);
    client.end();
    const [{ code, stdout, stderr }, told] = await Promise.all([client.ended, this.next()]);
    if (typeof told["lacks"] === "string") return this.#lacks(what, told["lacks"]);
    const { faults } = this;
    faults.equal(`${what}: openssl's exit code (${stderr.trim()})`, code === 0, !fails);
    // It writes what it receives at once, and so into the middle of what it prints.
    faults.equal(`${what}: what openssl received`, stdout.includes("hello\n"), !fails);
    if (prints !== undefined)
      faults.equal(`${what}: ${String(prints)} in ${stdout}`, prints.test(stdout), true);
    this.#told(what, told, tells);
  }

  #told(what: string, told: Readonly<Record<string, unknown>>, tells: object): void {
    for (const [key, value] of Object.entries(tells))
      if (told[key] !== undefined || this.#runtime === "node" || key === "handshake")
        this.faults.equal(`${what}: ${key}, of ${JSON.stringify(told)}`, told[key], value);
  }

  #lacks(what: string, why: string): void {
    if (this.#runtime === "node") this.faults.found.push(`${what}: ${why}`);
    else console.log(`  ${what}: not on ${this.#runtime}: ${why}`);
  }

  async end(): Promise<string[]> {
    this.#server.signal("SIGINT");
    const { code, stderr } = await this.#server.ended;
    this.faults.equal("the server's exit code and stderr", [code, stderr], [130, ""]);
    return this.faults.found;
  }
}

function connecting(port: string): readonly string[] {
  const verifying = "-CAfile tls/authority.pem -verify_return_error -verify_hostname localhost";
  return ["-connect", `127.0.0.1:${port}`, "-servername", "localhost", ...verifying.split(" ")];
}

async function resumption(server: Server): Promise<void> {
  for (const version of ["1.2", "1.3"]) {
    const what = `resumption, TLS ${version}`;
    const flags = [speaking(version)];
    await server.visit({
      what,
      to: "any",
      with: [...flags, "-sess_out", "session"],
      tells: { resumed: false },
    });
    const prints = new RegExp(`^Reused, TLSv${version},`, "m");
    await server.visit({
      what,
      to: "any",
      with: [...flags, "-sess_in", "session"],
      prints,
      tells: { resumed: true },
    });
  }
}

async function transfers(server: Server): Promise<void> {
  const { bench, faults } = server;
  const [input, output] = [bench.file("large"), bench.file("out")];
  await writeFile(input, randomBytes(LARGE));
  const sum = await sha256Of(input);
  for (const version of ["-tls1_2", "-tls1_3"]) {
    const s_client = (port: string | undefined, ...flags: readonly string[]): readonly string[] => [
      "s_client",
      ...connecting(port!),
      version,
      ...flags,
    ];
    const take = await server.port("take", "upload");
    await bench.call("openssl", s_client(take, "-nocommands"), { input, output });
    faults.equal(`upload, ${version}`, await server.next(), {
      end: "EndOfStream",
      bytes: LARGE,
      sha256: sum,
    });
    const back = await server.port("return", "both ways");
    await bench.call("openssl", s_client(back, "-quiet", "-verify_quiet"), { input, output });
    faults.equal(`both ways, ${version}`, await server.next(), { bytes: LARGE });
    faults.equal(`both ways, ${version}: SHA-256`, await sha256Of(output), sum);
  }
}

/** Killed, it says no close_notify. */
async function cut(server: Server): Promise<void> {
  const port = await server.port("take", "a client that is killed");
  const client = server.bench.theirs("openssl", "s_client", ...connecting(port!), "-quiet");
  client.write("so far");
  await server.taking();
  client.signal("SIGKILL");
  const { end, bytes } = await server.next();
  server.faults.equal("a client that is killed", { end, bytes }, { end: "BrokenResourceError", bytes: 6 });
}

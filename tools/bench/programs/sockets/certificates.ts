import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A server's certificate for 127.0.0.1 with its key, and the authority that made it: PEM. */
export interface Certificates {
  readonly certificate: string;
  readonly key: string;
  readonly authority: string;
}

const NEW_KEY = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2";
let made: Certificates | undefined;

/** Made once a process. Two of them: Deno trusts no certificate that is its own authority. */
export function certificates(): Certificates {
  return (made ??= make());
}

function make(): Certificates {
  const folder = mkdtempSync(path.join(tmpdir(), "arborio-bench-"));
  try {
    openssl(folder, `${NEW_KEY} -keyout ca.key -out ca.pem -subj /CN=authority`);
    openssl(
      folder,
      `${NEW_KEY} -keyout server.key -out server.pem -subj /CN=server -CA ca.pem -CAkey ca.key ` +
        "-addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE",
    );
    const read = (file: string): string => readFileSync(path.join(folder, file), "utf8");
    return { certificate: read("server.pem"), key: read("server.key"), authority: read("ca.pem") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function openssl(cwd: string, args: string): void {
  const { error, status, stderr } = spawnSync("openssl", args.split(" "), { cwd });
  if (status === 0) return;
  throw new Error(`Cannot make certificates: ${error?.message ?? String(stderr).trim()}`);
}

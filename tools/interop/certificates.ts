import { mkdir, readFile, writeFile } from "node:fs/promises";
import type { Bench } from "./bench.ts";

const CONFIG = `
[ca]
default_ca = ours
[ours]
database = tls/index
new_certs_dir = tls
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
`;

const HERE = "DNS:localhost, IP:127.0.0.1";
const VALID = ["20200101000000Z", "20491231235959Z"];

/** Each with a certificate `name.pem` and a key `name.key`, RSA: those of the tests elsewhere are ECDSA. */
const SUBJECTS: Readonly<Record<string, readonly [issuer: string, names: string, dates: readonly string[]]>> =
  {
    server: ["authority", HERE, VALID],
    other: ["authority", "DNS:other.example", VALID],
    client: ["authority", "DNS:client", VALID],
    expired: ["authority", HERE, ["20200101000000Z", "20210101000000Z"]],
    strange: ["stranger", "DNS:client", VALID],
  };

/** Has openssl make certificates in the bench's folder, and gives that. */
export async function issueCertificates(bench: Bench): Promise<string> {
  await mkdir(bench.file("tls"));
  await writeFile(bench.file("tls/config"), CONFIG);
  await writeFile(bench.file("tls/index"), "");
  for (const name of ["authority", "stranger"]) await openssl(bench, "req", "-x509", ...request(name, "pem"));
  for (const name of Object.keys(SUBJECTS)) await issue(bench, name);
  return bench.file("tls");
}

async function issue(bench: Bench, name: string): Promise<void> {
  const [issuer, names, [from, until]] = SUBJECTS[name]!;
  await openssl(bench, "req", ...request(name, "request"));
  await writeFile(bench.file(`tls/${name}.names`), `subjectAltName = ${names}`);
  const files = `-config tls/config -in tls/${name}.request -extfile tls/${name}.names -out tls/${name}.pem`;
  const by = `-cert tls/${issuer}.pem -keyfile tls/${issuer}.key -startdate ${from!} -enddate ${until!}`;
  await openssl(bench, "ca", "-batch", "-notext", ...files.split(" "), ...by.split(" "));
}

function request(name: string, ending: string): readonly string[] {
  const made = `-newkey rsa:2048 -nodes -keyout tls/${name}.key -out tls/${name}.${ending} -subj /CN=${name}`;
  return made.split(" ");
}

async function openssl(bench: Bench, ...args: readonly string[]): Promise<void> {
  await bench.call("openssl", args);
}

/** What stands in a PEM file that was made. */
export function pem(bench: Bench, name: string): Promise<string> {
  return readFile(bench.file(`tls/${name}`), "utf8");
}

/** openssl's flags for who shows that certificate. */
export function showing(name: string): readonly string[] {
  return ["-cert", `tls/${name}.pem`, "-key", `tls/${name}.key`];
}

/** openssl's flag for one version of TLS alone: `1.2`, `1.3`. */
export function speaking(version: string): string {
  return `-tls${version.replace(".", "_")}`;
}

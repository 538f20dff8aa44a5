// Plants faults in a copy of the sources, one at a time, and shows which of them the tests find:
// `pnpm faults [part of a name or file…] [--jobs 1]`.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { inParallel } from "../command.ts";
import { root } from "../workspace.ts";
import { containment } from "./containment.ts";
import { copyRepository, removeCopy } from "./copy.ts";
import { plant, type Fault } from "./fault.ts";
import { groups } from "./groups.ts";
import { hosts } from "./hosts.ts";
import { iteration } from "./iteration.ts";
import { looks } from "./looks.ts";
import { net } from "./net.ts";
import { scopes } from "./scopes.ts";
import { soak } from "./soak.ts";
import { sockets } from "./sockets.ts";
import { strayFaults } from "./strays.ts";
import { streams } from "./streams.ts";
import { strings } from "./strings.ts";
import { sync } from "./sync.ts";
import { allFor, firstFailure } from "./tests.ts";
import { time } from "./time.ts";
import { tls } from "./tls.ts";
import { waits } from "./waits.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { jobs: { type: "string", default: "2" } },
});
const jobs = Number(values.jobs);
if (!(Number.isInteger(jobs) && jobs > 0)) throw new RangeError(`Cannot run ${values.jobs} jobs`);

const all = [
  ...scopes,
  ...waits,
  ...time,
  ...groups,
  ...strayFaults,
  ...sync,
  ...streams,
  ...iteration,
  ...net,
  ...sockets,
  ...looks,
  ...containment,
  ...tls,
  ...hosts,
  ...soak,
  ...strings,
];
// All of them, also those not asked for: a fault whose place is gone has to be written anew.
for (const fault of all) plant(readFileSync(path.join(root, fault.file), "utf8"), fault);
const asked = ({ name, file }: Fault): boolean =>
  positionals.length === 0 || positionals.some((part) => name.includes(part) || file.includes(part));
const faults = all.filter(asked);
if (faults.length === 0) throw new Error(`No fault has ${positionals.join(" or ")} in its name or file`);

const copies: string[] = [];
process.once("exit", () => copies.forEach(removeCopy));
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
for (let count = Math.min(jobs, faults.length); count > 0; count--) copies.push(copyRepository());

// A copy in which something fails anyway would find everything.
for (const tests of new Set(faults.map(({ file }) => allFor(file)))) {
  const amiss = await firstFailure(copies[0] as string, tests);
  if (amiss !== undefined) throw new Error(`Cannot find faults: the tests fail without one (${amiss})`);
}

const free = [...copies];
const results = await inParallel(faults, inCopy, copies.length);
const found = results.filter(Boolean).length;
console.log(`${found} of ${faults.length} faults found`);
if (found < faults.length - 1) process.exitCode = 1;

/** Plants a fault in a copy that is free, and takes it out again. */
async function inCopy(fault: Fault): Promise<boolean> {
  const copy = free.pop() as string;
  const file = path.join(copy, fault.file);
  const sound = readFileSync(file, "utf8");
  writeFileSync(file, plant(sound, fault));
  try {
    const near = fault.tests === undefined ? undefined : await firstFailure(copy, fault.tests);
    const failure = near ?? (await firstFailure(copy, allFor(fault.file)));
    console.log(failure === undefined ? `MISSED ${fault.name}` : `found ${fault.name} (${failure})`);
    return failure !== undefined;
  } finally {
    writeFileSync(file, sound);
    free.push(copy);
  }
}

// Connects to a server of others by TLS, and says how that went: `tls-client.ts PORT PLAN`, the plan as JSON.
import { createHash } from "node:crypto";
import {
  connectTcp,
  extra,
  host,
  isError,
  main,
  readFile,
  retry,
  taskGroup,
  TlsAttribute,
  type TlsClientOptions,
  type TlsStream,
} from "arborio";
import type { Plan } from "../tls-plan.ts";

/** One connection; gives what it knows, and how it ended. */
async function converse(port: number, tls: TlsClientOptions, plan: Plan): Promise<object> {
  // Not every server says when it listens.
  await using stream = await retry(() => connectTcp("127.0.0.1", port, { tls }), {
    attempts: 100,
    delay: 100,
    factor: 1,
    when: isNobodyThere,
  });
  const known = {
    version: extra(stream, TlsAttribute.version),
    alpn: extra(stream, TlsAttribute.alpnProtocol),
    resumed: extra(stream, TlsAttribute.resumed),
  };
  return { ...known, ...(await exchange(stream, plan)) };
}

function isNobodyThere(error: unknown): boolean {
  return isError(error, "OSError") && error.code === "ECONNREFUSED";
}

/** Sends and receives at the same time, until the server's end. */
async function exchange(stream: TlsStream, plan: Plan): Promise<object> {
  const { send = "", file } = plan;
  const bytes = file === undefined ? new TextEncoder().encode(send) : await readFile(file);
  return await taskGroup(async (group) => {
    const sending = group.spawn(() => stream.send(bytes).catch(unlessBroken));
    return await receiveAll(stream, plan, () => sending.result());
  });
}

/** When all was sent and as much received as there should be, it ends its side. */
async function receiveAll(
  stream: TlsStream,
  { expect = 0, hold = false }: Plan,
  sent: () => Promise<void>,
): Promise<object> {
  const hash = createHash("sha256");
  let bytes = 0;
  let ending = hold;
  try {
    for (;;) {
      if (!ending && bytes >= expect) {
        ending = true;
        await sent();
        await stream.sendEof();
      }
      const chunk = await stream.receive();
      session = stream.session();
      if (bytes === 0) console.log("receiving");
      bytes += chunk.length;
      hash.update(chunk);
    }
  } catch (error) {
    return { end: (error as Error).name, bytes, sha256: hash.digest("hex") };
  }
}

/** What the last connection left to resume. */
let session: Uint8Array | undefined;

/** What broke is told by the receiving side. */
function unlessBroken(error: unknown): void {
  if (!isError(error, "BrokenResourceError")) throw error;
}

function failure(error: unknown): object {
  if (isError(error, "UnsupportedError")) return { lacks: error.message };
  if (!isError(error, "OSError")) throw error;
  return { error: error.code, syscall: error.syscall };
}

await main(async () => {
  const [port, text = "{}"] = host().args;
  const plan = JSON.parse(text) as Plan;
  for (let n = 0; n < (plan.times ?? 1); n++) {
    if (n > 0 && session === undefined) {
      console.log(JSON.stringify({ lacks: "the host gives no session to resume" }));
      continue;
    }
    const tls = { serverName: "localhost", ...plan.tls, session };
    console.log(JSON.stringify(await converse(Number(port), tls, plan).catch(failure)));
  }
});

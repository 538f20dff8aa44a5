/**
 * An HTTP/1.1 server of files, and a client.
 *
 *     node http.ts DIR [--port N]    serves the files below DIR on the loopback; Ctrl-C finishes what is under way, and stops.
 *                                    POST anywhere sends the body back
 *     node http.ts --get URL…        fetches each, a connection a host: prints status, length, SHA-256 and URL
 */
import { BufferedByteStream, connectTcp, createTcpListener, host, main } from "arborio";
import { HttpConnection, type ClientResponse } from "./http/client.ts";
import { filesIn } from "./http/files.ts";
import type { Handler } from "./http/handler.ts";
import { serveHttp } from "./http/server.ts";
import { concat } from "./http/writing.ts";

/** Files, and an echo for what is posted: in chunks, as it comes. */
export function site(directory: string): Handler {
  const files = filesIn(directory);
  return (request, reply) =>
    request.method === "POST"
      ? reply(200, { "content-type": "application/octet-stream" }, request.body)
      : files(request, reply);
}

/** Serves a directory until it is cancelled. */
async function serve(directory: string, port: number): Promise<void> {
  await using listener = await createTcpListener({ port });
  console.log(`http://127.0.0.1:${String(listener.localAddress.port)}/`);
  await serveHttp(listener, site(directory));
}

/** Fetches each URL, as many on one connection as the server lets. */
async function fetchAll(urls: readonly URL[]): Promise<void> {
  const left = [...urls];
  while (left.length > 0) {
    const { hostname, port, host: name } = left[0] as URL;
    await using stream = new BufferedByteStream(await connectTcp(hostname, Number(port) || 80));
    const connection = new HttpConnection(stream, name);
    while (connection.open && left[0]?.host === name) {
      const url = left.shift() as URL;
      console.log(`${await connection.exchange({ target: url.pathname + url.search }, summary)} ${url.href}`);
    }
  }
}

async function summary({ status, body }: ClientResponse): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const whole = concat(...chunks);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${String(status)} ${String(whole.length)} ${hex}`;
}

async function program(): Promise<void> {
  const [first = ".", ...rest] = host().args;
  if (first === "--get") return fetchAll(rest.map((url) => new URL(url)));
  await serve(first.replace(/\/+$/, ""), rest[0] === "--port" ? Number(rest[1]) : 0);
}

if (import.meta.main) await main(program);

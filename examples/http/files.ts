import type { File } from "arborio";
import { openBelow } from "../open-below.ts";
import { HttpError, type Handler, type Reply, type Request } from "./handler.ts";
import { encode } from "./writing.ts";

const TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  md: "text/markdown; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml",
  txt: "text/plain; charset=utf-8",
};

/** Serves the files below a directory, to GET and HEAD, whole or a range of bytes. */
export function filesIn(directory: string): Handler {
  return async (request, reply) => {
    if (request.method !== "GET" && request.method !== "HEAD")
      return reply(405, { allow: "GET, HEAD" }, encode("only GET and HEAD\n"));
    await using file = await openBelow(directory, segmentsOf(request.target));
    if (file === undefined) return reply(404, { "content-type": "text/plain" }, encode("not found\n"));
    await sendFile(file, (await file.stat()).size, request, reply);
  };
}

/** The names in a request's target: what could lead elsewhere is refused, not repaired. */
export function segmentsOf(target: string): string[] {
  // Proxies may be given a whole URL, and servers must take one (RFC 9112, 3.2.2).
  const [path = ""] = target.replace(/^https?:\/\/[^/?#]*/i, "").split(/[?#]/, 1);
  if (path !== "" && !path.startsWith("/")) throw new HttpError(400, "the target is no path");
  const names = decode(path)
    .split("/")
    .filter((name) => name !== "" && name !== ".");
  if (names.some((name) => name === ".." || /[\0\\]/.test(name)))
    throw new HttpError(400, "the path leads out of the directory");
  return path.endsWith("/") ? [...names, "index.html"] : names;
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new HttpError(400, "the path is not well encoded");
  }
}

async function sendFile(file: File, size: number, { target, headers }: Request, reply: Reply): Promise<void> {
  const range = rangeOf(headers["range"], size);
  if (range === "none") return reply(416, { "content-range": `bytes */${String(size)}` });
  const { first, end } = range ?? { first: 0, end: size };
  const extension = /\.(\w+)(?:[?#]|$)/.exec(target)?.[1]?.toLowerCase() ?? "";
  if (first > 0) await file.seek(first);
  await reply(
    range === undefined ? 200 : 206,
    {
      "content-type": TYPES[extension] ?? "application/octet-stream",
      "content-length": String(end - first),
      "accept-ranges": "bytes",
      "x-content-type-options": "nosniff",
      ...(range === undefined
        ? {}
        : { "content-range": `bytes ${String(first)}-${String(end - 1)}/${String(size)}` }),
    },
    contents(file, end - first),
  );
}

/** One range, as `bytes=0-99`, `bytes=100-` or `bytes=-5`; others are not looked at, as RFC 9110, 14.2, allows. */
export function rangeOf(
  header: string | undefined,
  size: number,
): { first: number; end: number } | "none" | undefined {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === undefined || to === undefined || (from === "" && to === "")) return undefined;
  const first = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size : Math.min(size, Number(to) + 1);
  if (from !== "" && to !== "" && Number(to) < first) return undefined;
  return first >= size || first >= end ? "none" : { first, end };
}

/** Read as it is sent: a chunk at a time. */
async function* contents(file: File, length: number): AsyncGenerator<Uint8Array> {
  for (let left = length; left > 0;) {
    const chunk = await file.read(Math.min(left, 262_144));
    left -= chunk.length;
    yield chunk;
  }
}

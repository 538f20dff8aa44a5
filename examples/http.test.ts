import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { locate } from "@arborio-internal/runtimes";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { AsyncEvent, CancelScope, createTcpListener, run, taskGroup, type BufferedByteStream } from "arborio";
import { start } from "../tools/running.ts";
import { HttpConnection, type ClientRequest, type ClientResponse } from "./http/client.ts";
import { rangeOf } from "./http/files.ts";
import { HttpError, LIMITS, type Handler, type Limits } from "./http/handler.ts";
import { serveHttp } from "./http/server.ts";
import { site } from "./http.ts";
import { connectTo, converse, endOf, serving, textOf } from "./loopback.ts";

let folder = "";
const large = new Uint8Array(9_000_000).map((_, at) => at % 251);

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "http-test-"));
  const directory = path.join(folder, "site");
  await mkdir(path.join(directory, "deep"), { recursive: true });
  await writeFile(path.join(folder, "secret"), "secret");
  await writeFile(path.join(directory, "index.html"), "<p>index");
  await writeFile(path.join(directory, "empty"), "");
  await writeFile(path.join(directory, "deep", "a b.txt"), "0123456789");
  await writeFile(path.join(directory, "large"), large);
  await symlink("../secret", path.join(directory, "link"));
  await symlink("..", path.join(directory, "up"));
  await symlink("index.html", path.join(directory, "within"));
});
afterAll(() => rm(folder, { recursive: true }));

interface Options {
  readonly limits?: Partial<Limits>;
  readonly handler?: Handler;
}

/** Runs `use` beside the server of files. */
const withServer = <T>(use: (port: number) => Promise<T>, { limits, handler }: Options = {}): Promise<T> =>
  run(() =>
    serving(
      (listener) => serveHttp(listener, handler ?? site(path.join(folder, "site")), { ...LIMITS, ...limits }),
      use,
    ),
  );

/** On one connection, one after the other. */
const exchange = (requests: readonly ClientRequest[], options?: Options): Promise<string[]> =>
  withServer(async (port) => {
    await using stream = await connectTo(port);
    const connection = new HttpConnection(stream, "test");
    const answers: string[] = [];
    for (const request of requests) answers.push(await connection.exchange(request, summary));
    return answers;
  }, options);

const raw = (text: string, options?: Options): Promise<string> =>
  withServer((port) => converse(port, text), options);

const get = (target: string): string => `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
const statusOf = (text: string): string => text.slice(9, 12);

async function summary({ status, body }: ClientResponse): Promise<string> {
  return `${String(status)} ${new TextDecoder().decode(await bytesOf(body))}`;
}

async function bytesOf(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield new TextEncoder().encode(text);
}

describe("answers", () => {
  test("one connection serves request after request, whole, empty, in a range, to HEAD, and posted in chunks", async () => {
    const answers = await exchange([
      { target: "/" },
      { target: "/empty" },
      { target: "/deep/a%20b.txt?x=..#y" },
      { method: "HEAD", target: "/large" },
      { target: "/nothing" },
      { target: "/deep" },
      { target: "/deep/a%20b.txt", headers: { range: "bytes=2-4" } },
      { target: "/deep/a%20b.txt", headers: { range: "bytes=10-" } },
      { method: "POST", target: "/", body: pieces("in", "", " chunks") },
      { method: "POST", target: "/", body: new TextEncoder().encode("sized") },
      { method: "DELETE", target: "/" },
    ]);
    expect(answers).toEqual([
      "200 <p>index",
      "200 ",
      "200 0123456789",
      "200 ",
      "404 not found\n",
      "404 not found\n",
      "206 234",
      "416 ",
      "200 in chunks",
      "200 sized",
      "405 only GET and HEAD\n",
    ]);
  });

  test("a pipeline is answered in its order, however its bytes are cut", async () => {
    const requests = ["/deep/a%20b.txt", "/nothing", "/"].map((target) => ({ target }));
    const answers = await withServer(async (port) => {
      await using stream = await connectTo(port);
      const connection = new HttpConnection(stream, "x");
      return await connection.pipeline(Array(50).fill(requests).flat() as ClientRequest[], summary);
    });
    expect(answers).toHaveLength(150);
    expect(answers.slice(-3)).toEqual(["200 0123456789", "404 not found\n", "200 <p>index"]);

    const text = await withServer(async (port) => {
      await using stream = await connectTo(port);
      return await taskGroup(async (group) => {
        const all = new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n".repeat(2) + get("/empty"));
        group.spawn(async () => {
          for (const byte of all) await stream.send(Uint8Array.of(byte));
        });
        return textOf(stream);
      });
    });
    expect(text.match(/HTTP\/1.1 200 OK/g)).toHaveLength(3);
  });

  test("large bodies pass both ways at once, though neither side holds them", async () => {
    const echoed = await withServer(async (port) => {
      await using stream = await connectTo(port);
      const connection = new HttpConnection(stream, "x");
      const file = await connection.exchange({ target: "/large" }, ({ body }) => bytesOf(body));
      return [
        file,
        await connection.exchange({ method: "POST", target: "/", body: large }, ({ body }) => bytesOf(body)),
      ];
    });
    for (const bytes of echoed) expect(Buffer.compare(bytes, large)).toBe(0);
  });

  test("a client that does not read is left after the limit, and others are served", async () => {
    const over = new AsyncEvent();
    const handler: Handler = async (request, reply) => {
      if (request.target === "/") return reply(200);
      await reply(200, {}, endless()).finally(() => over.set());
    };
    const left = await withServer(
      async (port) => {
        await using stream = await connectTo(port);
        await stream.send(new TextEncoder().encode(get("/endless")));
        expect(statusOf(await converse(port, get("/")))).toBe("200");
        await over.wait();
        return (await textOf(stream)).length;
      },
      { limits: { transfer: 400 }, handler },
    );
    expect(left).toBeLessThan(ENDLESS);
  });

  test("HTTP/1.0 is answered without chunks, and the connection ended; with keep-alive it is not", async () => {
    const text = await raw("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nhi");
    expect(text).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*connection: close[^]*\r\n\r\nhi$/);
    expect(text).not.toMatch(/chunked/);
    expect(await raw("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\nGET / HTTP/1.0\r\n\r\n")).toMatch(
      /connection: keep-alive[^]*connection: close/,
    );
  });

  test("a client that waits for leave to send its body is given it, unless the body is not wanted", async () => {
    const head = "Host: x\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n";
    const wanted = await withServer(async (port) => {
      await using stream = await connectTo(port);
      await stream.send(new TextEncoder().encode(`POST / HTTP/1.1\r\n${head}`));
      const leave = new TextDecoder().decode(
        await stream.receiveUntil(new TextEncoder().encode("\r\n\r\n"), 99),
      );
      await stream.send(new TextEncoder().encode("hi"));
      return [leave, await textOf(stream)];
    });
    expect(wanted).toEqual(["HTTP/1.1 100 Continue", expect.stringMatching(/200 OK[^]*hi/)]);
    expect(await raw(`GET / HTTP/1.1\r\n${head}`)).toMatch(/^HTTP\/1.1 200/);
  });

  test("a handler that fails is told as 500, or by a cut; the server goes on", async () => {
    const said = console.error;
    const errors: string[] = [];
    console.error = (text: string) => errors.push(text);
    try {
      const handler: Handler = async ({ target }, reply) => {
        if (target === "/late") await reply(200, { "content-length": "9" }, pieces("short"));
        if (target === "/teapot") throw new HttpError(404, "gone");
        throw new Error("secret");
      };
      const texts = await withServer(
        async (port) => {
          const got: string[] = [];
          for (const target of ["/", "/late", "/teapot"]) got.push(await converse(port, get(target)));
          return got;
        },
        { handler },
      );
      expect(texts.map(statusOf)).toEqual(["500", expect.stringMatching(/^(200)?$/), "404"]);
      expect(texts.join()).not.toMatch(/secret/);
      expect(errors.join()).toMatch(/secret[^]*not as long as was said/);
    } finally {
      console.error = said;
    }
  });
});

const ENDLESS = 1 << 28;

async function* endless(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < ENDLESS; sent += 1 << 16) yield new Uint8Array(1 << 16);
}

describe("what is refused", () => {
  const bad: readonly [status: string, what: string, text: string][] = [
    ["400", "no HTTP", "hello\r\n\r\n"],
    ["400", "a TLS handshake", "\u0016\u0003\u0001\u0002\0\u0001\0"],
    ["400", "another version", "GET / HTTP/2.0\r\nHost: x\r\n\r\n"],
    ["400", "no host", "GET / HTTP/1.1\r\n\r\n"],
    ["400", "two hosts", "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n"],
    ["400", "bare line feeds", "GET / HTTP/1.1\nHost: x\n\n"],
    ["400", "a header without a colon", "GET / HTTP/1.1\r\nHost: x\r\nwhat\r\n\r\n"],
    ["400", "a space before the colon", "GET / HTTP/1.1\r\nHost : x\r\n\r\n"],
    ["400", "a folded header", "GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n"],
    ["400", "NUL in a header", "GET / HTTP/1.1\r\nHost: \0\r\n\r\n"],
    ["400", "a length that is none", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n"],
    ["400", "two lengths", "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    [
      "400",
      "a length and chunks",
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    ],
    ["400", "another coding", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n"],
    ["400", "a response", "HTTP/1.1 200 OK\r\n\r\n"],
    ["501", "a method that is none", "BREW / HTTP/1.1\r\nHost: x\r\n\r\n"],
    ["431", "a header beyond the limit", `GET / HTTP/1.1\r\nHost: x\r\nA: ${"a".repeat(20_000)}\r\n\r\n`],
    ["431", "headers beyond all number", `GET / HTTP/1.1\r\nHost: x\r\n${"A:\r\n".repeat(200)}\r\n`],
    ["431", "a target beyond the limit", `GET /${"a".repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ["400", "a chunk that is none", "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"],
    ["405", "a tunnel", "CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n"],
  ];
  test.each(bad)("%s: %s; the connection is ended", async (status, _, text) => {
    expect(statusOf(await raw(text))).toBe(status);
  });

  test("a later chunk that is none cuts what was being answered", async () => {
    const text = await raw(
      "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nzz\r\n",
    );
    expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
  });

  test("half a request, and its end: 400; nothing, and its end: nothing", async () => {
    const ended = (text: string): Promise<string> =>
      withServer(async (port) => {
        await using stream = await connectTo(port);
        await stream.send(new TextEncoder().encode(text));
        await stream.sendEof();
        return await textOf(stream);
      });
    expect(statusOf(await ended("GET / HTTP/1.1\r\nHo"))).toBe("400");
    expect(await ended("")).toBe("");
  });

  test.each([
    "/../secret",
    "/..",
    "/deep/../../secret",
    "/%2e%2e/secret",
    "/%2E./secret",
    "/..%2fsecret",
    "/deep/..%2f..%2fsecret",
    "/..%5csecret",
    "/..\\secret",
    "/index.html%00.txt",
    "/%",
    "/%ff",
    "*",
    "secret",
    "http://x/../secret",
  ])("400: %s", async (target) => {
    expect(statusOf(await raw(get(target)))).toBe("400");
  });

  test.each([
    "/link",
    "/up/secret",
    "/up/site/index.html",
    "/within",
    "/%252e%252e/secret",
    "//secret",
    "/index.html/x",
    `/${"a".repeat(5_000)}`,
  ])("404, be it a link out or nothing at all: %s", async (target) => {
    expect(statusOf(await raw(get(target)))).toBe("404");
  });
});

describe("time", () => {
  test("a connection that says nothing is closed, without a word", async () => {
    expect(await raw("", { limits: { idle: 30 } })).toBe("");
  });

  test("a header that does not end is 408, however busily it is sent", async () => {
    const text = await withServer(
      async (port) => {
        await using stream = await connectTo(port);
        return await taskGroup(async (group) => {
          group.spawn(async () => {
            await stream.send(new TextEncoder().encode("GET / HTTP/1.1\r\n"));
            try {
              for (;;) await stream.send(new TextEncoder().encode("A"));
            } catch {
              // The server has gone.
            }
          });
          const all = await textOf(stream);
          group.cancel();
          return all;
        });
      },
      { limits: { header: 50, headerBytes: 1 << 24 } },
    );
    expect(text === "" || statusOf(text) === "408").toBe(true);
    expect(statusOf(await raw("GET / HTTP/1.1\r\n", { limits: { header: 50 } }))).toBe("408");
  });
});

describe("stopped", () => {
  // No other limit ends what is under way.
  const patient = { ...LIMITS, idle: 600_000, transfer: 600_000 };

  /** Stops the server while the body of a request is still to come, and goes on then. */
  const stopped = (grace: number, then: (busy: BufferedByteStream) => Promise<unknown>): Promise<string> =>
    run(() =>
      taskGroup(async (group) => {
        await using listener = await createTcpListener();
        const scope = new CancelScope();
        const server = group.spawn(() =>
          scope.run(() => serveHttp(listener, site(folder), { ...patient, grace })),
        );
        await using idle = await connectTo(listener.localAddress.port);
        await idle.send(new TextEncoder().encode("GET /no HTTP/1.1\r\nHost: x\r\n\r\n"));
        await idle.receive();
        await using busy = await connectTo(listener.localAddress.port);
        await busy.send(
          new TextEncoder().encode("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo"),
        );
        await busy.receiveUntil(new TextEncoder().encode("bo"), 4096);
        scope.cancel();
        const end = await drained(idle);
        await then(busy);
        const rest = await drained(busy);
        await server.result();
        return `${end}, ${rest}`;
      }),
    );

  /** All that comes, and how it ends. */
  const drained = async (stream: BufferedByteStream): Promise<string> => {
    let text = "";
    try {
      for (;;) text += new TextDecoder().decode(await stream.receive());
    } catch (error) {
      return text + (error as Error).name;
    }
  };

  test("what is idle is closed at once, and what is under way is finished", async () => {
    const ends = await stopped(60_000, (busy) => busy.send(new TextEncoder().encode("dy")));
    expect(ends).toMatch(/EndOfStream, \r\n2\r\ndy\r\n0\r\n\r\nEndOfStream$/);
  });

  test("what is not finished within the grace is cut, which does not look like an end", async () => {
    const ends = await stopped(30, () => Promise.resolve());
    expect(ends).toMatch(
      "Deno" in globalThis ? /, .*(EndOfStream|BrokenResourceError)$/s : /BrokenResourceError$/,
    );
    expect(ends).not.toContain("\r\n0\r\n\r\n,");
  });
});

test("ranges", () => {
  const cases: [string | undefined, number, ReturnType<typeof rangeOf>][] = [
    [undefined, 10, undefined],
    ["bytes=0-0", 10, { first: 0, end: 1 }],
    ["bytes=5-", 10, { first: 5, end: 10 }],
    ["bytes=-3", 10, { first: 7, end: 10 }],
    ["bytes=-30", 10, { first: 0, end: 10 }],
    ["bytes=8-99", 10, { first: 8, end: 10 }],
    ["bytes=10-", 10, "none"],
    ["bytes=-0", 10, "none"],
    ["bytes=0-", 0, "none"],
    ["bytes=5-2", 10, undefined],
    ["bytes=0-1,3-4", 10, undefined],
    ["bytes=-", 10, undefined],
    ["lines=0-1", 10, undefined],
  ];
  for (const [header, size, range] of cases) expect([header, rangeOf(header, size)]).toEqual([header, range]);
});

const here = "Deno" in globalThis ? "these run on Deno too, from the run on Node" : undefined;

for (const runtime of ["node", "deno"] as const) {
  const { reason = here } = locate(runtime);
  test.skipIf(reason !== undefined)(
    `Ctrl-C: what is under way is finished, what is idle closed, nobody let in; on ${runtime}`,
    async () => {
      const program = start(runtime, "examples/http.ts", [path.join(folder, "site")]);
      const port = Number(/:(\d+)\//.exec(await program.printed(/^http:/))![1]);
      const [idle, answer, refused] = await run(async () => {
        await using waiting = await connectTo(port);
        await waiting.send(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
        await waiting.receiveUntil(new TextEncoder().encode("<p>index"), 4096);
        await using busy = await connectTo(port);
        await busy.send(
          new TextEncoder().encode("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbo"),
        );
        await busy.receiveUntil(new TextEncoder().encode("bo"), 4096);
        program.signal("SIGINT");
        const end = await endOf(waiting);
        const late = await connectTo(port).catch((error: unknown) => (error as { code?: string }).code);
        await busy.send(new TextEncoder().encode("dy"));
        return [end, await textOf(busy), late];
      });
      expect({ idle, answer, refused, code: (await program.ended).code }).toEqual({
        idle: expect.stringMatching(/^(EndOfStream|BrokenResourceError)$/),
        answer: "\r\n2\r\ndy\r\n0\r\n\r\n",
        refused: "ECONNREFUSED",
        code: 130,
      });
    },
  );
}

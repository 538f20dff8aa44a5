// Speaks TLS in several manners with clients of others: `tls-server.ts FOLDER LENGTH`. Prints the port of each manner, and how
// each connection ended, numbered.
import { createHash } from "node:crypto";
import {
  BufferedByteStream,
  createTcpListener,
  createTlsListener,
  extra,
  host,
  isError,
  main,
  readTextFile,
  taskGroup,
  TlsAttribute,
  wrapTls,
  type ByteStream,
  type TaskGroup,
  type TlsServerOptions,
  type TlsStream,
} from "arborio";

type Handler = (stream: TlsStream) => Promise<object>;

let ended = 0;

/** What a connection came to. */
function say(what: object): void {
  console.log(`#${String(++ended)} ${JSON.stringify(what)}`);
}

/** Listens in that manner, or says what the host lacks. */
async function offer(
  group: TaskGroup,
  manner: string,
  options: TlsServerOptions,
  handler: Handler = greet,
): Promise<void> {
  try {
    const onHandshakeError = (error: unknown): void =>
      say({ handshake: isError(error, "OSError") ? error.code : String(error) });
    const listener = await createTlsListener({ ...options, onHandshakeError });
    group.spawn(() => listener.serve(async (stream) => say(await handler(stream))));
    console.log(`${manner} ${String(listener.listener.localAddress.port)}`);
  } catch (error) {
    if (!isError(error, "UnsupportedError")) throw error;
    console.log(`${manner} lacks: ${error.message}`);
  }
}

/** Says hello, ends, and tells what the connection knows. */
async function greet(stream: TlsStream): Promise<object> {
  await stream.send(new TextEncoder().encode("hello\n"));
  await stream.close();
  return {
    version: extra(stream, TlsAttribute.version),
    alpn: extra(stream, TlsAttribute.alpnProtocol),
    serverName: extra(stream, TlsAttribute.serverName),
    resumed: extra(stream, TlsAttribute.resumed),
    client: extra(stream, TlsAttribute.peerCertificate) !== undefined,
  };
}

/** Takes all that comes, and tells how it ended. */
async function take(stream: TlsStream): Promise<object> {
  const hash = createHash("sha256");
  let bytes = 0;
  try {
    for (;;) {
      const chunk = await stream.receive();
      if (bytes === 0) console.log(`taking ${String(ended + 1)}`);
      bytes += chunk.length;
      hash.update(chunk);
    }
  } catch (error) {
    return { end: (error as Error).name, bytes, sha256: hash.digest("hex") };
  }
}

/** Sends back that many bytes, as they come, and ends. */
function returning(length: number): Handler {
  return async (stream) => {
    for (let left = length; left > 0;) {
      const chunk = await stream.receive();
      await stream.send(chunk);
      left -= chunk.length;
    }
    await stream.close();
    return { bytes: length };
  };
}

/** SMTP as far as STARTTLS, then TLS in place. */
async function offerStartTls(group: TaskGroup, options: TlsServerOptions): Promise<void> {
  const listener = await createTcpListener();
  const server = { ...options, serverSide: true } as const;
  const handle = async (plain: ByteStream): Promise<void> => {
    const lines = new BufferedByteStream(plain);
    for (const answer of ["220 ready", "250-hello\r\n250 STARTTLS", "220 go ahead"]) {
      await plain.send(new TextEncoder().encode(`${answer}\r\n`));
      if (!answer.endsWith("ahead")) await lines.receiveUntil(new TextEncoder().encode("\r\n"), 512);
    }
    say(
      await wrapTls(plain, server).then(greet, (error: unknown) => {
        if (!isError(error, "UnsupportedError")) throw error;
        return { lacks: error.message };
      }),
    );
  };
  group.spawn(() => listener.serve(handle));
  console.log(`starttls ${String(listener.localAddress.port)}`);
}

await main(async () => {
  const [folder, length] = host().args;
  const read = (file: string): Promise<string> => readTextFile(`${folder!}/${file}`);
  const pair = async (name: string): Promise<{ certificate: string; key: string }> => ({
    certificate: await read(`${name}.pem`),
    key: await read(`${name}.key`),
  });
  const [server, other, ca] = await Promise.all([pair("server"), pair("other"), read("authority.pem")]);
  const forName = (name: string): typeof other | null | undefined =>
    name === "other.example" ? other : name === "nobody.example" ? null : undefined;

  await taskGroup(async (group) => {
    await offer(group, "any", { ...server, alpn: ["h2", "http/1.1"] });
    await offer(group, "old", { ...server, maxVersion: "TLSv1.2" });
    await offer(group, "new", { ...server, minVersion: "TLSv1.3" });
    await offer(group, "names", { ...server, forName });
    await offer(group, "ask", { ...server, ca, clientCertificate: "ask" });
    await offer(group, "require", { ...server, ca, clientCertificate: "require" });
    await offer(group, "take", server, take);
    await offer(group, "return", server, returning(Number(length)));
    await offerStartTls(group, server);
  });
});

/**
 * A line protocol with STARTTLS, as SMTP's: a server that answers lines, and a client that greets it, starts TLS in place, and
 * greets it again.
 *
 *     node starttls.ts CERTIFICATE KEY AUTHORITY
 */
import {
  BufferedByteStream,
  connectTcp,
  createTcpListener,
  extra,
  host,
  main,
  moveOnAfter,
  readTextFile,
  taskGroup,
  TlsAttribute,
  wrapTls,
  type ByteStream,
  type StartingTask,
  type TlsCertificate,
  type TlsServerSide,
} from "arborio";

const LINE = new TextEncoder().encode("\n");
const LONGEST = 512;
const DEADLINE = 5_000;

/** What a conversation was, line by line: `> ` went to the server, `< ` came from it. */
export type Conversation = string[];

/** Serves, on a port that the system chooses, until it is cancelled. */
export async function serve(certificate: TlsCertificate, task: StartingTask<number>): Promise<void> {
  // One object for all connections: what TLS makes of it is made once.
  const server = { serverSide: true, ...certificate } as const;
  await using listener = await createTcpListener({ host: "127.0.0.1" });
  task.started(listener.localAddress.port);
  // A client that breaks off, says too much, or fails its handshake ends its own connection; so does one that is too slow.
  await listener.serve((stream) => moveOnAfter(DEADLINE, () => answer(stream, server)));
}

/** The server's part of a connection, which `serve` closes, also once TLS has taken it over. */
async function answer(plain: ByteStream, server: TlsServerSide): Promise<void> {
  let lines = new Lines(plain);
  await lines.send("220 ready");
  for (;;) {
    const [word = "", ...rest] = (await lines.receive()).split(" ");
    if (word === "HELLO") await lines.send(`250 hello ${rest.join(" ")}, ${lines.secrecy}`);
    else if (word === "STARTTLS" && lines.rest > 0) return lines.send("501 nothing may follow STARTTLS");
    else if (word === "STARTTLS") {
      await lines.send("220 go ahead");
      lines = new Lines(await wrapTls(lines.stream, server));
    } else if (word === "QUIT") return lines.send("221 bye");
    else await lines.send("500 what?");
  }
}

/** The client's part: speaks with the server of that port, in the clear and then by TLS. */
export async function greet(port: number, authority: string): Promise<Conversation> {
  const conversation: Conversation = [];
  let lines = new Lines(await connectTcp("127.0.0.1", port));
  try {
    const listen = async (): Promise<unknown> => conversation.push(`< ${await lines.receive()}`);
    const say = async (line: string): Promise<void> => {
      conversation.push(`> ${line}`);
      await lines.send(line);
      await listen();
    };
    await listen();
    await say("HELLO world");
    await say("STARTTLS");
    // What someone in between has put behind the reply must not count as said by the server.
    if (lines.rest > 0) throw new Error("Cannot start TLS: more came behind the reply");
    lines = new Lines(await wrapTls(lines.stream, { serverName: "localhost", ca: authority }));
    await say("HELLO again");
    await say("QUIT");
    return conversation;
  } finally {
    await lines.stream[Symbol.asyncDispose]();
  }
}

/** Lines on a stream that may be given up for another. */
class Lines {
  readonly stream: ByteStream;
  private readonly buffered: BufferedByteStream;

  constructor(stream: ByteStream) {
    this.stream = stream;
    this.buffered = new BufferedByteStream(stream);
  }

  /** How many bytes came behind the last line. */
  get rest(): number {
    return this.buffered.buffer.length;
  }

  get secrecy(): string {
    return extra(this.stream, TlsAttribute.serverSide, undefined) === undefined ? "in the clear" : "by TLS";
  }

  async receive(): Promise<string> {
    return new TextDecoder().decode(await this.buffered.receiveUntil(LINE, LONGEST)).trimEnd();
  }

  send(line: string): Promise<void> {
    return this.stream.send(new TextEncoder().encode(`${line}\n`));
  }
}

async function program(): Promise<void> {
  const [certificate = "", key = "", authority = ""] = await Promise.all(
    host()
      .args.slice(0, 3)
      .map((file) => readTextFile(file)),
  );
  await taskGroup(async (group) => {
    const port = await group.start<number>((task) => serve({ certificate, key }, task), { name: "server" });
    for (const line of await greet(port, authority)) console.log(line);
    group.cancel("the conversation is over");
  });
}

if (import.meta.main) await main(program);

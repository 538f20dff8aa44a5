// Every function that takes a name, a path, a prefix, an address or words, with what an enemy would give it.
import {
  asConnectable,
  BrokenResourceError,
  connectTcp,
  connectUnix,
  createConnectedUdpSocket,
  createMemoryByteStreams,
  createMemoryObjectStream,
  createTcpListener,
  createTlsListener,
  createUdpSocket,
  createUnixListener,
  exists,
  extra,
  failAfter,
  fromReadable,
  getAddressInfo,
  getNameInfo,
  host,
  isError,
  mkdir,
  openFile,
  openTemporaryDirectory,
  readDirectory,
  readFile,
  readTextFile,
  remove,
  ResourceGuard,
  RunVar,
  setResolver,
  sleepForever,
  stat,
  taskGroup,
  TcpConnectable,
  TextReceiveStream,
  typedAttribute,
  UnixConnectable,
  walk,
  wrapTls,
  writeFile,
  type OpenMode,
  type TlsServerOptions,
} from "arborio";

/** A call that is to fail for any text that is hostile enough. */
export interface HostileCall {
  readonly name: string;
  /** The message is the text itself, which was given as the words to say. */
  readonly words?: true;
  /** @param folder one that is there and empty */
  readonly call: (text: string, folder: string) => unknown;
}

const PEM = { certificate: "-----BEGIN CERTIFICATE-----", key: "-----BEGIN PRIVATE KEY-----" };

function onTls(name: string, options: (text: string) => object): HostileCall {
  return {
    name,
    call: (text) => wrapTls(createMemoryByteStreams()[0], { serverName: "h", ...options(text) }),
  };
}

/** In a directory that is not there, so that none of them can succeed. */
function onPath(name: string, call: (path: string) => unknown): HostileCall {
  return { name, call: (text, folder) => call(`${folder}/missing/${text}`) };
}

const net: readonly HostileCall[] = [
  { name: "connectTcp", call: (text) => connectTcp(text, 1) },
  { name: "connectTcp localHost", call: (text) => connectTcp("127.0.0.1", 1, { localHost: text }) },
  { name: "TcpConnectable", call: (text) => new TcpConnectable(text, 1).connect() },
  { name: "asConnectable", call: (text) => asConnectable([text, 1]).connect() },
  { name: "getAddressInfo", call: (text) => getAddressInfo(text) },
  { name: "getNameInfo", call: (text) => getNameInfo(text, 1) },
  { name: "createTcpListener", call: (text) => createTcpListener({ host: text }) },
  { name: "createUdpSocket", call: (text) => createUdpSocket({ host: text }) },
  { name: "createConnectedUdpSocket", call: (text) => createConnectedUdpSocket(text, 1) },
  {
    name: "createConnectedUdpSocket localHost",
    call: (text) => createConnectedUdpSocket("127.0.0.1", 1, { localHost: text }),
  },
  {
    name: "a resolver's address",
    call: (text) => withResolver(async () => [{ address: text, family: "ipv4" }]),
  },
  {
    name: "a resolver's error",
    words: true,
    call: (text) =>
      withResolver(() => {
        throw new BrokenResourceError(text);
      }),
  },
  { name: "connectUnix", call: (text, folder) => connectUnix(`${folder}/missing/${text}`) },
  {
    name: "createUnixListener",
    call: (text, folder) => createUnixListener(`${folder}/missing/${text}`, { mode: 0o600 }),
  },
  {
    name: "UnixConnectable",
    call: (text, folder) => new UnixConnectable(`${folder}/missing/${text}`).connect(),
  },
  onTls("wrapTls serverName", (serverName) => ({ serverName })),
  onTls("wrapTls alpn", (alpn) => ({ alpn })),
  onTls("wrapTls alpn name", (text) => ({ alpn: ["h2", `${text}${"x".repeat(256)}`] })),
  onTls("wrapTls minVersion", (minVersion) => ({ minVersion })),
  onTls("wrapTls ca", (ca) => ({ ca: [ca] })),
  onTls("wrapTls session", (session) => ({ session })),
  {
    name: "createTlsListener clientCertificate",
    call: (text) => createTlsListener({ ...PEM, clientCertificate: text } as unknown as TlsServerOptions),
  },
  { name: "createTlsListener key", call: (text) => createTlsListener({ ...PEM, key: text }) },
];

const fs: readonly HostileCall[] = [
  onPath("openFile", (path) => openFile(path)),
  {
    name: "openFile mode",
    call: (text, folder) => openFile(`${folder}/missing`, { mode: text as OpenMode }),
  },
  onPath("readFile", (path) => readFile(path)),
  onPath("readTextFile", (path) => readTextFile(path)),
  onPath("writeFile", (path) => writeFile(path, "x")),
  onPath("stat", (path) => stat(path)),
  onPath("exists", async (path) => {
    if (!(await exists(path))) throw new TypeError("Cannot say more: there is nothing");
  }),
  onPath("mkdir", (path) => mkdir(path)),
  onPath("remove", (path) => remove(path)),
  onPath("readDirectory", (path) => readDirectory(path)),
  onPath("walk", (path) => walk(path).next()),
  {
    name: "openTemporaryDirectory prefix",
    call: (text, folder) => openTemporaryDirectory({ prefix: text, parent: `${folder}/missing` }),
  },
  onPath("openTemporaryDirectory parent", (parent) => openTemporaryDirectory({ parent })),
  {
    name: "seek from",
    async call(text, folder) {
      await writeFile(`${folder}/file`, "x");
      await using file = await openFile(`${folder}/file`);
      await file.seek(0, text as "start");
    },
  },
];

const names: readonly HostileCall[] = [
  { name: "env", call: (text) => host().env(`${text}\0`) },
  { name: "a task's name", call: (name) => taskGroup((group) => group.start(async () => {}, { name })) },
  {
    name: "a variable's name",
    call: (name) => new RunVar<number>(name).reset(new RunVar<number>("other").set(1)),
  },
  { name: "an attribute's name", call: (name) => extra({}, typedAttribute(name)) },
  { name: "a guard's action", call: (action) => enterTwice(new ResourceGuard(action)) },
  {
    name: "a deadline's reason",
    words: true,
    call: (reason) => failAfter(0, () => sleepForever(), { reason }),
  },
  {
    name: "an encoding",
    call: (encoding) => new TextReceiveStream(createMemoryByteStreams()[0], { encoding: `${encoding}x` }),
  },
  { name: "fromReadable", call: (text) => fromReadable(text as never) },
  { name: "a size", call: (text) => createMemoryObjectStream(text as never) },
  { name: "a task's error", call: (text) => taskGroup(() => Promise.reject(new Error(text))) },
];

/** All of them. */
export const hostileCalls: readonly HostileCall[] = [...net, ...fs, ...names];

async function withResolver(
  lookup: () => Promise<readonly { address: string; family: "ipv4" }[]>,
): Promise<unknown> {
  const before = setResolver({ lookup });
  try {
    return await getAddressInfo("name.test");
  } finally {
    setResolver(before);
  }
}

function enterTwice(guard: ResourceGuard): void {
  guard.enter();
  guard.enter();
}

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** What is wrong with the answer to a hostile text; undefined if it is one short line, of an error that is to be expected. */
export async function answerFault(
  { call, words }: HostileCall,
  text: string,
  folder: string,
): Promise<string | undefined> {
  let given: unknown;
  try {
    given = await call(text, folder);
  } catch (error) {
    return errorFault(error, words === true);
  }
  return `it was taken, and gave ${typeof given}`;
}

function errorFault(error: unknown, words: boolean): string | undefined {
  const { name, code = "", message, stack = "" } = error as Error & { code?: string };
  const known =
    name === "TypeError" ||
    name === "RangeError" ||
    isError(error as Error, "OSError") ||
    code.startsWith("ERR_");
  if (!known) return `it is a ${name}`;
  if (message.length > 300) return `its message has ${String(message.length)} characters`;
  if (UNSAFE.test(message)) return `its message has control characters: ${JSON.stringify(message)}`;
  if (/^[^]{500}/.test(stack.split(/\n\s+at /)[0] ?? "")) return "its stack repeats the input";
  // One of the host's tells of its own insides.
  const ours = words || name === "TaskGroupError" || message.startsWith("Cannot ");
  return ours ? undefined : `it is not in our words: ${message}`;
}

const MIB = 1 << 20;

/** Texts that each broke something, or might. */
export const hostileTexts: readonly string[] = [
  `${"1".repeat(80_000)}.x`,
  "1:".repeat(MIB / 2),
  "\0",
  "\u001b]0;owned\u0007\u001b[2J",
  "a\nCannot connect: all is well",
  `\u202e${"a".repeat(300)}`,
  "\ud800".repeat(1_000),
  "../".repeat(1_000) + "\0",
  "\u00ad".repeat(MIB),
  "\ufdfa".repeat(MIB / 4),
  `${"a.".repeat(MIB / 2)}`,
  "%".repeat(MIB),
  "[".repeat(MIB),
  "\n".repeat(MIB),
];

import { sleep } from "@arborio/core";
import type { NetBackend } from "@arborio/core/backend";
import { temporaryDirectory } from "@arborio/fs";
import {
  connectTcp,
  connectUnix,
  createTcpListener,
  createTlsListener,
  createUnixListener,
  lingeringClose,
} from "@arborio/net";
import type { ByteStream, Listener } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, rejection } from "./assert.ts";
import { certificates } from "./certificates.ts";
import type { Register } from "./suite.ts";

const ANSWER = 1 << 21;
const UNREAD = 200_000;

interface Place {
  readonly listener: Listener<ByteStream>;
  readonly connect: () => Promise<ByteStream>;
}

type Use = (place: Place) => Promise<void>;

const kinds: Readonly<Record<string, (use: Use) => Promise<void>>> = {
  TCP: async (use) => {
    await using listener = await createTcpListener();
    await use({ listener, connect: () => connectTcp("127.0.0.1", listener.localAddress.port) });
  },
  UNIX: (use) =>
    temporaryDirectory(async (folder) => {
      await using listener = await createUnixListener(`${folder}/socket`);
      await use({ listener, connect: () => connectUnix(`${folder}/socket`) });
    }),
  TLS: async (use) => {
    const { authority, server } = await certificates();
    await using listener = await createTlsListener(server);
    const tls = { ca: authority, serverName: "localhost" };
    const { port } = listener.listener.localAddress;
    await use({ listener, connect: () => connectTcp("127.0.0.1", port, { tls }) });
  },
};

/** How the server's end is closed behind an answer. */
const ways: Readonly<
  Record<string, (place: Place, answer: (stream: ByteStream) => Promise<void>) => Promise<void>>
> = {
  "serve, by itself": ({ listener }, answer) => listener.serve(answer),
  lingeringClose: async ({ listener }, answer) => {
    const stream = await listener.accept();
    await answer(stream);
    await lingeringClose(stream);
  },
};

/** An answer arrives whole, though its sender did not receive all that the other side sent. */
export function lingeringTests({ run }: Register, { unix, tls }: NetBackend): void {
  for (const [kind, open] of Object.entries(kinds)) {
    if ((kind === "UNIX" && unix === undefined) || (kind === "TLS" && tls === undefined)) continue;
    for (const [way, close] of Object.entries(ways)) {
      run(`${kind}: an answer arrives whole though the request was not received whole: ${way}`, () =>
        open((place) => exchange(place, () => close(place, answerEarly))),
      );
    }
  }
}

async function answerEarly(stream: ByteStream): Promise<void> {
  await stream.receive(5);
  await stream.send(new Uint8Array(ANSWER));
}

/** The client sends much more than the server receives, and reads slowly. */
async function exchange({ connect }: Place, serving: () => Promise<void>): Promise<void> {
  await taskGroup(async (group) => {
    const server = group.spawn(serving);
    const client = await connect();
    group.spawn(() => client.send(new Uint8Array(UNREAD)));
    equal(await receiveSlowly(client), [ANSWER, "EndOfStream"], "what came, and how it ended");
    await client.close();
    server.cancel();
  });
}

async function receiveSlowly(stream: ByteStream): Promise<[count: number, end: string]> {
  let count = 0;
  const receiving = async (): Promise<void> => {
    for (;;) {
      count += (await stream.receive()).length;
      await sleep(1);
    }
  };
  const { name } = (await rejection(receiving(), "the end")) as Error;
  return [count, name];
}

import { shield } from "@arborio/cancellation";
import { createConnectedUdpSocket, createUdpSocket } from "@arborio/net";
import { equal } from "./assert.ts";
import { bytes, text } from "./bytes.ts";
import { sides, type UdpPair, type UdpSide } from "./udp-pair.ts";
import { underDeadline, type LookTest } from "./under-deadline.ts";

const HOST = "127.0.0.1";

/** Datagrams. */
export function udpLooks(test: LookTest): void {
  for (const [kind, choose] of Object.entries(sides)) {
    test(`${kind}: a send sends one datagram, at most, and a later one goes too`, () =>
      withSockets(async (pair) => {
        const [one, other] = choose(pair);
        await underDeadline(
          () => one.send(bytes("first")),
          async (done) => {
            await one.send(bytes("later"));
            const came = await receive(other);
            if (done) equal(came, "first", "what came first");
            if (came !== "later") equal(await receive(other), "later", "what came then");
          },
        );
      }));

    test(`M6: ${kind}: a datagram goes to a receive, or to the next`, () =>
      withSockets(async (pair) => {
        const [one, other] = choose(pair);
        await shield(() => other.send(bytes("only")));
        let came: string | undefined;
        await underDeadline(
          async () => (came = await receive(one)),
          async () => equal(came ?? (await receive(one)), "only", "what came"),
        );
      }));
  }
}

async function receive(side: UdpSide): Promise<string> {
  return text(await side.receive())!;
}

async function withSockets(use: (pair: UdpPair) => Promise<void>): Promise<void> {
  const server = await shield(() => createUdpSocket({ host: HOST }));
  const { port } = server.localAddress;
  const client = await shield(() => createConnectedUdpSocket(HOST, port, { localHost: HOST }));
  try {
    await use({ server, client });
  } finally {
    await shield(() => Promise.all([server.close(), client.close()]));
  }
}

import {
  createMemoryObjectStream,
  type MemoryObjectReceiveStream,
  type MemoryObjectSendStream,
} from "@arborio/streams";

interface Ends {
  readonly send: MemoryObjectSendStream<unknown>;
  readonly receive: MemoryObjectReceiveStream<unknown>;
}

/** What a program does with its memory object streams, each by its name. */
export function streamOperations(
  sizes: Readonly<Record<string, number>> = {},
  log: (text: string) => void,
): Readonly<Record<string, (args: readonly unknown[]) => Promise<void> | void>> {
  const streams = new Map<unknown, Ends>();
  for (const [name, size] of Object.entries(sizes)) {
    const [send, receive] = createMemoryObjectStream<unknown>(size);
    streams.set(name, { send, receive });
  }
  const ends = (name: unknown): Ends => {
    const found = streams.get(name);
    if (found === undefined) throw new TypeError(`Cannot replay: unknown stream, received ${String(name)}`);
    return found;
  };
  return {
    send: async ([name, value]) => {
      await ends(name).send.send(value);
      log(`sent ${String(value)}`);
    },
    sendnow: ([name, value]) => {
      ends(name).send.sendNowait(value);
      log(`sent now ${String(value)}`);
    },
    recv: async ([name, label]) => {
      const value = await ends(name).receive.receive();
      log(`${String(label)} received ${String(value)}`);
    },
    recvnow: ([name, label]) =>
      log(`${String(label)} received now ${String(ends(name).receive.receiveNowait())}`),
    drain: async ([name, label]) => {
      for await (const value of ends(name).receive) log(`${String(label)} got ${String(value)}`);
      log(`${String(label)} drained`);
    },
    closesend: ([name]) => ends(name).send.closeForcefully(),
    closerecv: ([name]) => ends(name).receive.closeForcefully(),
  };
}

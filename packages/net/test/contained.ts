import { OSError } from "@arborio/core/backend";
import { addInstrument } from "@arborio/core/debug";
import { FakeSocket } from "./fake-net.ts";

/** What a peer does, in its order, when it is read from: bytes, its end (null), or a reset (`RST`); the last of it again and again. */
export type Script = readonly (string | null)[];

/** A connection whose peer does what is said. */
export class ScriptedSocket extends FakeSocket {
  private readonly script: (string | null)[];

  constructor(...script: Script) {
    super();
    this.script = [...script];
  }

  override read(): Promise<Uint8Array | null> {
    const next = this.script.length > 1 ? this.script.shift()! : this.script[0]!;
    if (next === "RST") return Promise.reject(new OSError({ code: "ECONNRESET", syscall: "read" }));
    return Promise.resolve(next === null ? null : Buffer.from(next, "latin1"));
  }
}

/** What the instruments are told of errors that were contained, while `fn` runs. */
export async function containedDuring(fn: () => unknown): Promise<unknown[]> {
  const told: unknown[] = [];
  const remove = addInstrument({ errorContained: ({ error }) => void told.push(error) });
  try {
    await fn();
  } finally {
    remove();
  }
  return told;
}

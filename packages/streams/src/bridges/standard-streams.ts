import type { WaitOptions } from "@arborio/core";
import type { HostInput } from "@arborio/core/backend";
import { capability } from "@arborio/core/lowlevel";
import type { ByteReceiveStream, ByteSendStream } from "../byte-streams.ts";
import { ForeignByteStream } from "./foreign-byte-stream.ts";
import type { Came } from "./foreign-stream.ts";

let inputs: WeakMap<HostInput, ByteReceiveStream> | undefined;

/**
 * The process's standard input: the same stream each time, for there is one only, and what came for a cancelled receive must
 * go to the next (M6). Closed, it stays closed; the process's own is left alone.
 *
 * **Throws** NoBackendError or UnsupportedError, at once, where there is no process.
 */
export function stdin({ signal }: WaitOptions = {}): ByteReceiveStream {
  const name = "stdin";
  const input = capability("host", `open ${name}`, signal)[name];
  inputs ??= new WeakMap();
  let stream = inputs.get(input);
  if (!stream) {
    const read = async (maxBytes: number): Promise<Came<Uint8Array>> => {
      const value = await input.read(maxBytes);
      return value === null ? { done: true } : { value };
    };
    stream = new ForeignByteStream({ name, read });
    inputs.set(input, stream);
  }
  return stream;
}

/**
 * The process's standard output: each call gives a stream of its own, and closing that leaves the process's alone.
 *
 * **Throws** as {@link stdin}.
 */
export function stdout(options?: WaitOptions): ByteSendStream {
  return sendTo("stdout", options);
}

/** The process's standard error, otherwise as {@link stdout}. */
export function stderr(options?: WaitOptions): ByteSendStream {
  return sendTo("stderr", options);
}

function sendTo(name: "stdout" | "stderr", { signal }: WaitOptions = {}): ByteSendStream {
  const output = capability("host", `open ${name}`, signal)[name];
  return new ForeignByteStream({ name, write: (bytes) => output.write(bytes!) });
}

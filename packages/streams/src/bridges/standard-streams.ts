import type { WaitOptions } from "@arborio/core";
import type { HostInput } from "@arborio/core/backend";
import { capability } from "@arborio/core/lowlevel";
import type { ByteReceiveStream, ByteSendStream } from "../byte-streams.ts";
import { ForeignByteReceiveStream, ForeignByteSendStream } from "./foreign-bytes.ts";

let inputs: WeakMap<HostInput, ByteReceiveStream> | undefined;

/**
 * The process's standard input: the same stream each time, for there is one only, and what came for a cancelled receive must
 * go to the next (M6). Closed, it stays closed; the process's own is left alone.
 *
 * **Throws** NoBackendError or UnsupportedError, at once, where there is no process.
 */
export function stdin({ signal }: WaitOptions = {}): ByteReceiveStream {
  const input = capability("host", "open stdin", signal).stdin;
  let stream = (inputs ??= new WeakMap<HostInput, ByteReceiveStream>()).get(input);
  if (stream === undefined) inputs.set(input, (stream = receiveFrom(input)));
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

function receiveFrom(input: HostInput): ByteReceiveStream {
  return new ForeignByteReceiveStream({
    name: "stdin",
    standing: true,
    read: async (maxBytes) => {
      const value = await input.read(maxBytes);
      return value === null ? { done: true } : { value };
    },
    close: () => {},
  });
}

function sendTo(name: "stdout" | "stderr", { signal }: WaitOptions = {}): ByteSendStream {
  const output = capability("host", `open ${name}`, signal)[name];
  return new ForeignByteSendStream({
    name,
    standing: true,
    write: (bytes) => output.write(bytes),
    close: () => {},
  });
}

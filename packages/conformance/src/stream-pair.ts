import type { ByteStream } from "@arborio/streams";

/** Both ends of a connection. */
export interface StreamPair {
  readonly client: ByteStream;
  readonly server: ByteStream;
  /** Whether `closeForcefully` resets it, so that the peer can tell. */
  readonly resets: boolean;
}

/** Registers a test of a connection, which it closes after the test. */
export type PairTest = (title: string, fn: (pair: StreamPair) => Promise<void>) => void;

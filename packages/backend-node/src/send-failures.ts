import type { Socket } from "node:net";

type Done = (error?: Error | null) => void;

/**
 * What a socket failed to send. Node destroys a socket at the first failed write, and with it what the peer said before it
 * left, here and in the system. So the socket is told that each write succeeded, and the failure is kept here.
 *
 * It takes the place of the three methods by which a stream of Node writes: `_write`, `_writev`, `_final`.
 */
export class SendFailures {
  /** The first; undefined if there is none. */
  first: unknown;

  constructor(socket: Socket) {
    const { _write, _writev, _final } = socket;
    socket._write = (chunk, encoding, done) => _write.call(socket, chunk, encoding, this.keeping(done));
    if (_writev !== undefined)
      socket._writev = (chunks, done) => _writev.call(socket, chunks, this.keeping(done));
    socket._final = (done) => _final.call(socket, this.keeping(done));
  }

  private keeping(done: Done): Done {
    return (error) => {
      this.first ??= error ?? undefined;
      done();
    };
  }
}

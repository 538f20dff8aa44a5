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
    const write = socket._write.bind(socket);
    const writeAll = socket._writev?.bind(socket);
    const end = socket._final.bind(socket);
    socket._write = (chunk, encoding, done) => write(chunk, encoding, this.keeping(done));
    if (writeAll !== undefined) socket._writev = (chunks, done) => writeAll(chunks, this.keeping(done));
    socket._final = (done) => end(this.keeping(done));
  }

  private keeping(done: Done): Done {
    return (error) => {
      this.first ??= error ?? undefined;
      done();
    };
  }
}

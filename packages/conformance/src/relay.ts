import { connectTcp, createTcpListener, type TcpListener, type TcpStream } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";

/** What lies between two ends, and can fail them: it passes on one connection's bytes, until it is told otherwise. */
export class Relay {
  private readonly listener: TcpListener;
  private readonly port: number;
  private readonly host: string;
  private ends: readonly TcpStream[] = [];
  private left = Infinity;

  private constructor(listener: TcpListener, host: string, port: number) {
    this.listener = listener;
    this.host = host;
    this.port = port;
  }

  /** A relay to a port of this machine. */
  static async open(host: string, port: number): Promise<Relay> {
    return new Relay(await createTcpListener({ host }), host, port);
  }

  get localPort(): number {
    return this.listener.localAddress.port;
  }

  /**
   * Passes on, until the group it runs in ends.
   * @param before what it says to the client first, itself
   */
  async run(before: (client: TcpStream) => Promise<void> = async () => {}): Promise<void> {
    const front = await this.listener.accept();
    this.ends = [front];
    await before(front);
    const back = await connectTcp(this.host, this.port);
    this.ends = [front, back];
    await taskGroup(async (group) => {
      group.spawn(() => this.pass(front, back));
      group.spawn(() => this.pass(back, front));
    });
  }

  /** Ends both connections, without a word of what is above them. */
  async cut(): Promise<void> {
    for (const end of this.ends) await end.sendEof();
  }

  /** Resets both connections, where the host can. */
  reset(): void {
    for (const end of this.ends) end.closeForcefully();
  }

  /** Lets so many more bytes pass, then ends. */
  tear(bytes: number): void {
    this.left = bytes;
  }

  async close(): Promise<void> {
    for (const end of [...this.ends, this.listener]) await end[Symbol.asyncDispose]();
  }

  // Whatever fails it: the ends see it too.
  private async pass(from: TcpStream, to: TcpStream): Promise<void> {
    try {
      for await (const chunk of from) {
        const part = chunk.subarray(0, this.left);
        this.left -= part.length;
        if (part.length > 0) await to.send(part);
        if (this.left <= 0) break;
      }
      await to.sendEof();
    } catch (error) {
      if ((error as Error).name === "AbortError") throw error;
    }
  }
}

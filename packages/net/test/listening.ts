import { isError, type WaitOptions } from "@arborio/core";
import {
  createMemoryObjectStream,
  type AsyncResource,
  type Attributes,
  type Listener,
  type MemoryObjectReceiveStream,
  type ServeOptions,
} from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";

/** A connection that nothing is sent over. */
export class Connection implements AsyncResource {
  closed = false;
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  async close(): Promise<void> {
    this.closed = true;
  }

  closeForcefully(): void {
    this.closed = true;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** A listener whose connections are sent to it. */
export class Listening implements Listener<Connection> {
  readonly connect: (connection: Connection) => void;
  attributes: Attributes | undefined;
  failing: unknown;
  readonly #coming: MemoryObjectReceiveStream<Connection>;

  constructor() {
    const [send, receive] = createMemoryObjectStream<Connection>(9);
    this.connect = (connection) => send.sendNowait(connection);
    this.#coming = receive;
  }

  get waiting(): number {
    return this.#coming.statistics().tasksWaitingReceive;
  }

  accept(options?: WaitOptions): Promise<Connection> {
    return this.#coming.receive(options);
  }

  async serve(
    handler: (stream: Connection, task: WaitOptions) => unknown,
    options: ServeOptions<Connection> = {},
  ): Promise<void> {
    await taskGroup(
      async (group) => {
        try {
          for (;;) {
            const stream = await this.#coming.receive({ signal: options.signal });
            (options.group ?? group).spawn(
              async (task?: WaitOptions) => void (await handler(stream, task ?? {})),
            );
          }
        } catch (error) {
          if (!isError(error, "ClosedResourceError")) throw error;
        }
      },
      { signal: options.signal },
    );
  }

  async close(): Promise<void> {
    this.closeForcefully();
    if (this.failing !== undefined) throw this.failing;
  }

  closeForcefully(): void {
    this.#coming.closeForcefully();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

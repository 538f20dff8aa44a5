import { currentTime, sleep } from "@arborio/core";
import { OSError, type AddressFamily, type NetBackend, type RawConnectOptions } from "@arborio/core/backend";
import { fakeNet, FakeSocket } from "./fake-net.ts";

/** What becomes of an attempt at an address: after so many virtual ms a connection, or that code. */
export type Script = Readonly<Record<string, { readonly after: number; readonly code?: string }>>;

/** A network by a script, that notes what happens when. Its one name has all addresses of the script, in their order. */
export class ScriptedNet {
  readonly happened: string[] = [];
  readonly sockets: FakeSocket[] = [];
  readonly errors: OSError[] = [];
  readonly tried: RawConnectOptions[] = [];
  readonly backend: NetBackend;
  private readonly script: Script;

  constructor(script: Script, parts: Partial<NetBackend> = {}) {
    this.script = script;
    this.backend = fakeNet({
      lookup: async () => Object.keys(script).map(hostAddress),
      connectTcp: (where) => this.connect(where),
      ...parts,
    });
  }

  /** The sockets that were not closed. */
  get open(): string[] {
    return this.sockets
      .filter(({ closed }) => closed === "no")
      .map(({ remoteAddress }) => remoteAddress.address);
  }

  private async connect(where: RawConnectOptions): Promise<FakeSocket> {
    const { address, port } = where;
    const { after, code } = this.script[address]!;
    this.tried.push(where);
    this.note(`${address} begins`);
    try {
      await sleep(after);
    } catch (error) {
      this.note(`${address} ends`);
      throw error;
    }
    if (code !== undefined) throw this.refusal(code, address, port);
    const socket = new FakeSocket({ ...hostAddress(address), port });
    this.sockets.push(socket);
    return socket;
  }

  private refusal(code: string, address: string, port: number): OSError {
    const error = new OSError({ code, syscall: "connect", address: `${address} port ${String(port)}` });
    this.errors.push(error);
    return error;
  }

  private note(what: string): void {
    this.happened.push(`${String(currentTime())} ${what}`);
  }
}

export function hostAddress(address: string): { address: string; family: AddressFamily } {
  return { address, family: address.includes(":") ? "ipv6" : "ipv4" };
}

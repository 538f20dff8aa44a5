import { CapacityLimiter, Lock, ReadWriteLock, Semaphore, type TlsCertificate } from "arborio";
import { CountedSignal } from "./counted-signal.ts";
import { checkEqual } from "./fault.ts";

/** The conformance suite's, which it does not export: so the compiler must not follow the path. */
const CERTIFICATES: string = "../../../packages/conformance/src/certificates.ts";

interface Certificates {
  readonly authority: string;
  readonly server: TlsCertificate;
}

/** What all workers share. */
export class World {
  readonly authority: string;
  readonly certificate: TlsCertificate;
  /** Where UNIX sockets are. */
  readonly folder: string;
  readonly steady: CountedSignal = new CountedSignal();
  readonly lock: Lock = new Lock();
  readonly semaphore: Semaphore = new Semaphore(5, { maxValue: 5 });
  readonly limiter: CapacityLimiter = new CapacityLimiter(5);
  readonly readWrite: ReadWriteLock = new ReadWriteLock();
  #number = 0;

  private constructor(folder: string, authority: string, certificate: TlsCertificate) {
    this.folder = folder;
    this.authority = authority;
    this.certificate = certificate;
  }

  static async create(folder: string): Promise<World> {
    const { certificates } = (await import(CERTIFICATES)) as {
      readonly certificates: () => Promise<Certificates>;
    };
    const { authority, server } = await certificates();
    return new World(folder, authority, server);
  }

  /** Another one with each call: of a sequence of bytes, of a path. */
  number(): number {
    return ++this.#number;
  }

  path(): string {
    return `${this.folder}/${String(this.number())}`;
  }

  /** That nobody holds or waits for anything: for when the workers rest. */
  checkRest(): void {
    const { lock, semaphore, limiter, readWrite, steady } = this;
    checkEqual(lock.locked, false, "the shared lock's state");
    checkEqual(semaphore.value, 5, "the shared semaphore's value");
    checkEqual(limiter.borrowedTokens, 0, "the shared limiter's borrowed tokens");
    checkEqual(readWrite.statistics().readers, 0, "the number of readers");
    checkEqual(readWrite.statistics().writing, false, "whether one writes");
    checkEqual(steady.listeners, 0, "the number of listeners on the signal that never aborts");
  }
}

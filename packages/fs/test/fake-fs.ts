import type { FileStat, FsBackend, RawFile } from "@arborio/core/backend";

/** Ended by the test. */
export class Manual<T> {
  private settle: ((value: T) => void) | undefined;
  readonly start = (): Promise<T> => new Promise((resolve) => (this.settle = resolve));

  end(value: T): void {
    this.settle?.(value);
  }
}

/** A file whose reads and writes end when the test says so. */
export class FakeFile implements RawFile {
  readonly log: string[] = [];
  readonly reading: Manual<Uint8Array | null> = new Manual();
  readonly writing: Manual<void> = new Manual();

  read(): Promise<Uint8Array | null> {
    this.log.push("read");
    return this.reading.start();
  }

  write(): Promise<void> {
    this.log.push("write");
    return this.writing.start();
  }

  stat(): Promise<FileStat> {
    return Promise.reject(new Error("not here"));
  }

  async seek(offset: number, from: string): Promise<number> {
    this.log.push(`seek ${String(offset)} ${from}`);
    return 0;
  }

  async truncate(): Promise<void> {
    this.log.push("truncate");
  }

  async sync(): Promise<void> {
    this.log.push("sync");
  }

  async close(): Promise<void> {
    this.log.push("close");
  }
}

/** A file system of which a test gives the part it needs. */
export function fakeFs(part: Partial<FsBackend>): FsBackend {
  const missing = (): never => {
    throw new Error("not here");
  };
  return {
    separator: "/",
    open: missing,
    stat: missing,
    readDirectory: missing,
    makeDirectory: missing,
    remove: missing,
    makeTemporaryDirectory: missing,
    ...part,
  };
}

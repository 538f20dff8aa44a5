import type { FileStat, RawFile, RawOpenOptions } from "@arborio/core/backend";
import type { DenoFile, DenoHost } from "./host-types.ts";
import { attempted, badDescriptor, type Attempt } from "./os-error.ts";
import { fileStat } from "./stat.ts";

// A larger read is given in parts: the memory is taken before the file says how much there is.
const LARGEST_READ = 1 << 20;

const WHENCE = { start: 0, current: 1, end: 2 } as const;

/** Opens a file. */
export async function openFile(deno: DenoHost, path: string, options: RawOpenOptions): Promise<RawFile> {
  const { exclusive, ...rest } = options;
  const file = await attempted(deno.open(path, { ...rest, createNew: exclusive }), { syscall: "open", path });
  return new DenoRawFile(file, path);
}

/** An open file. The position is the descriptor's own. */
class DenoRawFile implements RawFile {
  private readonly file: DenoFile;
  private readonly path: string;
  private underWay: Promise<unknown> | undefined;
  private closed: Promise<void> | undefined;

  constructor(file: DenoFile, path: string) {
    this.file = file;
    this.path = path;
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return this.attempt("read", async () => {
      const buffer = new Uint8Array(Math.min(maxBytes, LARGEST_READ));
      const length = await this.file.read(buffer);
      if (length === null) return null;
      return length === buffer.length ? buffer : buffer.slice(0, length);
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.attempt("write", async () => {
      for (let sent = 0; sent < bytes.length;) sent += await this.file.write(bytes.subarray(sent));
    });
  }

  stat(): Promise<FileStat> {
    return this.attempt("stat", async () => fileStat(await this.file.stat()));
  }

  seek(offset: number, from: "start" | "current" | "end"): Promise<number> {
    return this.attempt("seek", () => this.file.seek(offset, WHENCE[from]));
  }

  truncate(size: number): Promise<void> {
    return this.attempt("truncate", () => this.file.truncate(size));
  }

  sync(): Promise<void> {
    return this.attempt("sync", () => this.file.sync());
  }

  close(): Promise<void> {
    return (this.closed ??= this.release());
  }

  private async release(): Promise<void> {
    await this.underWay?.catch(() => {});
    this.file.close();
  }

  private attempt<T>(syscall: string, act: () => Promise<T>): Promise<T> {
    const attempt: Attempt = { syscall, path: this.path };
    if (this.closed !== undefined) return Promise.reject(badDescriptor(attempt));
    const result = attempted(act(), attempt);
    this.underWay = result;
    return result;
  }
}

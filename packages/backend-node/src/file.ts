import type { FileStat, RawFile, RawOpenOptions } from "@arborio/core/backend";
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { attempted, badDescriptor, type Attempt } from "./os-error.ts";
import { fileStat } from "./stat.ts";

// A larger read is given in parts: the memory is taken before the file says how much there is.
const LARGEST_READ = 1 << 20;

/** Opens a file. */
export async function openFile(path: string, options: RawOpenOptions): Promise<RawFile> {
  const handle = await attempted(open(path, flagsOf(options), options.mode), { syscall: "open", path });
  return new NodeFile(handle, path, options.append);
}

function flagsOf({ read, write, append, create, exclusive, truncate }: RawOpenOptions): number {
  const writes = write || append;
  let flags = read && writes ? constants.O_RDWR : writes ? constants.O_WRONLY : constants.O_RDONLY;
  if (append) flags |= constants.O_APPEND;
  if (create) flags |= constants.O_CREAT;
  if (exclusive) flags |= constants.O_EXCL;
  if (truncate) flags |= constants.O_TRUNC;
  return flags;
}

/**
 * An open file. The position is kept here, for Node has no `lseek`: null in what cannot seek (a pipe, a terminal),
 * `"end"` after an append, until someone asks where that is.
 */
class NodeFile implements RawFile {
  private readonly handle: FileHandle;
  private readonly path: string;
  private readonly append: boolean;
  private position: number | "end" | null = 0;
  private underWay: Promise<unknown> | undefined;
  private closed: Promise<void> | undefined;

  constructor(handle: FileHandle, path: string, append: boolean) {
    this.handle = handle;
    this.path = path;
    this.append = append;
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return this.attempt("read", async () => {
      // Its own memory, not zeroed: a pooled Buffer would share it.
      const buffer = Buffer.allocUnsafeSlow(Math.min(maxBytes, LARGEST_READ));
      const length = await this.transfer(await this.at(), (position) =>
        this.handle.read(buffer, 0, buffer.length, position).then(({ bytesRead }) => bytesRead),
      );
      if (length === 0) return null;
      const bytes = new Uint8Array(buffer.buffer, buffer.byteOffset, length);
      return length === buffer.length ? bytes : bytes.slice();
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.attempt("write", async () => {
      for (let sent = 0; sent < bytes.length;) sent += await this.writeSome(bytes.subarray(sent));
    });
  }

  stat(): Promise<FileStat> {
    return this.attempt("stat", async () => fileStat(await this.handle.stat()));
  }

  seek(offset: number, from: "start" | "current" | "end"): Promise<number> {
    return this.attempt("seek", async () => {
      const base = from === "start" ? 0 : from === "end" ? (await this.handle.stat()).size : await this.at();
      if (base === null) throw Object.assign(new Error("not seekable"), { code: "ESPIPE" });
      if (base + offset < 0) throw Object.assign(new Error("before the start"), { code: "EINVAL" });
      return (this.position = base + offset);
    });
  }

  truncate(size: number): Promise<void> {
    return this.attempt("truncate", () => this.handle.truncate(size));
  }

  sync(): Promise<void> {
    return this.attempt("sync", () => this.handle.sync());
  }

  close(): Promise<void> {
    return (this.closed ??= this.release());
  }

  private async release(): Promise<void> {
    await this.underWay?.catch(() => {});
    // An error of close(2) says that an earlier write was lost, which only sync can say in time.
    await this.handle.close().catch(() => {});
  }

  private async writeSome(bytes: Uint8Array): Promise<number> {
    const write = (position: number | null): Promise<number> =>
      this.handle.write(bytes, 0, bytes.length, position).then(({ bytesWritten }) => bytesWritten);
    if (!this.append) return this.transfer(await this.at(), write);
    // macOS appends only what is written without a position.
    const written = await write(null);
    if (this.position !== null) this.position = "end";
    return written;
  }

  /** Reads or writes at the position and moves it; in what cannot seek, wherever the system is. */
  private async transfer(
    position: number | null,
    move: (position: number | null) => Promise<number>,
  ): Promise<number> {
    try {
      const moved = await move(position);
      if (position !== null) this.position = position + moved;
      return moved;
    } catch (error) {
      if (position === null || (error as { code?: unknown }).code !== "ESPIPE") throw error;
      this.position = null;
      return move(null);
    }
  }

  private async at(): Promise<number | null> {
    if (this.position === "end") this.position = (await this.handle.stat()).size;
    return this.position;
  }

  private attempt<T>(syscall: string, act: () => Promise<T>): Promise<T> {
    const attempt: Attempt = { syscall, path: this.path };
    if (this.closed !== undefined) return Promise.reject(badDescriptor(attempt));
    const result = attempted(act(), attempt);
    this.underWay = result;
    return result;
  }
}

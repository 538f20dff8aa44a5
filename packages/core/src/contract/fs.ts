/** What kind of thing a path names. */
export type FileKind = "file" | "directory" | "symlink" | "other";

/** What is known of a file. Times are ms since 1970. */
export interface FileStat {
  readonly kind: FileKind;
  /** Bytes. */
  readonly size: number;
  /** POSIX permission bits, as 0o644; 0 where the system has none. */
  readonly mode: number;
  readonly modifiedAt: number;
  readonly accessedAt: number;
  /** Undefined where the system does not tell. */
  readonly createdAt: number | undefined;
  /** The same for two paths to one file (device and inode), for finding cycles; undefined where the system does not tell. */
  readonly identity: string | undefined;
}

/** An entry of a directory. */
export interface DirectoryEntry {
  readonly name: string;
  /** Of the entry itself: a symbolic link is one. */
  readonly kind: FileKind;
}

/** How to open a file: at least one of `read`, `write` and `append`. */
export interface RawOpenOptions {
  readonly read: boolean;
  readonly write: boolean;
  /** Each write goes to the end. */
  readonly append: boolean;
  /** Make it if it is not there. */
  readonly create: boolean;
  /** Fail with `EEXIST` if it is there; goes with `create`. */
  readonly exclusive: boolean;
  /** Empty it. */
  readonly truncate: boolean;
  /** Permission bits of a file that is made; the process's umask applies. */
  readonly mode?: number;
}

/** An open file with one position that reads and writes move. One operation at a time: callers see to it. */
export interface RawFile {
  /** Reads up to `maxBytes` at the position, in memory the caller owns; null at the end. */
  read(maxBytes: number): Promise<Uint8Array | null>;
  /** Writes all of the bytes at the position. */
  write(bytes: Uint8Array): Promise<void>;
  stat(): Promise<FileStat>;
  /** Moves the position, to bytes from the start (`from: "start"`), the position or the end; gives the new one. */
  seek(offset: number, from: "start" | "current" | "end"): Promise<number>;
  truncate(size: number): Promise<void>;
  /** Flushes data and metadata to the device. */
  sync(): Promise<void>;
  /** Releases the descriptor, after what is under way. Idempotent, never rejects. */
  close(): Promise<void>;
}

/**
 * A file system. Failures are OSErrors that name the path, with `syscall` `open`, `read`, `write`, `stat`, `seek`, `truncate`,
 * `sync`, `readdir`, `mkdir`, `remove` or `mkdtemp`. Paths are as the host writes them.
 */
export interface FsBackend {
  /** What stands between the parts of a path: `/` or `\`. */
  readonly separator: string;
  open(path: string, options: RawOpenOptions): Promise<RawFile>;
  /** @param followLinks false: of the link itself */
  stat(path: string, followLinks: boolean): Promise<FileStat>;
  /** The entries of a directory, without `.` and `..`, in no order. */
  readDirectory(path: string): Promise<DirectoryEntry[]>;
  /** @param recursive also make parents; then it is no error if it is there */
  makeDirectory(
    path: string,
    options: { readonly recursive: boolean; readonly mode?: number },
  ): Promise<void>;
  /** A file, a link, an empty directory; with `recursive` a whole tree, not following links. */
  remove(path: string, options: { readonly recursive: boolean }): Promise<void>;
  /** Makes a new directory, for this user alone, named `prefix` and something unique, in `parent` (default: the system's temporary one); gives its path. */
  makeTemporaryDirectory(options: { readonly prefix: string; readonly parent?: string }): Promise<string>;
}

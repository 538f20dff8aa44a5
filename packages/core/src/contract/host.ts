/** A standard stream to read. */
export interface HostInput {
  /** The next bytes, at most `maxBytes`; null at the end. One call at a time. */
  read(maxBytes: number): Promise<Uint8Array | null>;
}

/** A standard stream to write. */
export interface HostOutput {
  /** Resolves when the host has taken all of the bytes. */
  write(bytes: Uint8Array): Promise<void>;
}

/** Which standard streams are terminals, and how wide. */
export interface HostTerminal {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Columns of the terminal at stdout; undefined if it is none. Read anew each time. */
  readonly columns: number | undefined;
}

/** The process the program runs in. */
export interface Host {
  /** The program's own arguments, without the runtime and the script. */
  readonly args: readonly string[];
  /**
   * An environment variable; undefined if it is not set.
   * @throws OSError `EACCES` if the runtime's permissions deny it
   */
  env(name: string): string | undefined;
  /** The operating system, in Node's words: `linux`, `darwin`, `win32`, … */
  readonly platform: string;
  readonly stdin: HostInput;
  readonly stdout: HostOutput;
  readonly stderr: HostOutput;
  readonly terminal: HostTerminal;
  /** The code with which the process will end when nothing is left to do. */
  setExitCode(code: number): void;
  /** Ends the process now. */
  exit(code: number): never;
}

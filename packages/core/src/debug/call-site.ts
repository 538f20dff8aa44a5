// Deep enough to come out of the library's own frames.
const DEPTH = 40;

/**
 * Where the calling code was called from: the user's frames of the stack, nearest first, a line each; without the library's
 * and the runtime's own. Where these cannot be told apart (all bundled into one file) all frames. Empty where nothing on the
 * stack is the user's, as after a backend's operation.
 */
export function callSite(): string {
  const [here = "", ...frames] = capture();
  const own = ownFrames(here);
  const users = frames.filter((frame) => !own(frame) && !FOREIGN.test(frame));
  const bundled = users.length === 0 && !LAYOUT.test(fileOf(here));
  return (bundled ? frames : users).join("\n");
}

/** The nearest of its frames. */
export function nearest(site: string): string {
  return site.split("\n", 1)[0] ?? "";
}

function capture(): string[] {
  const { Error } = globalThis as { readonly Error: ErrorConstructor & { stackTraceLimit?: number } };
  const { stackTraceLimit } = Error;
  try {
    if (stackTraceLimit !== undefined) Error.stackTraceLimit = DEPTH;
    const { stack = "" } = new Error();
    // V8 begins with a title; other engines have a line a frame, `function@file:line:column`.
    const frames = stack
      .split("\n")
      .filter((line) => /:\d+:\d+\)?$/.test(line) || /<anonymous>\)?$/.test(line));
    return frames.slice(1).map((line) => line.trim().replace(/^at /, ""));
  } finally {
    if (stackTraceLimit !== undefined) Error.stackTraceLimit = stackTraceLimit;
  }
}

// What belongs to no file of the program.
const FOREIGN = /<anonymous>\)?$|\b(?:node|ext|native):/;

// Where this file is when it is not bundled.
const LAYOUT = /[\\/]core[\\/](?:src|dist)[\\/]debug[\\/]call-site\.[jt]s$/;

/** Which frames are the library's: those of this package's siblings, by where this very frame is, and installed ones. */
function ownFrames(here: string): (frame: string) => boolean {
  const file = fileOf(here);
  const parent = LAYOUT.test(file) ? file.replace(LAYOUT, "") : undefined;
  return (frame) => {
    const path = fileOf(frame);
    if (path === file || /[\\/]@arborio[\\/+]|[\\/]node_modules[\\/]arborio[\\/]/.test(path)) return true;
    return (
      parent !== undefined &&
      path.startsWith(parent) &&
      /^[\\/][\w-]+[\\/](?:src|dist)[\\/]/.test(path.slice(parent.length))
    );
  };
}

/** `async f (file:///a/b.ts:1:2)` is in `/a/b.ts`. */
function fileOf(frame: string): string {
  const place = /[(@]([^(@]*)\)?$/.exec(frame)?.[1] ?? frame.replace(/^async /, "");
  return place.replace(/:\d+:\d+\)?$/, "").replace(/^file:\/\//, "");
}

// Deep enough to come out of the library's own frames.
const DEPTH = 24;

// As many of the user's as one reads.
const SHOWN = 5;

/**
 * Where the calling code was called from: the user's frames of the stack, nearest first, a line each; without the library's
 * and the runtime's own. Where these cannot be told apart (all bundled into one file) all frames. Empty where nothing on the
 * stack is the user's, as after a backend's operation.
 */
export function callSite(): string {
  return usersPart(capture());
}

/** {@link callSite}, for what is seldom asked for: the stack is taken now, and taken apart when it is read. */
export function lazyCallSite(): () => string {
  const stack = capture();
  let site: string | undefined;
  return () => (site ??= usersPart(stack));
}

function usersPart(stack: string): string {
  // V8 begins with a title; other engines have a line a frame, `function@file:line:column`.
  const frames = stack
    .split("\n")
    .filter((line) => /:\d+:\d+\)?$|<anonymous>\)?$/.test(line))
    .map((line) => line.trim().replace(/^at /, ""));
  const here = frames[0] ?? "";
  const own = ownFrames(here);
  const users = frames.filter((frame) => !own(frame) && !FOREIGN.test(frame));
  const bundled = users.length === 0 && !LAYOUT.test(fileOf(here));
  return (bundled ? frames : users).slice(0, SHOWN).join("\n");
}

/** The nearest of its frames. */
export function nearest(site: string): string {
  return site.split("\n", 1)[0] ?? "";
}

function capture(): string {
  const { Error } = globalThis as { readonly Error: ErrorConstructor & { stackTraceLimit?: number } };
  const { stackTraceLimit } = Error;
  try {
    if (stackTraceLimit !== undefined) Error.stackTraceLimit = DEPTH;
    return new Error().stack ?? "";
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

/** `async f (file:///a/b.ts:1:2)`, `async file:///a/b.ts:1:2` and `f@file:///a/b.ts:1:2` are in `/a/b.ts`. */
function fileOf(frame: string): string {
  const place =
    / \((.*)\)$/.exec(frame)?.[1] ?? /^[^\s@:/]*@(.*)$/.exec(frame)?.[1] ?? frame.replace(/^async /, "");
  return place.replace(/:\d+:\d+$/, "").replace(/^file:\/\//, "");
}

interface Events {
  listeners(event: string): ((...args: unknown[]) => void)[];
  on(event: string, listener: (...args: unknown[]) => void): void;
  off(event: string, listener: (...args: unknown[]) => void): void;
}

/** Calls `fn` while the test runner does not see unhandled rejections: where they are what is tested. */
export async function unobserved<T>(fn: () => Promise<T>): Promise<T> {
  const { process } = globalThis as unknown as { process: Events };
  const event = "unhandledRejection";
  const listeners = process.listeners(event);
  for (const listener of listeners) process.off(event, listener);
  try {
    return await fn();
  } finally {
    for (const listener of listeners) process.on(event, listener);
  }
}

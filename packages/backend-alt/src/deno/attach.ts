// The longest a timer can be; it only has to be there.
const LONGEST = 2 ** 31 - 1;

/** Keeps the process alive until the returned function is called (F5). */
export function attach(): () => void {
  const handle = setInterval(() => {}, LONGEST);
  return () => clearInterval(handle);
}

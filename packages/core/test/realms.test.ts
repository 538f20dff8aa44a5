// What comes from another realm (an iframe, node:vm, jsdom) has other constructors: it is known by what it is, not by those.
import { createContext, runInContext } from "node:vm";
import { formatError } from "@arborio/core";
import { checkBytes, checkHostBytes, isBytes } from "@arborio/core/lowlevel";
import { expect, test } from "vitest";
import { thrownBy } from "../../testing/test/outcome.ts";

const realm = createContext();
const foreign = (code: string): unknown => runInContext(code, realm);

test("bytes of another realm are bytes", () => {
  const bytes = foreign("Uint8Array.of(1, 2)") as Uint8Array;
  expect(bytes instanceof Uint8Array).toBe(false);
  expect(checkBytes("send", bytes)).toBe(bytes);
  const derived = foreign("new (class Own extends Uint8Array {})(2)") as Uint8Array;
  expect(checkBytes("send", derived)).toBe(derived);
  const buffer = Buffer.from("ab");
  expect(checkBytes("send", buffer)).toBe(buffer);
});

test.each<[string, unknown]>([
  ["one that says it is one", { [Symbol.toStringTag]: "Uint8Array", length: 1, buffer: new ArrayBuffer(1) }],
  ["an heir of the prototype", Object.create(Uint8Array.prototype)],
  ["a proxy", new Proxy(Uint8Array.of(1), {})],
  ["other numbers", Uint16Array.of(1)],
  ["clamped numbers", Uint8ClampedArray.of(1)],
  ["memory alone", new ArrayBuffer(1)],
  ["a view", new DataView(new ArrayBuffer(1))],
  ["a text", "text"],
  ["null", null],
])("%s is no Uint8Array", (_, value) => {
  expect(isBytes(value)).toBe(false);
  expect(thrownBy(() => checkBytes("send", value as never))).toMatchObject({
    name: "TypeError",
    message: `Cannot send: it takes a Uint8Array, received ${value === null ? "null" : typeof value}`,
  });
});

test("a host is given a copy of bytes whose memory others may change or cut", () => {
  for (const buffer of [
    new SharedArrayBuffer(2),
    new (ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer)(2, {
      maxByteLength: 4,
    }),
    foreign("new SharedArrayBuffer(2)") as SharedArrayBuffer,
  ]) {
    const bytes = new Uint8Array(buffer);
    bytes[0] = 7;
    expect(checkBytes("send", bytes)).toBe(bytes);
    const taken = checkHostBytes("send", bytes);
    bytes[0] = 8;
    expect([...taken]).toEqual([7, 0]);
    expect(taken.buffer).toBeInstanceOf(ArrayBuffer);
  }
});

test("bytes whose memory was transferred or cut off are a TypeError: they would be sent as none", () => {
  const transferred = new Uint8Array(4);
  structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
  const resizable = new (ArrayBuffer as unknown as new (length: number, options: object) => ArrayBuffer)(4, {
    maxByteLength: 4,
  }) as ArrayBuffer & { resize(length: number): void };
  const cut = new Uint8Array(resizable, 2, 2);
  resizable.resize(1);
  for (const check of [checkBytes, checkHostBytes])
    for (const gone of [transferred, cut])
      expect(thrownBy(() => check("send", gone))).toEqual(
        new TypeError("Cannot send: the memory of the Uint8Array is gone"),
      );
  expect(checkBytes("send", new Uint8Array())).toHaveLength(0);
});

test("an error of another realm is printed as one", () => {
  const error = foreign("new RangeError('far')");
  expect(error instanceof Error).toBe(false);
  expect(formatError(error)).toMatch(/^RangeError: far\n\s+at /);
});

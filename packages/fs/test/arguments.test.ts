import {
  exists,
  mkdir,
  openFile,
  openTemporaryDirectory,
  readDirectory,
  readFile,
  readTextFile,
  remove,
  stat,
  temporaryDirectory,
  walk,
  writeFile,
} from "@arborio/fs";
import { test } from "@arborio/testing/vitest";
import { expect } from "vitest";

const byPath: Record<string, (path: string) => unknown> = {
  "open the file": (path) => openFile(path),
  "read the file": (path) => readFile(path),
  "read the file as text": (path) => readTextFile(path),
  "write the file": (path) => writeFile(path, ""),
  stat: (path) => stat(path),
  "look for": (path) => exists(path),
  "make the directory": (path) => mkdir(path),
  remove: (path) => remove(path),
  "read the directory": (path) => readDirectory(path),
  walk: (path) => walk(path),
};

for (const [name, call] of Object.entries(byPath)) {
  test(`a bad path is a TypeError, at once: ${name}`, () => {
    const action = name.replace(" as text", "");
    for (const path of ["", "a\0b", undefined, null, 5, {}])
      expect(() => call(path as string)).toThrow(TypeError);
    expect(() => call("")).toThrow(
      `Cannot ${action}: path must be a string, not empty and without NUL, received ""`,
    );
  });
}

test("modes, permissions and data are checked, at once", () => {
  expect(() => openFile("x", { mode: "rw" as never })).toThrow(
    new TypeError('Cannot open the file: mode must be one of r, r+, w, w+, a, a+, x, x+, received "rw"'),
  );
  expect(() => openFile("x", { permissions: -1 })).toThrow(
    new RangeError("Cannot open the file: permissions must be from 0 to 0o7777, received -1"),
  );
  expect(() => mkdir("x", { permissions: 0o10000 })).toThrow(RangeError);
  expect(() => writeFile("x", 5 as never)).toThrow(
    new TypeError("Cannot write the file: it takes a string or a Uint8Array, received number"),
  );
  expect(() => temporaryDirectory("x" as never)).toThrow(
    new TypeError("Cannot use a temporary directory: it takes a function, received string"),
  );
  expect(() => openTemporaryDirectory({ parent: "" })).toThrow(
    'Cannot make a temporary directory: path must be a string, not empty and without NUL, received ""',
  );
  expect(() => openTemporaryDirectory({ prefix: "a/b" })).toThrow(
    new TypeError('Cannot make a temporary directory: prefix must be a part of a name, received "a/b"'),
  );
});

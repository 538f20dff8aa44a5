import { CancelScope } from "@arborio/cancellation";
import { run } from "@arborio/core";
import { OSError, type RawSocket, type UnixAddress, type UnixBackend } from "@arborio/core/backend";
import { connectUnix, createUnixListener, UnixConnectable, type UnixListenerOptions } from "@arborio/net";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { expect, test as plainly } from "vitest";
import { fakeListener, fakeNet, FakeSocket } from "./fake-net.ts";

plainly("paths and options are checked first, synchronously", () => {
  const connect = (path: unknown) => () => connectUnix(path as string);
  const listen =
    (options: UnixListenerOptions, path = "/x") =>
    () =>
      createUnixListener(path, options);
  const action = "Cannot connect to the UNIX socket: path";
  expect(connect("")).toThrow(new TypeError(`${action} must not be empty, received ""`));
  expect(connect(5)).toThrow(new TypeError(`${action} must be a string, received 5`));
  for (const path of ["a\0b", "a\0", "\0a\0b"])
    expect(connect(path)).toThrow(
      new TypeError(`${action} must have no NUL but a first, received ${JSON.stringify(path)}`),
    );
  expect(listen({}, "")).toThrow(TypeError);
  for (const mode of [-1, 0o1000, 1.5]) expect(listen({ mode })).toThrow(RangeError);
  expect(listen({ backlog: 0 })).toThrow(RangeError);
  expect(listen({ mode: 0o600 }, "\0x")).toThrow("an abstract name has no mode");
  expect(() => new UnixConnectable("")).toThrow(TypeError);
});

plainly("without UNIX sockets it is an UnsupportedError that names the backend", async () => {
  const backend = simulation({ backend: { name: "fake", net: fakeNet({}) }, patience: 20 });
  const message = /backend 'simulation' has no UNIX sockets/;
  await expect(run(() => connectUnix("/x"), { backend })).rejects.toThrow(message);
  await expect(run(() => createUnixListener("/x"), { backend })).rejects.toThrow(message);
});

type Answer = () => unknown;

/** What was called, and what each call, in order, comes to; a string is an error's code. */
let calls: string[] = [];
let answers: (Answer | string)[] = [];
let closed: string[] = [];

const call = <T>(name: string): Promise<T> => {
  calls.push(name);
  const answer = answers.shift() ?? (() => undefined);
  if (typeof answer === "string") return Promise.reject(new OSError({ code: answer, syscall: name }));
  return Promise.resolve(answer() as T);
};

const unix: UnixBackend = {
  listen: ({ path }) => call(`listen ${path}`),
  connect: (path) => call(`connect ${path}`),
  identify: (path) => call(`identify ${path}`),
  remove: (path, identity) => call(`remove ${path} ${identity}`),
};

const test = createTest({
  backend: () => {
    [calls, answers, closed] = [[], [], []];
    return simulation({ backend: { name: "fake", net: { ...fakeNet({}), unix } }, patience: 20 });
  },
});

const listenerOf = (name: string) => () => ({
  ...fakeListener([]),
  localAddress: { path: "/x" },
  close: () => {
    closed.push(name);
    return Promise.resolve();
  },
});

const listener = listenerOf("listener");
const claim = listenerOf("claim");
const one = (): string => "1:2";
const other = (): string => "1:3";
const nothing = (): undefined => undefined;
/** A socket is there, on which nobody listens; the next call asks for the claim on it. */
const left = ["EADDRINUSE", one, "ECONNREFUSED"] as const;
/** The claim is had, and the next call removes the socket. */
const claimed = [...left, claim, one, "ECONNREFUSED"] as const;

const connection = (): RawSocket<UnixAddress> =>
  Object.assign(new FakeSocket(), {
    localAddress: { path: undefined },
    remoteAddress: { path: "/x" },
    close: () => {
      closed.push("connection");
      return Promise.resolve();
    },
  });

const turns = async (): Promise<void> => {
  for (let i = 0; i < 50; i++) await Promise.resolve();
};

test("a socket on which nobody listens is removed by the holder of the claim on it, and listened on again", async () => {
  answers = [...claimed, nothing, listener];
  await (await createUnixListener("/d/x")).close();
  expect(calls).toEqual([
    ...["listen /d/x", "identify /d/x", "connect /d/x", "listen /d/.11rd"],
    ...["identify /d/x", "connect /d/x", "remove /d/x 1:2", "listen /d/x"],
  ]);
  expect(closed).toEqual(["claim", "listener"]);
});

test("one that goes away in between is listened on again", async () => {
  answers = ["EADDRINUSE", one, "ENOENT", listener];
  await (await createUnixListener("/x")).close();
});

test("what is no socket keeps its path, and nobody connects to it", async () => {
  answers = ["EADDRINUSE", nothing];
  await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect(calls).toEqual(["listen /x", "identify /x"]);
});

for (const [state, answered] of Object.entries({
  "another socket": [other],
  nothing: [nothing],
  "a listener": [one, connection],
})) {
  test(`where there is ${state} when the claim is had, nothing is removed`, async () => {
    answers = [...left, claim, ...answered];
    await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(calls.filter((made) => made.startsWith("remove"))).toEqual([]);
    expect(closed[0]).toBe(state === "a listener" ? "connection" : "claim");
  });
}

test("a claim that another holds is that of who will have the path", async () => {
  answers = [...left, "EADDRINUSE", other, connection];
  await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EADDRINUSE", syscall: "listen /x" });
  expect([calls.length, closed]).toEqual([6, ["connection"]]);
});

test("where there is no room for a claim, the path is in use", async () => {
  answers = [...left, "ENAMETOOLONG"];
  await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EADDRINUSE", syscall: "listen /x" });
});

test("where a claim is denied, that is thrown", async () => {
  answers = [...left, "EACCES"];
  await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EACCES" });
});

test("a claim that a dead holder left is taken over as the path is", async () => {
  answers = [...left, "EADDRINUSE", other, "ECONNREFUSED", listenerOf("claim on the claim"), other];
  answers.push("ECONNREFUSED", nothing, claim, one, "ECONNREFUSED", nothing, listener);
  await (await createUnixListener("/x")).close();
  expect(calls).toContain("remove /.11rd 1:3");
  expect(closed).toEqual(["claim on the claim", "claim", "listener"]);
});

test("a listener that lives keeps its path; the connection that found it is closed", async () => {
  answers = ["EADDRINUSE", one, connection];
  await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EADDRINUSE", syscall: "listen /x" });
  expect([calls, closed]).toEqual([["listen /x", "identify /x", "connect /x"], ["connection"]]);
});

for (const code of ["EACCES", "EAGAIN"]) {
  test(`a listener that cannot be asked (${code}) keeps its path`, async () => {
    answers = ["EADDRINUSE", one, code];
    await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(calls).toHaveLength(3);
  });
}

test("a path that another takes meanwhile is in use after all", async () => {
  answers = [...claimed, nothing, "EADDRINUSE", other, connection];
  await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EADDRINUSE" });
  expect(closed).toEqual(["claim", "connection"]);
});

test("an abstract name in use is no file to remove; another error is thrown as it is", async () => {
  answers = ["EADDRINUSE", "EACCES"];
  await expect(createUnixListener("\0x")).rejects.toMatchObject({ code: "EADDRINUSE" });
  await expect(createUnixListener("/x")).rejects.toMatchObject({ code: "EACCES" });
  expect(calls).toEqual(["listen \0x", "listen /x"]);
});

for (const [name, before, kept] of [
  ["listening", [], ["listener"]],
  ["asking who listens", ["EADDRINUSE", one], ["connection"]],
  ["claiming", left, ["claim"]],
  ["asking again", [...left, claim, one], ["connection", "claim"]],
  ["listening again", [...claimed, nothing], ["claim", "listener"]],
] as const) {
  test(`C4: cancelled while ${name}, nothing is left open`, async () => {
    let arrive = (): void => {};
    const late = new Promise<unknown>((resolve) => {
      const what = kept.find((kind) => kind !== "claim") ?? "claim";
      arrive = () => resolve(what === "connection" ? connection() : listenerOf(what)());
    });
    answers = [...before, () => late];
    const scope = new CancelScope();
    const attempt = scope.run(() => createUnixListener("/x"));
    await turns();
    expect(calls).toHaveLength(before.length + 1);
    scope.cancel();
    expect(await attempt).toBeUndefined();
    arrive();
    await turns();
    expect(closed).toEqual(kept);
  });
}

test("C4: a connection that is made for a cancelled call is closed", async () => {
  let arrive = (): void => {};
  answers = [() => new Promise((resolve) => (arrive = () => resolve(connection())))];
  const scope = new CancelScope();
  const attempt = scope.run(() => connectUnix("/x"));
  scope.cancel();
  await attempt;
  arrive();
  await turns();
  expect(closed).toEqual(["connection"]);
});

test("UnixConnectable: it connects as connectUnix does, to its path, again and again", async () => {
  answers = [connection, connection];
  const connectable = new UnixConnectable("/x");
  for (let i = 0; i < 2; i++) await (await connectable.connect()).close();
  expect([calls, closed]).toEqual([
    ["connect /x", "connect /x"],
    ["connection", "connection"],
  ]);
});

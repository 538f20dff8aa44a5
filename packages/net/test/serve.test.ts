import { CancelScope } from "@arborio/cancellation";
import { currentTime, isError, run, sleep, waitAllTasksBlocked } from "@arborio/core";
import type { RawListener } from "@arborio/core/backend";
import { createTcpListener } from "@arborio/net";
import { taskGroup, type TaskGroup } from "@arborio/task-group";
import { simulation } from "@arborio/testing";
import { expect, test } from "vitest";
import { fakeListener, fakeNet, FakeSocket } from "./fake-net.ts";

function withListener(listener: RawListener, fn: () => Promise<void>): Promise<void> {
  return run(fn, {
    backend: simulation({ backend: { name: "fake", net: fakeNet({ listener }) }, patience: 20 }),
  });
}

test("serve: a process out of descriptors waits for some to come back", async () => {
  const socket = new FakeSocket();
  await withListener(fakeListener(["EMFILE", "ENFILE", socket]), async () => {
    const listener = await createTcpListener();
    await listener.serve(() => listener.close());
    expect(currentTime()).toBe(200);
  });
  expect(socket.closed).toBe("closed");
});

test("serve: a peer that went away before it was accepted is passed over", async () => {
  await withListener(fakeListener(["ECONNABORTED", new FakeSocket()]), async () => {
    const listener = await createTcpListener();
    await listener.serve(() => listener.close());
    expect(currentTime()).toBe(0);
  });
});

test("serve: another refusal of the system ends it, and cancels the handlers", async () => {
  const socket = new FakeSocket();
  await withListener(fakeListener([socket, "EPERM"]), async () => {
    const listener = await createTcpListener();
    const error = await listener.serve(() => sleep(1_000)).catch((thrown: unknown) => thrown);
    expect((error as AggregateError).errors.map((one) => isError(one, "OSError") && one.code)).toEqual([
      "EPERM",
    ]);
  });
  expect(socket.closed).toBe("closed");
});

test("serve: a connection that its group takes no more is closed", async () => {
  const socket = new FakeSocket();
  await withListener(fakeListener([socket]), async () => {
    const listener = await createTcpListener();
    let ended: TaskGroup | undefined;
    await taskGroup(async (group) => {
      ended = group;
    });
    await expect(listener.serve(() => {}, { group: ended })).rejects.toMatchObject({
      code: "ERR_GROUP_CLOSED",
    });
  });
  expect(socket.closed).toBe("aborted");
});

test("serve: it takes a function", async () => {
  await withListener(fakeListener([]), async () => {
    const listener = await createTcpListener();
    expect(() => listener.serve(5 as never)).toThrow(
      new TypeError("Cannot serve: it takes a function, received number"),
    );
  });
});

test("serve: its handlers bear the function's name in the task tree", async () => {
  const names: unknown[] = [];
  const group = { spawn: (_: unknown, options?: { readonly name?: string }) => names.push(options?.name) };
  await withListener(fakeListener([new FakeSocket(), new FakeSocket(), "EPERM"]), async () => {
    const listener = await createTcpListener();
    await listener.serve(function answer() {}, { group }).catch(() => {});
  });
  expect(names).toEqual(["answer", "answer"]);
});

test("serve: closed by a cancellation on its way to it, it ends without an error", async () => {
  await withListener(fakeListener([]), async () => {
    const listener = await createTcpListener();
    const scope = new CancelScope();
    await scope.run(({ signal }) => {
      signal.addEventListener("abort", () => listener.closeForcefully());
      void waitAllTasksBlocked().then(() => scope.cancel());
      return listener.serve(() => {});
    });
    expect(scope.cancelCalled).toBe(true);
  });
});

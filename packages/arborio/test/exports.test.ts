import * as cancellation from "@arborio/cancellation";
import * as core from "@arborio/core";
import * as debug from "@arborio/core/debug";
import * as fs from "@arborio/fs";
import * as iteration from "@arborio/iteration";
import * as net from "@arborio/net";
import * as streams from "@arborio/streams";
import * as sync from "@arborio/sync";
import * as taskGroup from "@arborio/task-group";
import * as umbrella from "arborio";
import * as umbrellaCancellation from "arborio/cancellation";
import * as umbrellaCore from "arborio/core";
import * as umbrellaDebug from "arborio/debug";
import * as umbrellaFs from "arborio/fs";
import * as umbrellaIteration from "arborio/iteration";
import * as umbrellaNet from "arborio/net";
import * as umbrellaStreams from "arborio/streams";
import * as umbrellaSync from "arborio/sync";
import * as umbrellaTaskGroup from "arborio/task-group";
import { expect, test } from "vitest";

const parts = {
  cancellation: [cancellation, umbrellaCancellation],
  core: [core, umbrellaCore],
  fs: [fs, umbrellaFs],
  iteration: [iteration, umbrellaIteration],
  net: [net, umbrellaNet],
  streams: [streams, umbrellaStreams],
  sync: [sync, umbrellaSync],
  "task-group": [taskGroup, umbrellaTaskGroup],
};

test.each(Object.entries(parts))("the umbrella names all of %s, here and by subpath", (_, [own, subpath]) => {
  expect(Object.keys(subpath!).sort()).toEqual(Object.keys(own!).sort());
  expect(Object.keys(umbrella)).toEqual(expect.arrayContaining(Object.keys(own!)));
});

test("the umbrella names nothing else", () => {
  const all = Object.values(parts).flatMap(([own]) => Object.keys(own!));
  expect(Object.keys(umbrella).sort()).toEqual(all.sort());
});

test("instruments and debug mode are by subpath only", () => {
  expect(Object.keys(umbrellaDebug).sort()).toEqual(Object.keys(debug).sort());
  expect(Object.keys(umbrella).filter((name) => name in debug)).toEqual([]);
});

test("run is given this runtime's backend, unless another is given", async () => {
  const name = await umbrella.run(() => umbrella.host().platform);
  expect(typeof name).toBe("string");
  const bare = umbrella.run(() => umbrella.host(), { backend: { name: "bare" } });
  await expect(bare).rejects.toThrow("Cannot use the host: backend 'bare' has no host");
});

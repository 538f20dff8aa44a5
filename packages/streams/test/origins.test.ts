import { comesFrom } from "@arborio/core";
import { BufferedByteStream, createMemoryByteStreams, stapleByteStreams } from "@arborio/streams";
import { test } from "@arborio/testing/vitest";
import { expect } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";

test("M8: what a layer misses at the end of a staple comes from the half that ended", async () => {
  const [client] = createMemoryByteStreams();
  const [upstream, server] = createMemoryByteStreams();
  const layer = new BufferedByteStream(stapleByteStreams(client, upstream));
  await server.send(new Uint8Array(3));
  await server.sendEof();
  const error = await errorOf(layer.receiveExactly(10));
  expect([comesFrom(error, upstream), comesFrom(error, client)]).toEqual([true, false]);
  layer.closeForcefully();
});

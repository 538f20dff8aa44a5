import { isCancelled, isError, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import {
  createMemoryByteStreams,
  createMemoryObjectStream,
  extra,
  stapleByteStreams,
  stapleObjectStreams,
  typedAttribute,
  type Attributes,
  type ByteReceiveStream,
  type ByteSendStream,
  type TypedAttribute,
} from "@arborio/streams";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const named = (name: string) => (error: unknown) => isError(error, name as "EndOfStream");

everywhere(
  "a stapled byte stream sends by the one and receives by the other, which are still to be had",
  async () => {
    const [here, there] = createMemoryByteStreams();
    const [back, forth] = createMemoryByteStreams();
    const stream = stapleByteStreams(here, forth);
    expect([stream.sendStream, stream.receiveStream]).toEqual([here, forth]);
    await back.send(Uint8Array.of(1, 2, 3, 4, 5));
    await back.sendEof();
    expect([...(await stream.receive(3))]).toEqual([1, 2, 3]);
    for await (const chunk of stream) expect([...chunk]).toEqual([4, 5]);
    await stream.send(Uint8Array.of(9));
    expect([...(await there.receive())]).toEqual([9]);
    expect(thrownBy(() => void stream.receive(0))).toBeInstanceOf(RangeError);
  },
);

everywhere("M4: sendEof closes the sending half, twice as well as once; receiving goes on", async () => {
  const [here, there] = createMemoryByteStreams();
  const [back, forth] = createMemoryByteStreams();
  const stream = stapleByteStreams(here, forth);
  await stream.sendEof();
  await stream.sendEof();
  expect(await errorOf(stream.send(Uint8Array.of(1)))).toSatisfy(named("ClosedResourceError"));
  expect(await errorOf(there.receive())).toSatisfy(named("EndOfStream"));
  await back.send(Uint8Array.of(1));
  expect([...(await stream.receive())]).toEqual([1]);
});

everywhere(
  "a stapled object stream does both until each end; what only a part can is had from the part",
  async () => {
    const [send, taken] = createMemoryObjectStream<string>(2);
    const [given, receive] = createMemoryObjectStream<number>(2);
    const stream = stapleObjectStreams(send, receive);
    await stream.send("a");
    stream.sendStream.sendNowait("b");
    expect([await taken.receive(), taken.receiveNowait()]).toEqual(["a", "b"]);
    given.sendNowait(1);
    given.sendNowait(2);
    given.closeForcefully();
    expect(await stream.receive()).toBe(1);
    const rest: number[] = [];
    for await (const item of stream) rest.push(item);
    expect(rest).toEqual([2]);
    await stream.sendEof();
    expect(await errorOf(taken.receive())).toSatisfy(named("EndOfStream"));
  },
);

everywhere("M5: close closes both, as do disposal and force", async () => {
  for (const close of ["close", "closeForcefully", Symbol.asyncDispose] as const) {
    const [send, taken] = createMemoryObjectStream<string>(2);
    const [given, receive] = createMemoryObjectStream<number>(2);
    await stapleObjectStreams(send, receive)[close]();
    expect([taken.statistics().openSendEnds, given.statistics().openReceiveEnds]).toEqual([0, 0]);
  }
});

/** A half that cannot be closed well. */
function failing(error: unknown, log: string[]): ByteSendStream & ByteReceiveStream {
  const [stream] = createMemoryByteStreams();
  const fail = (): Promise<never> => {
    log.push("closed");
    return Promise.reject(error);
  };
  return Object.assign(Object.create(stream) as typeof stream, {
    close: fail,
    [Symbol.asyncDispose]: fail,
    closeForcefully: () => {
      log.push("forced");
      throw error;
    },
  });
}

everywhere("M5: both are closed though closing one fails; two failures come out as both", async () => {
  const log: string[] = [];
  const [a, b] = [new Error("a"), new Error("b")];
  const [good] = createMemoryByteStreams();
  expect(await errorOf(stapleByteStreams(failing(a, log), good).close())).toBe(a);
  expect(await errorOf(good.receive())).toSatisfy(named("ClosedResourceError"));
  const both = stapleByteStreams(failing(a, log), failing(b, log));
  expect(await errorOf(both.close())).toMatchObject({ errors: [a, b] });
  expect(await errorOf(both[Symbol.asyncDispose]())).toMatchObject({ errors: [a, b] });
  expect([thrownBy(() => both.closeForcefully()), log.filter((text) => text === "forced").length]).toEqual([
    b,
    2,
  ]);
});

everywhere("M5: of two cancellations one comes out, of a cancellation and an error the error", async () => {
  const cancelled = await new CancelScope().run(async (scope) => {
    scope.cancel();
    return errorOf(createMemoryObjectStream(0)[1].receive());
  });
  const log: string[] = [];
  const error = await errorOf(stapleByteStreams(failing(cancelled, log), failing(cancelled, log)).close());
  expect(error).toBe(cancelled);
  expect(error).toSatisfy(isCancelled);
  const real = new Error("real");
  expect(await errorOf(stapleByteStreams(failing(cancelled, log), failing(real, log)).close())).toBe(real);
  void stapleByteStreams(failing(cancelled, log), failing(cancelled, log)).close();
  await waitAllTasksBlocked();
});

everywhere("a stapled stream has the attributes of both; of one that both have, the receiving one's", () => {
  const [side, port] = [typedAttribute<string>("side"), typedAttribute<number>("port")];
  const [send, receive] = createMemoryObjectStream<string>();
  const sending: Attributes = new Map<TypedAttribute<unknown>, () => unknown>([
    [side, () => "send"],
    [port, () => 1],
  ]);
  const receiving: Attributes = new Map([[side, () => "receive"]]);
  const stream = stapleObjectStreams(
    Object.assign(send, { attributes: sending }),
    Object.assign(receive, { attributes: receiving }),
  );
  expect([extra(stream, side), extra(stream, port)]).toEqual(["receive", 1]);
});

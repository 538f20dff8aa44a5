import type { Program } from "../../program.ts";

/** Through a TransformStream that changes nothing. */
export function memoryStream(size: number, pairs = 1): Program {
  return {
    async run(n) {
      let received = 0;
      const produce = async (writable: WritableStream<number>, pair: number): Promise<void> => {
        const writer = writable.getWriter();
        for (let item = pair; item < n; item += pairs) {
          const written = writer.write(item);
          // It is never ready where nothing may wait in the queue.
          await (size === 0 ? written : writer.ready);
        }
        await writer.close();
      };
      const consume = async (readable: ReadableStream<number>, pair: number): Promise<void> => {
        for await (const item of readable) if (item % pairs === pair) received++;
      };
      await Promise.all(
        Array.from({ length: pairs }, (_, pair) => {
          const { writable, readable } = new TransformStream<number, number>({}, { highWaterMark: size });
          return Promise.all([produce(writable, pair), consume(readable, pair)]);
        }),
      );
      return received;
    },
  };
}

export const program: Program = memoryStream(64);

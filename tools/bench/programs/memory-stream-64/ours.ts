import { createMemoryObjectStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import type { Program } from "../../program.ts";

/** So many pairs of a producer and a consumer share the n items. */
export function memoryStream(size: number, pairs = 1): Program {
  return {
    run: (n) =>
      run(async () => {
        let received = 0;
        await taskGroup((group) => {
          for (let pair = 0; pair < pairs; pair++) {
            const [send, receive] = createMemoryObjectStream<number>(size);
            group.spawn(async () => {
              for (let item = pair; item < n; item += pairs) await send.send(item);
              await send.close();
            });
            group.spawn(async () => {
              for await (const item of receive) if (item % pairs === pair) received++;
            });
          }
        });
        return received;
      }),
  };
}

export const program: Program = memoryStream(64);

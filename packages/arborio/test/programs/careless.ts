// Does all that debug mode looks for, except to wait 5 s, and drops what is opened.
import { checkpoint, connectTcp, createTcpListener, main, moveOnAfter, openFile, sleep } from "arborio";

interface Engine {
  setFlagsFromString(flags: string): void;
  runInNewContext(code: string): () => void;
}
const { process } = globalThis as unknown as { process: { getBuiltinModule(id: string): Engine } };
process.getBuiltinModule("node:v8").setFlagsFromString("--expose-gc");
const collect = process.getBuiltinModule("node:vm").runInNewContext("gc");

function hold(ms: number): void {
  const began = performance.now();
  while (performance.now() - began < ms);
}

async function drops(): Promise<void> {
  await openFile(import.meta.filename);
  const listener = await createTcpListener();
  await connectTcp("127.0.0.1", listener.localAddress.port);
}

await main(async function careless() {
  await sleep(1);
  hold(150);
  await checkpoint();
  await moveOnAfter(10, async () => hold(50));
  let floating: Promise<void> | undefined;
  await moveOnAfter(1_000, async () => {
    floating = sleep(1).then(() => sleep(1));
  });
  await floating;
  await drops();
  for (let left = 20; left > 0; left--) {
    collect();
    await sleep(2);
  }
  console.log("done");
});

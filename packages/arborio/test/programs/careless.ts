// Does what debug mode looks for, except to go on 5 s after a cancellation; drops sockets it opened.
import { checkpoint, connectTcp, createTcpListener, host, main, moveOnAfter, sleep } from "arborio";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function hold(ms: number): void {
  const began = performance.now();
  while (performance.now() - began < ms);
}

async function drops(): Promise<void> {
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
  host().exit(0); // what is open keeps the process alive
});

// Drops a file it opened. (Node 26 ends a process that does so.)
import { main, openFile, sleep } from "arborio";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

async function drops(): Promise<void> {
  await openFile(import.meta.filename);
}

await main(async function careless() {
  await drops();
  for (let left = 20; left > 0; left--) {
    collect();
    await sleep(2);
  }
});

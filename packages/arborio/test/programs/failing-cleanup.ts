// Interrupted, its cleanup fails: that is not lost.
import { main, sleepForever } from "arborio";

const failingCleanup: AsyncDisposable = {
  [Symbol.asyncDispose]: () => Promise.reject(new Error("cleanup failed")),
};

await main(async () => {
  await using _ = failingCleanup;
  console.log("up");
  await sleepForever();
});

// Interrupted, its cleanup fails: that is not lost.
import { main, sleepForever } from "arborio";

await main(async () => {
  try {
    console.log("up");
    await sleepForever();
  } finally {
    throw new Error("cleanup failed");
  }
});

// Stays up with no timer of its own (F5), and cleans up when it is interrupted.
import { main, shield, sleep, sleepForever } from "arborio";

await main(async () => {
  try {
    console.log("up");
    await sleepForever();
  } finally {
    await shield(() => sleep(1));
    console.log("cleaned");
  }
});
console.log("never said: the process exits first");

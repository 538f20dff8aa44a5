// Its cleanup never ends: only a second signal ends it.
import { main, shield, sleepForever } from "arborio";

await main(async () => {
  try {
    console.log("up");
    await sleepForever();
  } finally {
    console.log("cleaning");
    await shield(() => sleepForever());
  }
});

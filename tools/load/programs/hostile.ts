// What each function answers to hostile texts, and how long it takes: a line of JSON for each, `[name, ms, faults]`.
import { main, openTemporaryDirectory } from "arborio";
import { answerFault, hostileCalls, hostileTexts } from "./hostile-calls.ts";

await main(async () => {
  await using folder = await openTemporaryDirectory();
  for (const call of hostileCalls) {
    let longest = 0;
    const faults: string[] = [];
    for (const [index, text] of hostileTexts.entries()) {
      const begin = performance.now();
      const fault = await answerFault(call, text, folder.path);
      longest = Math.max(longest, performance.now() - begin);
      if (fault !== undefined) faults.push(`text ${String(index)}: ${fault}`);
    }
    console.log(JSON.stringify([call.name, longest, faults]));
  }
});

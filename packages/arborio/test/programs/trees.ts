// Stays up, with a task, until it is interrupted; prints its trees when it is told to by the signal that is its argument.
import { host, main, sleepForever, taskGroup, type MainOptions } from "arborio";

const { process } = globalThis as unknown as { process: { argv: string[] } };
const treeOn = process.argv[2] as MainOptions["treeOn"];

await main(
  async function root() {
    await taskGroup(
      (group) => {
        group.spawn(() => sleepForever(), { name: "service" });
        console.log(`up ${String(host().args.length)}`);
      },
      { name: "services" },
    );
  },
  treeOn === undefined ? {} : { treeOn },
);

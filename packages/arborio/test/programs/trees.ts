// Stays up, with a task, until it is interrupted. By its argument the signal that prints its trees, SIGUSR2 if there is none.
import { main, sleepForever, taskGroup, type MainOptions } from "arborio";
import process from "node:process";

const treeOn = process.argv[2] as MainOptions["treeOn"];

await main(
  async function root() {
    // After main's own listener: the trees are printed by then.
    process.on(treeOn ?? "SIGUSR2", () => console.log("printed"));
    await taskGroup(
      (group) => {
        group.spawn(() => sleepForever(), { name: "service" });
        console.log("up");
      },
      { name: "services" },
    );
  },
  { treeOn },
);

/**
 * The smallest whole program: a group, two services that are up before they are used, and a result.
 * It prints `b after a: 3` on every backend, and ends by itself.
 */
import { main, sleep, sleepForever, taskGroup, type StartingTask } from "arborio";

/** Takes some time to come up, says what it offers, and then serves until it is cancelled. */
async function service(value: number, task: StartingTask<number>): Promise<never> {
  await sleep(5);
  task.started(value);
  return sleepForever();
}

export async function seed(): Promise<string> {
  return taskGroup(async (group) => {
    const a = await group.start<number>((task) => service(1, task), { name: "a" });
    const b = await group.start<number>((task) => service(a + 1, task), { name: "b" });
    group.cancel("all is said");
    return `b after a: ${String(a + b)}`;
  });
}

if (import.meta.main) await main(async () => console.log(await seed()));

// Two tasks fail at once, one of them with a cause.
import { main, taskGroup } from "arborio";

await main(() =>
  taskGroup(
    (group) => {
      group.spawn(() => Promise.reject(new Error("disk full", { cause: new Error("quota") })));
      group.spawn(() => Promise.reject(new TypeError("wrong shape")));
    },
    { name: "work" },
  ),
);
console.log("reported");

import { main, sleep } from "arborio";

console.log(await main(() => sleep(1).then(() => "the value")));

// A filter: each line of the standard input goes to the standard output in capitals, and what came is counted at the end.
import { main, moveOnAfter, stderr, stdin, stdout, TextReceiveStream } from "arborio";

await main(async () => {
  const [output, errors] = [stdout(), stderr()];
  const send = (text: string): Promise<void> => output.send(new TextEncoder().encode(text));
  await send("ready\n");
  // Most often cancelled: then it loses nothing of what comes later.
  const early = (await moveOnAfter(1, () => stdin().receive())) ?? new Uint8Array();
  let { length } = early;
  await send(new TextDecoder().decode(early).toUpperCase());
  for await (const text of new TextReceiveStream(stdin())) {
    length += text.length;
    await send(text.toUpperCase());
  }
  await errors.send(new TextEncoder().encode(String(length)));
});

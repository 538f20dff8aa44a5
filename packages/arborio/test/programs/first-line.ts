// Reads a line, and leaves: an input that stays open does not keep it.
import { BufferedByteReceiveStream, main, stdin } from "arborio";

await main(async () => {
  const line = await new BufferedByteReceiveStream(stdin()).receiveUntil(new TextEncoder().encode("\n"), 100);
  console.log(new TextDecoder().decode(line));
});

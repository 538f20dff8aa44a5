// Serves TLS, until its input ends: it prints its port and the authority to trust, in JSON.
import { certificates } from "@arborio/conformance";
import { host, run } from "@arborio/core";
import { createTlsListener } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { backend } from "./backend.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

await run(
  async () => {
    const { stdin, stdout } = host();
    const { authority, server } = await certificates();
    const tls = await createTlsListener({ ...server, handshakeTimeout: 500 });
    await taskGroup(async (group) => {
      group.spawn(() => tls.serve((stream) => stream.send(encode("hello")), { limit: 50 }));
      const { port } = tls.listener.localAddress;
      await stdout.write(encode(`${JSON.stringify({ port, authority })}\n`));
      await stdin.read(1);
      group.cancel();
    });
    await tls.close();
  },
  { backend },
);

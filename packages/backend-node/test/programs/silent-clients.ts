// Serves TLS, until its input ends: its arguments are the certificate and the key; it prints its port.
import { host, run } from "@arborio/core";
import { createTlsListener } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { backend } from "./backend.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

await run(
  async () => {
    const { args, stdin, stdout } = host();
    const [certificate = "", key = ""] = args;
    const tls = await createTlsListener({ certificate, key, handshakeTimeout: 500 });
    await taskGroup(async (group) => {
      group.spawn(() => tls.serve((stream) => stream.send(encode("hello")), { limit: 50 }));
      const { port } = tls.listener.localAddress;
      await stdout.write(encode(`${String(port)}\n`));
      await stdin.read(1);
      group.cancel();
    });
    await tls.close();
  },
  { backend },
);

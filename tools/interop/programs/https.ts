// The example's HTTP server by TLS: `https.ts DIRECTORY CERTIFICATE KEY`. Prints its port.
import { createTlsListener, host, main, readTextFile } from "arborio";
import { serveHttp } from "../../../examples/http/server.ts";
import { site } from "../../../examples/http.ts";

await main(async () => {
  const [directory, certificate, key] = host().args;
  await using listener = await createTlsListener({
    certificate: await readTextFile(certificate!),
    key: await readTextFile(key!),
    alpn: ["http/1.1", "http/1.0"],
    // HTTP knows where its messages end.
    standardCompatible: false,
  });
  console.log(`https on port ${String(listener.listener.localAddress.port)}`);
  await serveHttp(listener, site(directory!));
});

import { extra } from "@arborio/streams";
import { adoptTcpSocket, SocketAttribute, type TcpStream } from "@arborio/net";
import { equal, fails, ok, thrown } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";
import { whatCameFirstTests } from "./what-came-first.ts";
import { streamTable } from "./stream-table.ts";
import { streamTraits } from "./stream-traits.ts";
import type { Register } from "./suite.ts";
import { LOOPBACKS, withTcpPair, type TcpPair } from "./tcp-pair.ts";

/** TCP connections through the public package. */
export function tcpStreamTests(register: Register): void {
  for (const [family, host] of LOOPBACKS) {
    const pair = (title: string, fn: (pair: TcpPair) => Promise<void>): void =>
      withTcpPair(register, `TCP over ${family}: ${title}`, fn, host);
    streamTable(pair);
    streamTraits(pair);
    whatCameFirstTests(pair);
    socketTests(pair, host);
  }
}

function socketTests(
  pair: (title: string, fn: (pair: TcpPair) => Promise<void>) => void,
  host: string,
): void {
  pair("both ends know their addresses, also by attributes", async ({ client, server, listener }) => {
    equal(client.remoteAddress, listener.localAddress, "the client's peer");
    equal(server.remoteAddress, client.localAddress, "the server's peer");
    for (const stream of [client, server]) {
      const { localAddress, remoteAddress } = stream;
      equal(localAddress.address, host, "the address");
      equal(extra(stream, SocketAttribute.family), localAddress.family, "the family");
      equal(extra(stream, SocketAttribute.localAddress), localAddress, "the local address");
      equal(extra(stream, SocketAttribute.localPort), localAddress.port, "the local port");
      equal(extra(stream, SocketAttribute.remoteAddress), remoteAddress, "the remote address");
      equal(extra(stream, SocketAttribute.remotePort), remoteAddress.port, "the remote port");
    }
  });

  pair("options of the socket are set while it is open", async ({ client, server }) => {
    for (const on of [false, true]) {
      client.setNoDelay(on);
      client.setKeepAlive(on, 5_000);
      client.setKeepAlive(on);
    }
    await client.send(bytes("a"));
    equal(await receiveText(server, 1), "a", "what arrives");
    await client.close();
    for (const set of [() => client.setNoDelay(true), () => client.setKeepAlive(true)])
      ok((thrown(set) as Error).name === "ClosedResourceError", "a ClosedResourceError");
  });

  pair("adoptTcpSocket: a host's own socket becomes a stream", async ({ client, server }) => {
    await server.send(bytes("sent before"));
    const adopted: TcpStream = adoptTcpSocket(extra(client, SocketAttribute.rawSocket));
    equal(adopted.remoteAddress, client.remoteAddress, "its peer");
    equal(await receiveText(adopted, 11), "sent before", "what it receives");
    await adopted.sendEof();
    await fails(server.receive(), "EndOfStream", "its end");
    await server.send(bytes("half open"));
    equal(await receiveText(adopted, 9), "half open", "after its end");
    await adopted.close();
  });

  pair("adoptTcpSocket: what is no connected socket is a TypeError", async ({ client, listener }) => {
    const raw = extra(client, SocketAttribute.rawSocket);
    await client.close();
    for (const wrong of [undefined, 5, {}, "socket", listener, client, raw])
      ok(thrown(() => adoptTcpSocket(wrong)) instanceof TypeError, `a TypeError for ${typeof wrong}`);
  });
}

/**
 * TCP: connections as byte streams, and listeners that serve each as a task.
 *
 * ```ts
 * import { nodeBackend } from "@arborio/backend-node";
 * import { run } from "@arborio/core";
 * import { connectTcp, createTcpListener } from "@arborio/net";
 *
 * await run(async () => {
 *   const listener = await createTcpListener();
 *   const client = await connectTcp("127.0.0.1", listener.localAddress.port);
 *   const server = await listener.accept();
 *   await client.send(new TextEncoder().encode("hello"));
 *   console.log(new TextDecoder().decode(await server.receive())); // hello
 *   await Promise.all([client, server, listener].map((open) => open.close()));
 * }, { backend: nodeBackend() });
 * ```
 *
 * @module
 */
export { getAddressInfo } from "./address-info.ts";
export { adoptTcpListener } from "./adopt-tcp-listener.ts";
export { adoptTcpSocket } from "./adopt-tcp-socket.ts";
export { asConnectable, type ConnectableLike } from "./as-connectable.ts";
export { SocketAttribute } from "./attributes.ts";
export { connectTcp, type ConnectTcpOptions } from "./connect-tcp.ts";
export { createTcpListener, type TcpListenerOptions } from "./create-tcp-listener.ts";
export { createMultiListener, type MultiListener } from "./multi-listener.ts";
export { getNameInfo, type NameInfo } from "./name-info.ts";
export { setResolver, type ResolveOptions, type Resolver } from "./resolver.ts";
export { TcpConnectable, type TcpConnectableOptions } from "./tcp-connectable.ts";
export type { TcpListener } from "./tcp-listener.ts";
export type { SocketAddress, TcpStream } from "./tcp-stream.ts";

import {
  BufferedByteStream,
  connectTcp,
  createTcpListener,
  isError,
  taskGroup,
  type ByteReceiveStream,
  type TcpListener,
} from "arborio";

/** For tests: serves on the loopback while `use` runs, and gives what that gives. */
export async function serving<T>(
  serve: (listener: TcpListener) => Promise<void>,
  use: (port: number) => Promise<T>,
): Promise<T> {
  await using listener = await createTcpListener();
  return await taskGroup(async (group) => {
    group.spawn(() => serve(listener));
    const value = await use(listener.localAddress.port);
    group.cancel("the test is over");
    return value;
  });
}

/** Connects, buffered. */
export async function connectTo(port: number): Promise<BufferedByteStream> {
  return new BufferedByteStream(await connectTcp("127.0.0.1", port));
}

/** All that comes until the end, as text; what came before a reset counts too. */
export async function textOf(stream: ByteReceiveStream): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  try {
    for await (const chunk of stream) text += decoder.decode(chunk, { stream: true });
  } catch (error) {
    if (!isError(error, "BrokenResourceError")) throw error;
  }
  return text;
}

/** Sends text on a connection of its own, and gives all that comes until the end. */
export async function converse(port: number, text: string): Promise<string> {
  await using stream = await connectTo(port);
  await stream.send(new TextEncoder().encode(text));
  return await textOf(stream);
}

/** How a connection ends that nothing more comes from: the error's name. */
export async function endOf(stream: ByteReceiveStream): Promise<string> {
  try {
    return `${String((await stream.receive()).length)} bytes`;
  } catch (error) {
    return (error as Error).name;
  }
}

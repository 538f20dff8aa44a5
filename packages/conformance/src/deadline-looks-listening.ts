import { shield } from "@arborio/cancellation";
import { isError } from "@arborio/core";
import type { ByteStream, Listener } from "@arborio/streams";
import { equal, ok, rejection } from "./assert.ts";
import { bytes, receiveText, text } from "./bytes.ts";
import type { MeetingPlace, OpenPlace } from "./meeting-places.ts";
import { failure, underDeadline, type LookTest } from "./under-deadline.ts";

/** Accepting and connecting. */
export function listeningLooks(test: LookTest, open: OpenPlace, shakesHands: boolean): void {
  const at = (use: (place: MeetingPlace) => Promise<void>) => async (): Promise<void> => {
    const place = await shield(open);
    try {
      await use(place);
    } finally {
      await shield(() => place.close());
    }
  };

  if (shakesHands) test("an accept takes the connection, or it is closed", at(acceptOrClosed));
  else test("M6: an accept takes the connection, or the next one does", at(acceptOrNext));
  test("a connect gives the connection, or it is closed", at(connectOrClosed));
  test(
    "close of a listener closes it",
    at(async ({ listener, connect }) => {
      await underDeadline(
        () => listener.close(),
        async () => {
          ok(isError(await failure(listener.accept()), "ClosedResourceError"), "a later accept");
          ok(isError(await failure(connect()), "OSError"), "a later connect");
        },
      );
    }),
  );
}

async function acceptOrNext({ listener, connect }: MeetingPlace): Promise<void> {
  const client = await shield(connect);
  let server: ByteStream | undefined;
  await underDeadline(
    async () => (server = await listener.accept()),
    async () => {
      server ??= await listener.accept();
      await server.send(bytes("x"));
      equal(await receiveText(client, 1), "x", "what came");
      for (const end of [client, server]) await end.close();
    },
  );
}

async function acceptOrClosed({ listener, connect }: MeetingPlace): Promise<void> {
  const connecting = shield(connect).catch(() => undefined);
  let server: ByteStream | undefined;
  await underDeadline(
    async () => (server = await listener.accept()),
    async () => {
      if (server === undefined) await listener.close();
      else await server.close();
      const client = await connecting;
      if (client !== undefined) await rejection(client.receive(), "the receive of the client");
      client?.closeForcefully();
    },
  );
}

async function connectOrClosed({ listener, connect }: MeetingPlace): Promise<void> {
  const accepted = shield(() => acceptTo(listener, "last"));
  let client: ByteStream | undefined;
  await underDeadline(
    async () => (client = await connect()),
    async () => {
      await client?.close();
      const last = await connect();
      await last.send(bytes("last"));
      await accepted;
      await last.close();
    },
  );
}

/** Accepts up to the connection that sends `last`; those before it must come to an end. */
async function acceptTo(listener: Listener<ByteStream>, last: string): Promise<void> {
  for (let received: string | null = ""; received !== last;) {
    const stream = await listener.accept();
    received = await stream.receive().then(text, () => "");
    stream.closeForcefully();
  }
}

import { CancelScope } from "@arborio/cancellation";
import { waitAllTasksBlocked } from "@arborio/core";
import type { NetBackend } from "@arborio/core/backend";
import { temporaryDirectory } from "@arborio/fs";
import {
  createMultiListener,
  createTcpListener,
  createTlsListener,
  createUnixListener,
  type TcpStream,
} from "@arborio/net";
import type { AsyncResource, Listener } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { fails } from "./assert.ts";
import { cancelWaiting } from "./cancelled.ts";
import { certificates } from "./certificates.ts";
import { withoutIPv6 } from "./listening.ts";
import type { Register } from "./suite.ts";

type AnyListener = Listener<AsyncResource>;

/** Listens, and gives what listens at the same place again. */
type Listen = () => Promise<{ readonly listener: AnyListener; readonly again: Listen }>;

/** Runs a function with a place to listen at. */
type Place = (use: (listen: Listen) => Promise<void>) => Promise<void>;

const TCP: Readonly<Record<string, Place>> = {
  "TCP, IPv4": tcp("127.0.0.1"),
  "TCP, IPv6": tcp("::1"),
  "TCP, several": (use) => use(several(0, 0)),
};

const UNIX: Readonly<Record<string, Place>> = {
  UNIX: (use) => temporaryDirectory((folder) => use(unix(`${folder}/socket`, undefined))),
  "UNIX, with a mode": (use) => temporaryDirectory((folder) => use(unix(`${folder}/socket`, 0o600))),
};

const TLS: Readonly<Record<string, Place>> = { TLS: (use) => use(tls(0)) };

/** The ways to a closed listener: each ends with `close`, or with what stands for it. */
const WAYS: Readonly<Record<string, (listener: AnyListener) => Promise<unknown>>> = {
  close: (listener) => listener.close(),
  "close, called twice at once": async (listener) => {
    const accepting = fails(listener.accept(), "ClosedResourceError", "accept");
    void listener.close();
    await listener.close();
    await accepting;
  },
  "close while an accept waits": async (listener) => {
    const accepting = fails(listener.accept(), "ClosedResourceError", "accept");
    await waitAllTasksBlocked();
    await listener.close();
    await accepting;
  },
  "close after a cancelled accept": async (listener) => {
    await cancelWaiting(() => listener.accept());
    await listener.close();
  },
  "close after a forced close": async (listener) => {
    await cancelWaiting(() => listener.accept());
    listener.closeForcefully();
    await listener.close();
  },
  "the end of a block with await using": async (listener) => {
    await using own = listener;
    await cancelWaiting(() => own.accept());
  },
  "close while it serves": (listener) =>
    taskGroup(async (group) => {
      group.spawn(() => listener.serve(() => {}));
      await waitAllTasksBlocked();
      await listener.close();
    }),
  "close after a cancelled serve": async (listener) => {
    const scope = new CancelScope();
    const serving = scope.run(() => listener.serve(() => {}));
    await waitAllTasksBlocked();
    scope.cancel();
    await serving;
    await listener.close();
  },
  "close after its group was cancelled": async (listener) => {
    const scope = new CancelScope();
    await scope.run(() =>
      taskGroup(async (group) => {
        group.spawn(() => listener.serve(() => {}));
        await waitAllTasksBlocked();
        scope.cancel();
      }),
    );
    await listener.close();
  },
};

/** When a listener is closed its place is free: one may listen there again at once. */
export function closingListenerTests({ run }: Register, { unix: hasUnix, tls: hasTls }: NetBackend): void {
  const places = { ...TCP, ...(hasUnix && UNIX), ...(hasTls && TLS) };
  for (const [kind, withPlace] of Object.entries(places)) {
    for (const [way, close] of Object.entries(WAYS)) {
      run(`listen again at once (${kind}): ${way}`, () =>
        withPlace(async (listen) => {
          for (let i = 0, next = listen; i < 5; i++) {
            const { listener, again } = await next();
            await close(listener);
            next = again;
          }
        }),
      );
    }
  }
}

function tcp(host: string): Place {
  const at =
    (port: number): Listen =>
    async () => {
      const listener = await createTcpListener({ host, port });
      return { listener, again: at(listener.localAddress.port) };
    };
  return async (use) => {
    // A machine without IPv6 has nothing to test here.
    const probe = await createTcpListener({ host }).catch(withoutIPv6);
    await probe?.close();
    if (probe !== undefined) await use(at(0));
  };
}

function several(...ports: readonly number[]): Listen {
  return async () => {
    const listeners = [];
    for (const port of ports) listeners.push(await createTcpListener({ port }));
    const again = several(...listeners.map(({ localAddress }) => localAddress.port));
    return { listener: createMultiListener<TcpStream>(listeners), again };
  };
}

function unix(path: string, mode: number | undefined): Listen {
  return async () => ({ listener: await createUnixListener(path, { mode }), again: unix(path, mode) });
}

function tls(port: number): Listen {
  return async () => {
    const { server } = await certificates();
    const listener = await createTlsListener({ host: "127.0.0.1", port, ...server });
    return { listener, again: tls(listener.listener.localAddress.port) };
  };
}

import type { Section } from "../behaviour.ts";
import type { Ranges } from "../faults.ts";
import { anyioCore, anyioPolicies } from "./anyio-core.ts";
import { anyioDelivery } from "./anyio-delivery.ts";
import { anyioFailures, anyioScopes } from "./anyio-failures.ts";
import { anyioGroups, anyioStart } from "./anyio-groups.ts";
import { anyioHandles, anyioNatives } from "./anyio-natives.ts";
import { anyioShields } from "./anyio-shields.ts";
import { anyioMultiListeners, anyioTcpListeners } from "./anyio-listeners.ts";
import { anyioMemoryStreams, anyioStapled } from "./anyio-streams.ts";
import { anyioFutures, anyioLimits, anyioLocks } from "./anyio-sync.ts";
import { anyioBuffered, anyioText } from "./anyio-layers.ts";
import { anyioConnectables, anyioResolver, anyioTcp } from "./anyio-tcp.ts";
import { anyioTcpTls, anyioTls, trioTls } from "./anyio-tls.ts";
import { anyioTimeouts } from "./anyio-timeouts.ts";
import {
  anyioConnectedUdp,
  anyioConnectedUnixDatagrams,
  anyioUdp,
  anyioUnixDatagrams,
  anyioUnixListeners,
  anyioUnixStreams,
} from "./anyio-unix-udp.ts";
import { asyncio } from "./asyncio.ts";
import { curioCancellation, curioGroups } from "./curio.ts";
import { trioChannels } from "./trio-channels.ts";
import { trioClock, trioCore } from "./trio-core.ts";
import { trioDeadlines, trioMisnesting } from "./trio-deadlines.ts";
import { trioNurseries, trioStart } from "./trio-nurseries.ts";
import { trioScopes } from "./trio-scopes.ts";
import { trioServers, trioServing } from "./trio-servers.ts";
import { trioSync } from "./trio-sync.ts";
import { trioEyeballs, trioTcp } from "./trio-tcp.ts";

/** Each series in whole, so that no item is forgotten. */
export const ranges: Ranges = {
  "anyio-3.1": [1, 129],
  "anyio-3.3": [1, 29],
  "anyio-3.4-stapled": [1, 8],
  "anyio-3.2": [1, 63],
  "anyio-3.4-buffered": [1, 9],
  "anyio-3.4-text": [1, 6],
  "anyio-3.4-tls": [1, 15],
  "anyio-3.5-connectables": [1, 7],
  "anyio-3.5-connected-udp": [1, 12],
  "anyio-3.5-connected-unix-datagram": [1, 10],
  "anyio-3.5-listener": [1, 15],
  "anyio-3.5-multi": [1, 1],
  "anyio-3.5-resolver": [1, 8],
  "anyio-3.5-tcp": [1, 28],
  "anyio-3.5-tls": [1, 3],
  "anyio-3.5-udp": [1, 12],
  "anyio-3.5-unix": [1, 25],
  "anyio-3.5-unix-datagram": [1, 11],
  "anyio-3.5-unix-listener": [1, 8],
  "anyio-3.8": [1, 29],
  "anyio-3.8-futures": [1, 12],
  "trio-1.7-servers": [1, 10],
  "trio-1.7-tcp": [1, 18],
  "trio-1.7-tls": [1, 8],
  "trio-5.9-serve": [124, 124],
  "trio-5.9-connect": [125, 125],
  "trio-5.1": [1, 39],
  "trio-5.2": [40, 45],
  "trio-5.3": [46, 63],
  "trio-5.4": [64, 74],
  "trio-5.5": [75, 85],
  "trio-5.6": [86, 102],
  "trio-5.7": [103, 110],
  "trio-5.8": [111, 117],
  "curio-5.10": [126, 138],
  "curio-5.11": [139, 151],
  "asyncio-5.12": [152, 160],
};

/** In the order of the page. */
export const sections: readonly Section[] = [
  anyioGroups,
  anyioStart,
  anyioFailures,
  anyioDelivery,
  anyioTimeouts,
  anyioShields,
  anyioScopes,
  anyioNatives,
  anyioHandles,
  anyioMemoryStreams,
  anyioStapled,
  anyioBuffered,
  anyioText,
  anyioTcp,
  anyioConnectables,
  anyioResolver,
  anyioTcpListeners,
  anyioMultiListeners,
  anyioUnixStreams,
  anyioUnixListeners,
  anyioUdp,
  anyioConnectedUdp,
  anyioUnixDatagrams,
  anyioConnectedUnixDatagrams,
  anyioTls,
  anyioTcpTls,
  anyioCore,
  anyioPolicies,
  anyioLocks,
  anyioLimits,
  anyioFutures,
  trioScopes,
  trioDeadlines,
  trioMisnesting,
  trioNurseries,
  trioStart,
  trioCore,
  trioChannels,
  trioSync,
  trioClock,
  trioTcp,
  trioServers,
  trioServing,
  trioEyeballs,
  trioTls,
  curioGroups,
  curioCancellation,
  asyncio,
];

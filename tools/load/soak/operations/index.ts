import type { Operation } from "../act.ts";
import { byteStreams } from "./byte-streams.ts";
import { groups } from "./groups.ts";
import { layers } from "./layers.ts";
import { network } from "./network.ts";
import { objectStreams } from "./object-streams.ts";
import { policies } from "./policies.ts";
import { scopes } from "./scopes.ts";
import { sync } from "./sync.ts";

export const everyOperation: readonly Operation[] = [
  ...byteStreams,
  ...layers,
  ...objectStreams,
  ...network,
  ...sync,
  ...groups,
  ...scopes,
  ...policies,
];

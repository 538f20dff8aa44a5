import type { RawUdpControls, RawUdpSocket } from "@arborio/core/backend";
import { checkBoolean, checkHost, checkRange } from "./arguments.ts";
import { lacking } from "./backend.ts";

/**
 * What can be set on a UDP socket, at once. Each throws OSError if the system refuses; UnsupportedError where the backend
 * sets none of it, as Deno's (there broadcast is on).
 */
export interface UdpControls {
  /** Whether it may send to broadcast addresses, as `255.255.255.255`; off by default. */
  setBroadcast(on: boolean): void;
  /** @param hops how far datagrams go, 1 to 255 */
  setTtl(hops: number): void;
  /** @param hops how far datagrams to groups go: 0, this machine alone, to 255; by default 1, this network alone */
  setMulticastTtl(hops: number): void;
  /** Whether what it sends to groups also comes to this machine; on by default. */
  setMulticastLoopback(on: boolean): void;
  /** @param interfaceAddress of this machine, to say on which network; by default the system chooses */
  joinMulticast(group: string, interfaceAddress?: string): void;
  leaveMulticast(group: string, interfaceAddress?: string): void;
}

/** The controls of a backend's socket, with their arguments checked. */
export function udpControls(raw: RawUdpSocket, checkOpen: () => void): UdpControls {
  const of = (action: string): RawUdpControls => {
    checkOpen();
    return raw.controls ?? lacking(action, "controls of UDP sockets", undefined);
  };
  return {
    setBroadcast: (on) => {
      checkBoolean("set broadcast", "on", on);
      of("set broadcast").setBroadcast(on);
    },
    setTtl: (hops) => {
      checkRange("set the time to live", "hops", hops, 1, 255);
      of("set the time to live").setTtl(hops);
    },
    setMulticastTtl: (hops) => {
      checkRange("set the multicast time to live", "hops", hops, 0, 255);
      of("set the multicast time to live").setMulticastTtl(hops);
    },
    setMulticastLoopback: (on) => {
      checkBoolean("set multicast loopback", "on", on);
      of("set multicast loopback").setMulticastLoopback(on);
    },
    joinMulticast: (group, interfaceAddress) => {
      checkHost("join a multicast group", group);
      of("join a multicast group").joinMulticast(group, interfaceAddress);
    },
    leaveMulticast: (group, interfaceAddress) => {
      checkHost("leave a multicast group", group);
      of("leave a multicast group").leaveMulticast(group, interfaceAddress);
    },
  };
}

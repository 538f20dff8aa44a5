import type { RawUdpControls } from "@arborio/core/backend";
import type { Socket } from "node:dgram";
import { osError } from "./os-error.ts";

/** What `node:dgram` can set. */
export class NodeUdpControls implements RawUdpControls {
  private readonly socket: Socket;
  private readonly address: string;

  constructor(socket: Socket, address: string) {
    this.socket = socket;
    this.address = address;
  }

  setBroadcast(on: boolean): void {
    this.set(() => this.socket.setBroadcast(on));
  }

  setTtl(hops: number): void {
    this.set(() => this.socket.setTTL(hops));
  }

  setMulticastTtl(hops: number): void {
    this.set(() => this.socket.setMulticastTTL(hops));
  }

  setMulticastLoopback(on: boolean): void {
    this.set(() => this.socket.setMulticastLoopback(on));
  }

  joinMulticast(group: string, interfaceAddress?: string): void {
    this.set(() => this.socket.addMembership(group, interfaceAddress));
  }

  leaveMulticast(group: string, interfaceAddress?: string): void {
    this.set(() => this.socket.dropMembership(group, interfaceAddress));
  }

  private set(option: () => unknown): void {
    try {
      option();
    } catch (error) {
      throw osError(error, { syscall: "setsockopt", address: this.address });
    }
  }
}

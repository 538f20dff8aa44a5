import type { OSError, RawUdpControls } from "@arborio/core/backend";
import type { Socket } from "node:dgram";

/** What `node:dgram` can set. */
export class NodeUdpControls implements RawUdpControls {
  private readonly socket: Socket;
  private readonly fault: (error: unknown) => OSError;

  /** @param fault the socket's error as it is to be thrown */
  constructor(socket: Socket, fault: (error: unknown) => OSError) {
    this.socket = socket;
    this.fault = fault;
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
      throw this.fault(error);
    }
  }
}

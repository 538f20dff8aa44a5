import type { WaitOptions } from "@arborio/core";
import type { AsyncResource } from "../resource.ts";
import { Several } from "./several.ts";

/** Two streams as one. */
export class Stapled<S extends AsyncResource, R extends AsyncResource> extends Several {
  readonly sendStream: S;
  readonly receiveStream: R;

  constructor(sendStream: S, receiveStream: R) {
    super([sendStream, receiveStream]);
    this.sendStream = sendStream;
    this.receiveStream = receiveStream;
  }

  sendEof(options?: WaitOptions): Promise<void> {
    return this.sendStream.close(options);
  }
}

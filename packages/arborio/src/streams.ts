/**
 * What streams are: `@arborio/streams`.
 *
 * @module
 */
export {
  composite,
  KeptOperation,
  receiveAll,
} from "@arborio/streams";
export type {
  AsyncResource,
  ByteReceiveStream,
  ByteSendStream,
  ByteStream,
  Listener,
  ObjectReceiveStream,
  ObjectSendStream,
  ObjectStream,
  ServeOptions,
  SpawnsTasks,
} from "@arborio/streams";

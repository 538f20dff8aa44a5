/**
 * What streams are: `@arborio/streams`.
 *
 * @module
 */
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

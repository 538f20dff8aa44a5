import { createTcpListener, type TcpListenerOptions } from "@arborio/net";
import { test } from "@arborio/testing/vitest";
import { expect } from "vitest";

test("options are checked first, synchronously", () => {
  const listen = (options: unknown) => () => createTcpListener(options as TcpListenerOptions);
  expect(listen({ host: 5 })).toThrow(
    new TypeError("Cannot listen: host must be a name or an address, received 5"),
  );
  expect(listen({ port: 65_536 })).toThrow(
    new RangeError("Cannot listen: port must be an integer from 0 to 65535, received 65536"),
  );
  expect(listen({ backlog: 0 })).toThrow(
    new RangeError("Cannot listen: backlog must be an integer of at least 1, received 0"),
  );
});

test("without a network it is an UnsupportedError that names the backend", async () => {
  await expect(createTcpListener()).rejects.toThrow("Cannot listen: backend 'simulation' has no net");
});

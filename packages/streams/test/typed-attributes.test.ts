import { isError } from "@arborio/core";
import {
  attributesOf,
  createMemoryByteStreams,
  extra,
  TextStream,
  typedAttribute,
  type Attributes,
} from "@arborio/streams";
import { expect, test } from "vitest";
import { thrownBy } from "../../testing/test/outcome.ts";

const peer = typedAttribute<string>("peer");
const cipher = typedAttribute<string>("cipher");

const socket = { attributes: new Map([[peer, () => "127.0.0.1"]]) as Attributes };
const tls = {
  attributes: new Map([...attributesOf(socket), [cipher, () => "AES"] as const]) as Attributes,
};

test("an attribute is found through the layers, which may add and override", () => {
  expect([extra(tls, peer), extra(tls, cipher)]).toEqual(["127.0.0.1", "AES"]);
  const masked = {
    attributes: new Map([...attributesOf(tls), [peer, () => "hidden"] as const]) as Attributes,
  };
  expect(extra(masked, peer)).toBe("hidden");
});

test("none has it: TypedAttributeLookupError that names it, or the fallback, even undefined", () => {
  expect(thrownBy(() => extra(socket, cipher))).toSatisfy((error) =>
    isError(error, "TypedAttributeLookupError"),
  );
  expect(thrownBy(() => extra({}, cipher))).toMatchObject({
    message: "Cannot get the attribute cipher: no layer has it",
    code: "ERR_TYPED_ATTRIBUTE_LOOKUP",
  });
  expect([extra(socket, cipher, 3), extra({}, cipher, undefined)]).toEqual([3, undefined]);
});

test("what the getter throws comes out as it is, also with a fallback", () => {
  const boom = new RangeError("boom");
  const broken = {
    attributes: new Map([
      [
        peer,
        (): string => {
          throw boom;
        },
      ],
    ]),
  };
  expect(thrownBy(() => extra(broken, peer, "none"))).toBe(boom);
});

test("the value is asked for each time; two attributes of one name differ", () => {
  let asked = 0;
  const counting = { attributes: new Map([[peer, () => String(++asked)]]) };
  expect([extra(counting, peer), extra(counting, peer)]).toEqual(["1", "2"]);
  expect(extra(counting, typedAttribute<string>("peer"), "none")).toBe("none");
});

test("a layer passes on the attributes of the stream below", () => {
  const [stream] = createMemoryByteStreams();
  const below = Object.assign(stream, socket);
  expect(extra(new TextStream(below), peer)).toBe("127.0.0.1");
});

import { run } from "@arborio/core";
import { show } from "@arborio/core/lowlevel";
import { connectTcp, getAddressInfo } from "@arborio/net";
import { simulation } from "@arborio/testing";
import { expect, test } from "vitest";
import { fakeNet } from "./fake-net.ts";

/** What the backend is asked for, and what there is. */
async function resolved(host: string): Promise<{ asked: string[]; found: [string, string][] }> {
  const asked: string[] = [];
  const net = fakeNet({
    lookup: async (name) => {
      asked.push(name);
      return [{ address: "9.9.9.9", family: "ipv4" }];
    },
  });
  const backend = simulation({ backend: { name: "fake", net }, patience: 1 });
  const found = await run(() => getAddressInfo(host), { backend });
  return { asked, found: found.map(({ address, family }) => [address, family]) };
}

const names: [given: string, ascii: string][] = [
  ["example.org", "example.org"],
  ["EXAMPLE.org.", "example.org."],
  ["faß.de", "xn--fa-hia.de"],
  ["fass.de", "fass.de"],
  ["MÜNCHEN.de", "xn--mnchen-3ya.de"],
  ["例え。テスト", "xn--r8jz45g.xn--zckzah"],
  ["xn--fa-hia.de", "xn--fa-hia.de"],
  ["_dns.my_host", "_dns.my_host"],
  ["-a-", "-a-"],
  ["a".repeat(63), "a".repeat(63)],
  ["1.2.3.4.test", "1.2.3.4.test"],
];
test.each(names)("UTS 46, non-transitional: %s", async (given, ascii) => {
  expect((await resolved(given)).asked).toEqual([ascii]);
});

const addresses: [address: string, family: string][] = [
  ["0.0.0.0", "ipv4"],
  ["255.255.255.255", "ipv4"],
  ["::", "ipv6"],
  ["::1", "ipv6"],
  ["2001:DB8::1", "ipv6"],
  ["::ffff:1.2.3.4", "ipv6"],
  ["fe80::1%eth0", "ipv6"],
  ["fe80::1%2", "ipv6"],
];
test.each(addresses)("a numeric address is as it is: %s", async (address, family) => {
  expect(await resolved(address)).toEqual({ asked: [], found: [[address, family]] });
});

test("an address in a form of old is read as the C library reads it", async () => {
  expect((await resolved("127.1")).found).toEqual([["127.0.0.1", "ipv4"]]);
  expect((await resolved("010.0.0.1")).found).toEqual([["8.0.0.1", "ipv4"]]);
});

const bad = [
  "",
  ".",
  "a..b",
  ".a",
  `${"a".repeat(64)}.test`,
  "a.".repeat(127) + "test",
  "a b",
  " a",
  "a\tb",
  "a\n",
  "a\0",
  "a/b",
  "a\\b",
  "a?b",
  "a#b",
  "a@b",
  "a:80",
  "[::1]",
  "ex%61mple",
  "a／b",
  "256.0.0.1",
  "1.2.3.4.5",
  "::g",
  "1::2::3",
  ":::",
  "fe80::1%",
  "fe80::1%a/b",
  "1:2",
  "::1]/[",
];
test.each(bad)("what is neither a name nor an address is a TypeError: %j", (host) => {
  expect(() => connectTcp(host, 80)).toThrow(
    new TypeError(`Cannot connect: host must be a name or an address, received ${show(host)}`),
  );
});

test("what is no string is a TypeError", () => {
  expect(() => connectTcp("h", 80, { localHost: 5 as never })).toThrow(
    new TypeError("Cannot connect: localHost must be a name or an address, received 5"),
  );
});

test("a host of any length is refused by its length, before any pattern: each of these took seconds, or would", () => {
  const long = [
    "1".repeat(80_000) + ".x",
    "1:".repeat(500_000),
    "a".repeat(1 << 20),
    "\u00ad".repeat(1 << 20),
  ];
  for (const host of long) {
    expect(() => connectTcp(host, 80)).toThrow(/^Cannot connect: host must be .{1,200}…/);
    expect(() => getAddressInfo(host)).toThrow(TypeError);
    expect(() => connectTcp("h", 80, { localHost: host })).toThrow(TypeError);
  }
});

test("253 characters are a host name, with the dot of the root too, and no more are", async () => {
  const longest = `${"a.".repeat(126)}b`;
  expect(longest).toHaveLength(253);
  expect((await resolved(longest)).asked).toEqual([longest]);
  expect((await resolved(`${longest}.`)).asked).toEqual([`${longest}.`]);
  expect(() => connectTcp(`${longest}c`, 80)).toThrow(TypeError);
  // By the characters that are given: soft hyphens are left out only by the conversion.
  expect(() => connectTcp(`${"\u00ad".repeat(254)}a.test`, 80)).toThrow(TypeError);
});

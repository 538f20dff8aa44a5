import { suite } from "@arborio/conformance";
import { test } from "vitest";
import { denoBackend } from "../src/deno/index.ts";

if ("Deno" in globalThis) suite({ test, backend: denoBackend });
else test.skip("deno: the whole suite, for this runtime is not Deno");

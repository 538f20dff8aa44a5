import { denoBackend } from "@arborio/backend-alt/deno";
import { suite } from "@arborio/conformance";
import { test } from "vitest";

if ("Deno" in globalThis) suite({ test, backend: denoBackend });
else test.skip("deno: the whole suite, for this runtime is not Deno");

/**
 * What every backend must do, as a suite for any test runner.
 *
 * ```ts no-run
 * import { suite } from "@arborio/conformance";
 * import { nodeBackend } from "@arborio/backend-node";
 * import { test } from "vitest";
 *
 * suite({ test, backend: nodeBackend });
 * ```
 *
 * @module
 */
export { suite, type SuiteOptions } from "./suite.ts";
export { certificates, type Certificates } from "./certificates.ts";

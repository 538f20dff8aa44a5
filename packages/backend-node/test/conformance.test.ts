import { nodeBackend } from "@arborio/backend-node";
import { suite } from "@arborio/conformance";
import { test } from "vitest";

suite({ test, backend: nodeBackend });

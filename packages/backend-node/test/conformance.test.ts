import { suite } from "@arborio/conformance";
import { test } from "vitest";
import { nodeBackend } from "../src/index.ts";

suite({ test, backend: nodeBackend });

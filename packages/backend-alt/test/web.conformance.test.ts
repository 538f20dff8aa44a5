import { suite } from "@arborio/conformance";
import { test } from "vitest";
import { webBackend } from "../src/web/index.ts";

suite({ test, backend: webBackend });

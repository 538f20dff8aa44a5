import { webBackend } from "@arborio/backend-alt/web";
import { suite } from "@arborio/conformance";
import { test } from "vitest";

suite({ test, backend: webBackend });

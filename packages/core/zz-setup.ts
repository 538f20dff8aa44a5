import { appendFileSync } from "node:fs";
import { startDebug } from "@arborio/core/debug";
import { expect } from "vitest";
startDebug({ report: ({ kind, message }) => appendFileSync("/tmp/eyes/alarms.txt", `## ${kind} [${expect.getState().testPath} > ${expect.getState().currentTestName}]\n${message}\n`) });

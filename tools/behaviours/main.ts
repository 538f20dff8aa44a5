// Writes docs/behaviours.md: `pnpm behaviours`, when a verdict or a test's title changed.
import { behaviourFaults, writeBehaviours } from "./index.ts";

writeBehaviours();
const faults = behaviourFaults();
if (faults.length > 0) throw new Error(`Cannot vouch for all behaviours:\n${faults.join("\n")}`);

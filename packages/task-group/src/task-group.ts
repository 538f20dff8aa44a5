import { TaskCancelled, isCancelled, type WaitOptions } from "@arborio/core";
import {
  callIn,
  cancelScope,
  checkSignal,
  concludeAbsorbed,
  currentScope,
  handled,
  openScope,
  scopeSignal,
  taskName,
  tie,
} from "@arborio/core/lowlevel";
import type { CancelScope } from "@arborio/cancellation";

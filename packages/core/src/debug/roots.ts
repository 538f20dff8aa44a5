import { cell } from "../cell.ts";
import { infoOf, type TaskInfo } from "../task/info.ts";

/** The tasks at the top of all trees of the process: of each run that is under way; in debug mode also of groups outside any run. */
export function rootTasks(): TaskInfo[] {
  return [...cell().roots].map(infoOf);
}

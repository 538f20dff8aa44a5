export { program } from "../checkpoint/bare-await.ts";

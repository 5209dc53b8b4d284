export { whoami as verb } from "./whoami.ts";
